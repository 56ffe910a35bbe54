#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"
#include "core/documents.hpp"
#include "core/result.hpp"
#include "gate/document_gate.hpp"
#include "store/journal.hpp"
#include "trust/floors.hpp"
#include "trust/roles.hpp"

namespace portcullis::gate {

/// Whether a gate has what it needs to believe anything.
enum class Provision : std::uint8_t {
    unprovisioned,  ///< nobody has said whom to believe: `portcullis trust init`
    root_missing,   ///< the floors know which root it is, and the root itself is not here
    provisioned
};
}  // namespace portcullis::gate
template <>
inline constexpr auto portcullis::enum_texts<portcullis::gate::Provision> =
    std::to_array<portcullis::EnumText<portcullis::gate::Provision>>({
        {portcullis::gate::Provision::unprovisioned, "unprovisioned"},
        {portcullis::gate::Provision::root_missing, "root_missing"},
        {portcullis::gate::Provision::provisioned, "provisioned"},
    });
namespace portcullis::gate {

/// A document that may take effect: what to make durable, all in one transaction.
struct TakenDocument {
    DocumentName name;
    DocumentHead head;
    std::int64_t previous = 0;  ///< version before it; 0 = none
    Hash256 payload_hash{};
    std::vector<std::string> signers;
    std::string payload;
    store::DocumentRow row;
};

/// Whom a gate believes, and what it must never take again. A value: a step makes a new one. Times are given.
class TrustState {
public:
    struct Audience {
        std::string terminal;
        std::string gate;
    };
    /// What the head of a payload of a kind says, from the kind's own strict reader.
    using HeadReader = std::function<Result<DocumentHead, codec::Refusal>(std::string_view payload)>;

    /// As a start finds it: documents that do not have the hash of the floors are older, or newer and never committed,
    /// and are left out.
    TrustState(Audience audience, trust::Floors floors, const std::vector<store::DocumentRow>& documents);

    [[nodiscard]] Provision provision() const;
    [[nodiscard]] const trust::Floors& floors() const { return floors_; }
    [[nodiscard]] const std::optional<RootDocument>& root() const { return root_; }
    [[nodiscard]] const std::optional<TimestampDocument>& timestamp() const { return timestamp_; }
    /// The time that documents are held against.
    [[nodiscard]] WallTime time(WallTime wall) const { return trust::time_of(floors_, wall); }
    /// No, or expired: what is newest is not known, and a ruleset is stale.
    [[nodiscard]] bool timestamp_holds(WallTime wall) const;
    [[nodiscard]] OrderTrust orders(WallTime wall) const;

    struct Step;
    /// The first root of a gate, at the word of whoever provisions it: signed by its own keys.
    [[nodiscard]] Result<Step, DocumentRefused> begin(std::string_view received, WallTime wall) const;
    /// The root behind the one that is here, or, when that is missing, exactly that one. `last`: of a chain of roots
    /// only the last need not be expired.
    [[nodiscard]] Result<Step, DocumentRefused> open_root(std::string_view received, bool last, WallTime wall) const;
    [[nodiscard]] Result<Step, DocumentRefused> open_timestamp(std::string_view received, WallTime wall) const;
    /// What is here of a kind whose documents replace each other.
    struct Holding {
        /// The newest that was taken: nothing is to be done when it comes again.
        bool newest = false;
        /// One acts that cannot be read any more: its very bytes are taken again, even when a newer one was taken.
        std::optional<DocumentMark> lost = std::nullopt;
    };
    /// Any other kind but orders: size, signatures of its role, form, audience, version, expiry.
    [[nodiscard]] Result<Step, DocumentRefused> open(std::string_view received, DocumentKind kind,
                                                     std::size_t most_bytes, const HeadReader& read,
                                                     const Holding& held, WallTime wall) const;
    /// The same for a kind whose documents stand beside each other: there is no version, and no floor rises.
    [[nodiscard]] Result<Step, DocumentRefused> open_unnumbered(std::string_view received, DocumentKind kind,
                                                                std::size_t most_bytes, const HeadReader& read,
                                                                WallTime wall) const;

private:
    struct Opened {
        SealedDocument sealed;
        std::vector<std::string> signers;
    };
    /// Signed, read, and for this gate.
    struct Addressed {
        Opened opened;
        DocumentHead head;
    };
    [[nodiscard]] Result<Addressed, DocumentRefused> unseal_and_read(std::string_view received, DocumentKind kind,
                                                                     std::size_t most_bytes, const HeadReader& read,
                                                                     WallTime wall) const;
    [[nodiscard]] Result<Opened, DocumentRefused> unseal(std::string_view received, DocumentKind kind,
                                                         std::size_t most_bytes, WallTime wall) const;
    [[nodiscard]] std::optional<codec::Refusal> audience_of(const DocumentHead& head) const;
    [[nodiscard]] std::optional<DocumentRefused> standing_refusal(std::string_view received, const DocumentName& name,
                                                                  const DocumentMark& mark, WallTime issued,
                                                                  bool held) const;
    [[nodiscard]] Step step(std::string_view received, const DocumentName& name, const DocumentHead& head,
                            Opened opened) const;
    void takes_root(const std::string& payload);
    [[nodiscard]] Result<Step, DocumentRefused> root_by_hash(std::string_view received,
                                                             const SealedDocument& sealed) const;

    Audience audience_;
    trust::Floors floors_;
    std::optional<RootDocument> root_;
    std::optional<trust::Roles> roles_;
    std::optional<TimestampDocument> timestamp_;
};

/// A document and the state once it is in force.
struct TrustState::Step {
    TakenDocument taken;
    std::shared_ptr<const TrustState> after;
};

}  // namespace portcullis::gate
