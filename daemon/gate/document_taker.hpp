#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "codec/refusal.hpp"
#include "core/documents.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "gate/journal_desk.hpp"
#include "gate/trust_state.hpp"

/// How a kind of document gets from the trust desk, which checks size, signatures, audience, version and expiry, to the
/// desk that acts on it.
namespace portcullis::gate {

/// A payload as its own strict reader understands it.
struct ReadDocument {
    /// `version` is of no matter where documents of the kind are not numbered.
    DocumentHead head;
    /// Called on the worker once version and expiry are good: what else is wrong with it, or nothing. May be empty.
    std::function<std::optional<codec::Refusal>()> trial = {};
    /// Called on the deciding thread: puts what makes it act into the transaction that stores the floors, its own
    /// events and rows included. What it returns runs when that is durable, and may be empty.
    std::function<std::function<void()>(TakenDocument taken, Submission& submission, Now now)> enact;
};

/// What one document is read with. Made on the deciding thread; `read` runs on the worker and must not look at a desk.
struct DocumentReading {
    TrustState::Holding held = {};
    std::function<Result<ReadDocument, codec::Refusal>(std::string_view payload)> read;
};

/// A kind of document beside root and timestamp, and who acts on it.
struct DocumentTaker {
    DocumentKind kind = DocumentKind::ruleset;
    std::size_t most_bytes = 0;  ///< of the envelope
    /// Each has a version above the one before it, and replaces it. Otherwise many stand beside each other, and that
    /// none acts twice is up to the desk.
    bool numbered = true;
    std::function<DocumentReading()> begin;
};

/// The bytes of an envelope around a payload of so many bytes, with room for its signatures.
[[nodiscard]] constexpr std::size_t envelope_bytes(std::size_t payload_bytes) {
    constexpr std::size_t around = std::size_t{16} * 1024;
    return payload_bytes / 3 * 4 + around;
}

}  // namespace portcullis::gate
