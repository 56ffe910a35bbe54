#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/canonical.hpp"
#include "codec/event_catalogue.hpp"
#include "codec/refusal.hpp"
#include "core/event.hpp"
#include "core/hash256.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace portcullis::codec {

/// Random for each event; the key of the digests of its personal values.
using Salt = std::array<std::uint8_t, 16>;

/// HMAC-SHA256(key, message). Comes in as a function: only `trust` holds libsodium.
using KeyedHash = std::function<Hash256(std::span<const std::uint8_t> key, std::string_view message)>;

/// What the journal writer puts to an event when it takes its place in the stream.
struct EventStamp {
    std::string source;  ///< `/portcullis/{terminal}/{gate}`
    StreamId stream;
    std::int64_t sequence = 0;
    Hash256 previous{};        ///< h(n−1)
    std::optional<Salt> salt;  ///< nothing in an erased event, and only there
    BootId boot;
};

/// An event as it is stored and sent, and what the chain hashes of it (contracts.md 3).
struct WrittenEvent {
    std::string published;
    std::string record;
};

/// An event as it was read back.
struct StoredEvent {
    Event event;
    EventStamp stamp;
    std::string record;
};

/// Turns events into the bytes of contracts.md 3 and back. Same input, same bytes.
class EventWriter {
public:
    /// The catalogue must outlive the writer.
    EventWriter(const EventCatalogue& catalogue, KeyedHash keyed_hash)
        : catalogue_(catalogue), keyed_hash_(std::move(keyed_hash)) {}

    /// Refuses an event of an unknown type, one without a canonical form or without a salt, and a personal value that
    /// looks like a digest: it could stand for another value after an erasure.
    [[nodiscard]] Result<WrittenEvent, Refusal> write(const Event& event, const EventStamp& stamp,
                                                      const SequenceOf& sequence_of = {}) const;

    /// Reads stored bytes; refuses all that this writer would not have written, or made by an erasure, to the byte. An
    /// erased event has no salt, and a digest in each personal place.
    [[nodiscard]] Result<StoredEvent, Refusal> read(std::string_view published) const;

    /// The erased form of a published event: without its salt, and each personal value replaced by its digest. The
    /// record, and with it the chain, stays as it was. What is erased already stays as it is.
    [[nodiscard]] Result<std::string, Refusal> erase(std::string_view published) const;

private:
    struct Parts;
    [[nodiscard]] Result<Parts, Refusal> compose(const Event& event, const EventStamp& stamp,
                                                 const SequenceOf& sequence_of) const;
    [[nodiscard]] Result<StoredEvent, Refusal> read_stamped(std::string_view published) const;

    const EventCatalogue& catalogue_;
    KeyedHash keyed_hash_;
};

}  // namespace portcullis::codec
