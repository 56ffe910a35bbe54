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
