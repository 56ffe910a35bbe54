#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/point.hpp"
#include "core/time.hpp"

namespace portcullis::drivers {

/// The newest read of every input point of all buses, written by the bus workers at the wire. Right before a down
/// request is written, its worker looks here whether the arm's sensors are clear now, also those on other buses.
/// Points are added before the first worker starts; after that every call is safe from any thread.
class InputImage {
public:
    class Cell;

    /// Adds a point whose value is worth nothing `stale_after` its read. Before any worker runs.
    Cell& add(const PointRef& point, std::chrono::milliseconds stale_after);

    /// Why these points do not prove the arm clear at `now`, or nothing when all do: known, read lately, and `off`
    /// in their last two reads.
    [[nodiscard]] std::optional<std::string> not_clear(const std::vector<PointRef>& points, Instant now) const;

private:
    std::deque<Cell> cells_;  // a deque, so that cells stay where they are
    std::map<PointRef, Cell*> by_point_;
};

/// One point's newest read.
class InputImage::Cell {
public:
    explicit Cell(std::chrono::milliseconds stale_after) : stale_after_(stale_after) {}

    /// A read at the wire. One writer a cell: the worker of the point's bus.
    void store(Signal signal, Instant at);

    struct Value {
        Signal signal = Signal::unknown;
        bool twice = false;  ///< the last two reads were equal
        Instant at;
    };
    /// The value now: `unknown` when it is stale or was never read.
    [[nodiscard]] Value load(Instant now) const;

private:
    static constexpr std::uint64_t never = 0;
    std::chrono::milliseconds stale_after_;
    // Time in ns << 3 | read twice << 2 | signal: one word, so that value and time are never of two reads.
    // 61 bits of nanoseconds since boot are 73 years.
    std::atomic<std::uint64_t> packed_{never};
};

}  // namespace portcullis::drivers
