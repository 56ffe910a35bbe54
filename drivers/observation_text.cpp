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
    auto line = reading.raw.empty() ? "unread" : "reading " + reading.raw;
    line += reading.confidence ? " confidence " + std::to_string(*reading.confidence) : "";
    line += reading.device_time.empty() ? "" : " time " + reading.device_time;
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
