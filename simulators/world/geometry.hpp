#pragma once

namespace portcullis::world {

/// A stretch of the lane in metres; 0 is the stop line, positive is beyond it in the driving direction.
struct Stretch {
    double from = 0;
    double to = 0;

    [[nodiscard]] constexpr bool overlaps(Stretch other) const { return from < other.to && other.from < to; }
    [[nodiscard]] constexpr double length() const { return to - from; }
};

/// Where the things of a lane stand. Defaults: a usual terminal lane, arm 3 m beyond the stop line.
struct Geometry {
    Stretch arrival_loop{-4.0, -1.0};
    double arm = 3.0;
    Stretch arm_loop{2.0, 5.0};  ///< the daemon's copy and the board's own loop lie together
    double arm_beam = 3.2;       ///< sees any body, also the gap between tractor and axles
    Stretch exit_loop{8.0, 11.0};
    double load_beam_fore = -5.5;  ///< against a vehicle that stands at the stop line
    double load_beam_mid = -10.75;
    double load_beam_aft = -15.0;
    double plate_camera = -3.0;      ///< reads the front plate when the front passes here
    double container_camera = -0.5;  ///< reads box numbers when the front passes here
    Stretch bridge{-18.0, 1.0};      ///< a weighbridge: whoever stands at the line stands on it
    double radiation_beam = -20.0;   ///< of a radiation monitor: a usual vehicle has left it when it stands at the line
    double spawn = -45.0;
    double gone = 40.0;
};

}  // namespace portcullis::world
