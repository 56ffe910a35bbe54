#include "drivers/device_clock.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace portcullis::drivers {

namespace {

constexpr std::string_view letters = "YMDhms";
constexpr std::array<std::size_t, letters.size()> widths{4, 2, 2, 2, 2, 2};

int digit_of(char letter) {
    return letter >= '0' && letter <= '9' ? letter - '0' : -1;
}

/// Each letter as often as it has digits, and none left out.
bool is_format(std::string_view format) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (static_cast<std::size_t>(std::count(format.begin(), format.end(), letters[i])) != widths[i]) {
            return false;
        }
    }
    return true;
}

std::optional<std::chrono::minutes> offset_of(std::string_view text) {
    constexpr int most_hours = 14;
    const bool formed = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    if (!formed) {
        return std::nullopt;
    }
    const std::array<int, 4> digits{digit_of(text[1]), digit_of(text[2]), digit_of(text[4]), digit_of(text[5])};
    if (std::any_of(digits.begin(), digits.end(), [](int digit) { return digit < 0; })) {
        return std::nullopt;
    }
    const std::chrono::hours hours{digits[0] * 10 + digits[1]};
    const std::chrono::minutes minutes{digits[2] * 10 + digits[3]};
    if (hours.count() > most_hours || minutes >= std::chrono::hours{1}) {
        return std::nullopt;
    }
    return text[0] == '-' ? -(hours + minutes) : hours + minutes;
}

}  // namespace

std::optional<WallTime> DeviceClock::time_of(std::string_view text) const {
    constexpr int last_hour = 23;
    constexpr int last_minute = 59;
    if (text.size() != format.size()) {
        return std::nullopt;
    }
    std::array<int, letters.size()> parts{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto part = letters.find(format[i]);
        const int digit = digit_of(text[i]);
        if (part == std::string_view::npos ? text[i] != format[i] : digit < 0) {
            return std::nullopt;
        }
        if (part != std::string_view::npos) {
            parts.at(part) = parts.at(part) * 10 + digit;
        }
    }
    const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                           std::chrono::month{static_cast<unsigned>(parts[1])},
                                           std::chrono::day{static_cast<unsigned>(parts[2])}};
    if (!date.ok() || parts[3] > last_hour || parts[4] > last_minute || parts[5] > last_minute) {
        return std::nullopt;
    }
    const auto local = std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{parts[3]} +
                       std::chrono::minutes{parts[4]} + std::chrono::seconds{parts[5]};
    return WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(local - offset)};
}

std::string DeviceClock::offset_text() const {
    constexpr int hour = 60;
    const auto minutes = std::abs(static_cast<int>(offset.count()));
    const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    return std::string{"\""} + (offset.count() < 0 ? "-" : "+") + two(minutes / hour) + ":" + two(minutes % hour) +
           "\"";
}

std::optional<DeviceClock> read_device_clock(const ConfigNode& profile, const ConfigNode& options,
                                             ConfigProblems& problems) {
    const auto* format = profile.find("clock");
    const auto* offset = options.find("clock_offset");
    if (format == nullptr) {
        if (offset != nullptr) {
            offset->report(problems, "its profile does not say how the device writes its time");
        }
        return std::nullopt;
    }
    DeviceClock clock{.format = format->text(problems), .offset = {}};
    if (!is_format(clock.format)) {
        format->report(problems, "no form of a date with its time", "write it like YYYY-MM-DD hh:mm:ss");
    }
    if (offset == nullptr) {
        return std::nullopt;
    }
    const auto minutes = offset_of(offset->text(problems));
    if (!minutes) {
        offset->report(problems, "no offset from UTC", "write it like \"+08:00\"");
    }
    clock.offset = minutes.value_or(std::chrono::minutes{});
    return clock;
}

}  // namespace portcullis::drivers
