#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulators/world/geometry.hpp"

namespace portcullis::world {

/// A box on a vehicle: what it says on its sides and where it stands, in metres behind the vehicle's front.
struct Box {
    std::string number;  ///< as painted; may be unreadable or wrong
    Stretch place;
    bool empty = false;
};

/// What a driver means to do.
enum class Intent : std::uint8_t {
    obey,         ///< stop at the line, go on green or on an open arm
    run_through,  ///< follow the vehicle ahead under the arm without stopping (tailgating)
    wrong_way,    ///< come from the far end
};

/// A change of mind at a place or a time, taken once.
struct Manoeuvre {
    enum class Do : std::uint8_t { stop, reverse_out, go_on };
    double at_front = 0;  ///< metres; taken when the front has come that far
    Do what = Do::stop;
    double seconds = 0;  ///< of a stop
    bool taken = false;
};

/// One vehicle: where it is, how fast, and what it carries. `front` is the end that leads when it drives forward.
struct Vehicle {
    int id = 0;
    double front = 0;
    double length = 16.0;
    double speed = 0;     ///< m/s now, negative when reversing
    double cruise = 2.5;  ///< m/s
    double gap_to_next = 2.0;
    double mass_kg = 15'000;  ///< with all that it carries, spread evenly over its length
    std::string plate;
    std::string trailer_plate;
    std::vector<Box> boxes;
    /// A stretch behind the front under which loops see nothing: between tractor and trailer axles.
    std::optional<Stretch> loop_gap;
    Intent intent = Intent::obey;
    std::vector<Manoeuvre> manoeuvres;
    double stand_seconds = 0;  ///< still to stand
    bool reversing = false;
    bool past_line = false;
    bool passed_arm = false;  ///< ground truth: its whole body has been beyond the arm
    bool struck = false;      ///< ground truth: the arm came down on it

    [[nodiscard]] Stretch body() const {
        return intent == Intent::wrong_way ? Stretch{front, front + length} : Stretch{front - length, front};
    }
    /// Whether a loop over `stretch` sees metal.
    [[nodiscard]] bool over_loop(Stretch stretch) const {
        return body().overlaps(stretch) &&
               (!loop_gap || intent == Intent::wrong_way || outside_loop_gap(*loop_gap, stretch));
    }
    /// Whether a beam at `place` is broken by the vehicle.
    [[nodiscard]] bool breaks_beam(double place) const {
        const auto span = body();
        return span.from <= place && place <= span.to;
    }
    /// Whether a load beam at `place` is broken by the box.
    [[nodiscard]] bool box_at(const Box& box, double place) const {
        return front - box.place.to <= place && place <= front - box.place.from;
    }
    /// At least one, and nothing in any of them.
    [[nodiscard]] bool carries_only_empties() const;

private:
    [[nodiscard]] bool outside_loop_gap(Stretch gap, Stretch stretch) const;
};

/// Boxes as they stand on a 16 m semi-trailer.
[[nodiscard]] Box box_40(std::string number, bool empty = false);
[[nodiscard]] Box box_20_fore(std::string number, bool empty = false);
[[nodiscard]] Box box_20_mid(std::string number, bool empty = false);
[[nodiscard]] Box box_20_aft(std::string number, bool empty = false);

}  // namespace portcullis::world
