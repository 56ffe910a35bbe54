#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "simulators/central/chain_check.hpp"

namespace portcullis::central {

/// What central knows of the stream that it consumes.
struct CentralReport {
    std::string stream;                   ///< the newest that it saw
    std::int64_t last = 0;                ///< everything up to here is stored
    std::int64_t acknowledged = 0;        ///< the newest `ack` that was sent
    std::int64_t events = 0;              ///< stored, of all streams
    std::int64_t gaps = 0;                ///< sequences that are known to exist and are not stored
    std::int64_t holes = 0;               ///< times that an event came too early
    std::int64_t duplicates_ignored = 0;  ///< events that were stored already
    std::int64_t reordered = 0;           ///< first deliveries that came after a later event of their connection
    std::int64_t replays_asked = 0;
    bool chain_ok = true;     ///< every hash recomputed, no event with two contents
    std::string first_error;  ///< the first thing that was wrong, with its sequence
    bool gate_online = false;
    bool connected = false;  ///< to its broker, as far as it knows
};

/// The consumer rule of design.md 7, pure: takes `last + 1`, ignores what is older, asks a replay where there is a
/// hole, acknowledges every 100 events or second, on every birth, and on every event that it already has.
class Consumer {
public:
    static constexpr std::int64_t ack_every = 100;
    static constexpr std::chrono::seconds ack_within{1};
    /// Events that are known are acknowledged together: a replay of a thousand of them needs no thousand acks.
    static constexpr std::chrono::milliseconds known_within{100};
    static constexpr std::chrono::seconds replay_pause{5};

    explicit Consumer(const EventSchemas& schemas) : schemas_(&schemas) {}

    enum class Taken : std::uint8_t { stored, known, too_early, broken };
    /// An event as it came.
    Taken event(const std::string& bytes, bool redelivery, Instant now);
    /// A message on `status`.
    void status(const std::string& payload, Instant now);
    /// The broker is there again; without the old session it may have dropped what was on its way.
    void connected(bool session_kept, Instant now);

    /// Payloads to publish now, if any.
    struct Say {
        std::optional<std::string> ack;
        std::optional<std::string> replay;
    };
    [[nodiscard]] Say due(Instant now);
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] CentralReport report() const;
    /// The stored events of the newest stream, from a sequence on, as they came.
    [[nodiscard]] std::vector<std::string> events(std::int64_t from) const;

private:
    struct Stream {
        std::vector<std::string> events;
        std::int64_t known_last = 0;   ///< the newest that is known to exist
        std::int64_t newest_seen = 0;  ///< in this connection of the gate
        ChainCheck chain;
        [[nodiscard]] std::int64_t last() const { return static_cast<std::int64_t>(events.size()); }
    };
    Stream& stream_named(const std::string& name);
    void store(Stream& stream, const std::string& bytes, const boost::json::value& event, bool redelivery);
    [[nodiscard]] bool is_erased_form(const std::string& stored, const boost::json::value& came) const;
    void wrong(std::int64_t sequence, const std::string& what);
    void ack_at(Instant at);
    void ask_at(Instant at);

    const EventSchemas* schemas_;
    std::map<std::string, Stream> streams_;
    std::string newest_;
    std::int64_t newest_connection_ = 0;
    std::int64_t unacknowledged_ = 0;
    std::optional<Instant> ack_at_;
    std::optional<Instant> ask_at_;
    std::optional<Instant> asked_at_;
    CentralReport counts_;
};

}  // namespace portcullis::central
