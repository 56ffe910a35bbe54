#include "drivers/input_image.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::uint64_t signal_mask = 0b011U;
constexpr std::uint64_t twice_bit = 0b100U;
constexpr unsigned time_shift = 3U;

}  // namespace

InputImage::Cell& InputImage::add(const PointRef& point, std::chrono::milliseconds stale_after) {
    auto& cell = cells_.emplace_back(stale_after);
    by_point_[point] = &cell;
    return cell;
}

void InputImage::Cell::store(Signal signal, Instant at) {
    const auto before = packed_.load();
    const auto bits = static_cast<std::uint64_t>(signal);
    const auto last = Instant{Instant::duration{static_cast<Instant::rep>(before >> time_shift)}};
    const bool same = before != never && (before & signal_mask) == bits && at - last <= stale_after_;
    const auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
    packed_.store(time << time_shift | (same ? twice_bit : 0U) | bits);
}

InputImage::Cell::Value InputImage::Cell::load(Instant now) const {
    const auto packed = packed_.load();
    const auto at = Instant{Instant::duration{static_cast<Instant::rep>(packed >> time_shift)}};
    if (packed == never || now - at > stale_after_) {
        return {.signal = Signal::unknown, .twice = false, .at = at};
    }
    return {.signal = static_cast<Signal>(packed & signal_mask), .twice = (packed & twice_bit) != 0, .at = at};
}

std::optional<std::string> InputImage::not_clear(const std::vector<PointRef>& points, Instant now) const {
    for (const auto& point : points) {
        const auto name = point.device.text() + "." + point.point.text();
        const auto found = by_point_.find(point);
        if (found == by_point_.end()) {
            return name + " is not read by any device";
        }
        const auto value = found->second->load(now);
        switch (value.signal) {
            case Signal::on:
                return name + " is occupied";
            case Signal::unknown:
                return name + " is unknown or stale";
            case Signal::off:
                if (!value.twice) {
                    return name + " was read clear only once";
                }
                break;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::drivers
