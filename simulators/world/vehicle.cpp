#include "simulators/world/vehicle.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::world {

bool Vehicle::over_loop(Stretch stretch) const {
    if (!body().overlaps(stretch)) {
        return false;
    }
    if (!loop_gap || intent == Intent::wrong_way) {
        return true;
    }
    const Stretch tractor{front - loop_gap->from, front};
    const Stretch axles{front - length, front - loop_gap->to};
    return tractor.overlaps(stretch) || axles.overlaps(stretch);
}

bool Vehicle::breaks_beam(double place) const {
    const auto span = body();
    return span.from <= place && place <= span.to;
}

bool Vehicle::box_at(double place) const {
    return std::any_of(boxes.begin(), boxes.end(), [&](const Box& box) {
        const double from = front - box.place.to;
        const double to = front - box.place.from;
        return from <= place && place <= to;
    });
}

Box box_40(std::string number, bool empty) {
    return {std::move(number), {4.0, 15.9}, empty};
}
Box box_20_fore(std::string number, bool empty) {
    return {std::move(number), {4.0, 10.0}, empty};
}
Box box_20_mid(std::string number, bool empty) {
    return {std::move(number), {7.0, 13.0}, empty};
}
Box box_20_aft(std::string number, bool empty) {
    return {std::move(number), {11.5, 15.9}, empty};
}

}  // namespace portcullis::world
