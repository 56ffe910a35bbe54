#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/ids.hpp"
#include "core/measures.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// A box on its way to an inspection zone (监管区), or in it.
struct ZoneTrip {
    ContainerNumber container;
    std::string zone;
    PassageId passage;  ///< that led it there
    WallTime directed = {};
    /// How long it has been on its way by the steady clock, and from when that clock counts on: after a restart that
    /// clock is another one, and the time without power counts by the wall clock, never less than nothing.
    std::chrono::milliseconds travelled{};
    Instant counted_from = {};
    std::chrono::seconds limit{};
    bool watched = true;  ///< this gate would see it arrive: where nobody does, it is never overdue
    bool overdue_told = false;
    std::optional<WallTime> arrived = {};
    ZoneResultState result = ZoneResultState::none;  ///< since it arrived
    std::string result_id = "none";

    [[nodiscard]] std::chrono::milliseconds on_its_way(Instant now) const;
};

/// What became of a trip: the gate makes `zone.…` events of it.
struct ZoneNews {
    enum class What : std::uint8_t { directed, arrived, overdue, left };
    What what = What::directed;
    ZoneTrip trip;
};

/// Which boxes are on their way to a zone or in one. Pure: no clock, no store; bounded, the oldest goes first.
class ZoneTrips {
public:
    static constexpr std::size_t most_trips = 4096;

    /// A vehicle that is to be inspected left its lane. One that was sent before is sent anew.
    [[nodiscard]] ZoneNews directed(ZoneTrip trip, Now now);
    /// The trip that makes room when one more box is sent; nothing while there is room.
    [[nodiscard]] const ZoneTrip* next_forgotten(const ContainerNumber& container) const;
    /// Where the box was sent, if it has not left since.
    [[nodiscard]] const ZoneTrip* of(const ContainerNumber& container) const;
    /// The box was seen at the zone; nothing when it was not sent there (another zone's reader saw it).
    [[nodiscard]] std::optional<ZoneNews> arrived(const ContainerNumber& container, std::string_view zone, Now now);
    /// An inspection concluded. Remembered for who leaves.
    void concluded(const ContainerNumber& container, std::string_view zone, ZoneResultState result, std::string id);
    /// The box was seen to leave the zone. One that was never seen to arrive leaves all the same.
    [[nodiscard]] std::optional<ZoneNews> left(const ContainerNumber& container, std::string_view zone, Now now);
    /// Those that did not come in time, each once.
    [[nodiscard]] std::vector<ZoneNews> overdue(Now now);
    /// When the next one will be late.
    [[nodiscard]] std::optional<Instant> deadline() const;

    [[nodiscard]] const std::vector<ZoneTrip>& trips() const { return trips_; }
    /// As it survives a restart, in the gate's notes; the same container again replaces it.
    [[nodiscard]] static Object note_of(const ZoneTrip& trip, Now now);
    /// Takes a note back; false when it cannot be read.
    [[nodiscard]] bool recall(const Value& note, Now now);

private:
    std::vector<ZoneTrip>::iterator find(const ContainerNumber& container, std::string_view zone);

    std::vector<ZoneTrip> trips_;  ///< in the order in which they were sent
};

}  // namespace portcullis::gate
