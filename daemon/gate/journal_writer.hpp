#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "codec/canonical.hpp"
#include "codec/event_writer.hpp"
#include "core/event.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// Whose stream is written, and where it stands.
struct StreamPosition {
    std::string source;  ///< `/portcullis/{terminal}/{gate}`
    StreamId stream;
    BootId boot;
    std::int64_t last = 0;  ///< sequence of the newest event
    Hash256 hash{};         ///< and its h(n)
};

/// What a note may be: one that could not be read again would keep the gate from starting.
inline constexpr codec::JsonLimits note_limits{std::size_t{1} * 1024 * 1024, 32};

/// Numbers, salts and chains events, in the order in which they are handed in (design.md 6). Sequences of events that
/// others refer to by token are remembered for the newest 65,536 tokens: far more than open passages can hold.
class JournalWriter {
public:
    /// `writer` must outlive this.
    JournalWriter(const codec::EventWriter& writer, StreamPosition position, IdSource salts);

    /// Gives the event the next place. Throws std::logic_error for an event that docs/events does not know or that has
    /// no canonical form: a programming error, the process must not go on.
    [[nodiscard]] store::EventRow number(const Event& event);
    /// The body with sequences in place of tokens, as canonical JSON. Throws std::logic_error as above.
    [[nodiscard]] std::string note(const Value& body) const;

    [[nodiscard]] const StreamPosition& position() const { return position_; }

private:
    static constexpr std::size_t tokens_kept = 65536;

    [[nodiscard]] std::optional<std::int64_t> sequence_of(EventToken token) const;
    void remember(EventToken token);

    const codec::EventWriter& writer_;
    StreamPosition position_;
    IdSource salts_;
    std::unordered_map<std::uint64_t, std::int64_t> sequences_;
    std::deque<std::uint64_t> remembered_;
};

}  // namespace portcullis::gate
