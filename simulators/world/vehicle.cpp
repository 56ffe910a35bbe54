#include "simulators/world/vehicle.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::world {

bool Vehicle::outside_loop_gap(Stretch gap, Stretch stretch) const {
    const Stretch tractor{front - gap.from, front};
    const Stretch axles{front - length, front - gap.to};
    return tractor.overlaps(stretch) || axles.overlaps(stretch);
}

bool Vehicle::carries_only_empties() const {
    return !boxes.empty() && std::all_of(boxes.begin(), boxes.end(), [](const Box& box) { return box.empty; });
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
