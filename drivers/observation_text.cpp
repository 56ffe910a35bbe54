#include "drivers/observation_text.hpp"

#include <variant>

namespace portcullis::drivers {

namespace {

std::optional<std::string> words(const Observation& seen, const InputSeen& input) {
    if (input.equal_reads > 1) {
        return std::nullopt;
    }
    return seen.point.text() + " " + std::string{text_of(input.signal)};
}

std::optional<std::string> words(const Observation& /*seen*/, const Reading& reading) {
    const std::string what = reading.kind == ReadingKind::size_type ? "size_type " : "reading ";
    auto line = reading.raw.empty() ? "unread" : what + reading.raw;
    line += reading.confidence ? " confidence " + std::to_string(*reading.confidence) : "";
    line += reading.device_time.empty() ? "" : " time " + reading.device_time;
    line += reading.face == Face::not_applicable ? "" : " face " + std::string{text_of(reading.face)};
    if (reading.seal) {
        line += " seal " + std::string{text_of(reading.seal->state)};
        line += reading.seal->battery_permille ? " battery " + std::to_string(*reading.seal->battery_permille) : "";
    }
    return line;
}

std::optional<std::string> words(const Observation& /*seen*/, const HealthChanged& health) {
    return std::string{text_of(health.state)};
}

std::optional<std::string> words(const Observation& /*seen*/, const BadFrames& frames) {
    return "bad " + frames.kind;
}

std::optional<std::string> words(const Observation& /*seen*/, const WeightSeen& weight) {
    const auto kg = weight.gross_kg ? " " + std::to_string(*weight.gross_kg) + " kg" : "";
    return "weight " + std::string{text_of(weight.state)} + kg;
}

std::optional<std::string> words(const Observation& /*seen*/, const LoadSeen& load) {
    const bool placed = load.position != LoadPosition::not_applicable;
    return "load " + std::string{text_of(load.load)} + (placed ? " " + std::string{text_of(load.position)} : "");
}

std::optional<std::string> words(const Observation& /*seen*/, const Picture& picture) {
    return picture.missing.empty() ? "picture " + picture.kind + " " + std::to_string(picture.size) + " bytes"
                                   : "no picture " + picture.missing;
}

struct RadiationWords {
    std::string operator()(const RadiationWatch& watch) const {
        return watch.monitored ? "monitored" : "not_monitored " + watch.cause;
    }
    std::string operator()(const OccupancyBegan& /*began*/) const { return "occupied"; }
    std::string operator()(const RadiationAlarm& alarm) const {
        return std::string{"alarm"} + (alarm.gamma ? " gamma" : "") + (alarm.neutron ? " neutron" : "");
    }
    std::string operator()(const OccupancyEnded& ended) const {
        std::string line = "occupancy " + std::string{text_of(ended.state)};
        const auto add = [&line](const char* what, const std::optional<std::int64_t>& value) {
            line += value ? " " + std::string{what} + " " + std::to_string(*value) : "";
        };
        add("gamma", ended.gamma_max_cps);
        add("background", ended.background_cps);
        add("neutrons", ended.neutron_count);
        add("speed", ended.speed_mm_s);
        return line + (ended.cause.empty() ? "" : " " + ended.cause);
    }
};

std::optional<std::string> words(const Observation& /*seen*/, const RadiationSeen& radiation) {
    return std::visit(RadiationWords{}, radiation.what);
}

std::optional<std::string> words(const Observation& /*seen*/, const DeviceIdentity& identity) {
    std::string line = "identity";
    line += identity.model.empty() ? "" : " " + identity.model;
    line += identity.firmware.empty() ? "" : " firmware " + identity.firmware;
    line += identity.serial.empty() ? "" : " serial " + identity.serial;
    return line;
}

/// What no recording tells of.
template <class Other>
std::optional<std::string> words(const Observation& /*seen*/, const Other& /*other*/) {
    return std::nullopt;
}

}  // namespace

std::optional<std::string> words_of(const Observation& seen) {
    return std::visit([&seen](const auto& what) { return words(seen, what); }, seen.what);
}

}  // namespace portcullis::drivers
