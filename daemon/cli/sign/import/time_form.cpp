#include "cli/sign/import/time_form.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace portcullis::sign {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view letters = "YymdHMSf%";

/// A time as its parts are written.
struct Parts {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
    bool has_hour = false;
};

/// Takes a number of 1 to `most` digits off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t most) {
    int number = 0;
    const auto field = text.substr(0, most);
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || field.front() == '-') {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - field.data()));
    return number;
}

/// Takes a fraction's digits; milliseconds, what is finer is cut off.
std::optional<int> take_fraction(std::string_view& text) {
    int milliseconds = 0;
    std::size_t digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        milliseconds = digits < 3 ? milliseconds * 10 + (text.front() - '0') : milliseconds;
        ++digits;
    }
    for (auto i = digits; i < 3; ++i) {
        milliseconds *= 10;
    }
    return digits == 0 ? std::nullopt : std::optional{milliseconds};
}

bool take_letter(char letter, std::string_view& text, Parts& parts) {
    if (letter == '%') {
        const bool fits = text.starts_with('%');
        text.remove_prefix(fits ? 1 : 0);
        return fits;
    }
    if (text.empty()) {
        return false;
    }
    const auto before = text.size();
    const auto number = letter == 'f' ? take_fraction(text) : take_number(text, letter == 'Y' ? 4 : 2);
    const auto value = number.value_or(0);
    if (letter == 'Y' && before - text.size() != 4) {
        return false;
    }
    switch (letter) {
        case 'Y':
            parts.year = value;
            break;
        case 'y':  // as POSIX reads it
            parts.year = value + (value < 69 ? 2000 : 1900);
            break;
        case 'm':
            parts.month = value;
            break;
        case 'd':
            parts.day = value;
            break;
        case 'H':
            parts.hour = value;
            parts.has_hour = true;
            break;
        case 'M':
            parts.minute = value;
            break;
        case 'S':
            parts.second = value;
            break;
        default:
            parts.millisecond = value;
            break;
    }
    return number.has_value();
}

std::optional<Parts> match(std::string_view form, std::string_view text) {
    Parts parts;
    while (!form.empty()) {
        if (form.front() == '%' && form.size() > 1) {
            if (!take_letter(form[1], text, parts)) {
                return std::nullopt;
            }
            form.remove_prefix(2);
        } else if (text.starts_with(form.front())) {
            form.remove_prefix(1);
            text.remove_prefix(1);
        } else {
            return std::nullopt;
        }
    }
    return text.empty() ? std::optional{parts} : std::nullopt;
}

/// The local time of these parts; nothing when there is no such day or time of day.
std::optional<std::chrono::milliseconds> local_time(const Parts& parts, bool end_of_day) {
    const std::chrono::year_month_day date{std::chrono::year{parts.year},
                                           std::chrono::month{static_cast<unsigned>(parts.month)},
                                           std::chrono::day{static_cast<unsigned>(parts.day)}};
    if (!date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 59) {
        return std::nullopt;
    }
    const auto day = std::chrono::sys_days{date}.time_since_epoch();
    if (!parts.has_hour && end_of_day) {
        return day + 24h - 1ms;
    }
    return day + std::chrono::hours{parts.hour} + std::chrono::minutes{parts.minute} +
           std::chrono::seconds{parts.second} + std::chrono::milliseconds{parts.millisecond};
}

/// `2026-11-23T08:00:00+08:00`, also with a fraction, a blank for the T, or Z.
std::optional<WallTime> read_rfc3339(std::string_view text) {
    const bool utc = text.ends_with('Z');
    const std::size_t tail = utc ? 1 : 6;
    if (text.size() < 19 + tail) {
        return std::nullopt;
    }
    const auto zone = TimeZone::open(std::string{text.substr(text.size() - tail)});
    const auto clock = text.substr(0, text.size() - tail);
    for (const auto* const form : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"}) {
        const auto parts = match(form, clock);
        const auto local = parts ? local_time(*parts, false) : std::nullopt;
        if (local && zone) {
            const auto seconds = std::chrono::floor<std::chrono::seconds>(*local);
            return zone->to_utc(seconds).value() + (*local - seconds);
        }
    }
    return std::nullopt;
}

}  // namespace

std::string TimeForms::defect(std::string_view form) {
    if (form == "rfc3339") {
        return {};
    }
    bool has_day = false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        if (form[i] != '%') {
            continue;
        }
        if (i + 1 == form.size() || letters.find(form[i + 1]) == std::string_view::npos) {
            return "`%` is followed by none of Y y m d H M S f %";
        }
        has_day = has_day || form[i + 1] == 'd';
        ++i;
    }
    return has_day ? std::string{} : "has no day (%d)";
}

Result<WallTime, std::string> TimeForms::read(std::string_view text, bool end_of_day) const {
    for (const auto& form : forms_) {
        if (form == "rfc3339") {
            if (const auto time = read_rfc3339(text)) {
                return *time;
            }
            continue;
        }
        const auto parts = match(form, text);
        if (!parts) {
            continue;
        }
        const auto local = local_time(*parts, end_of_day);
        if (!local) {
            return Failure{std::string{"is no day or time of day that there is"}};
        }
        const auto seconds = std::chrono::floor<std::chrono::seconds>(*local);
        auto utc = zone_.to_utc(seconds);
        if (!utc) {
            return utc;
        }
        return *utc + (*local - seconds);
    }
    std::string known;
    for (const auto& form : forms_) {
        known += (known.empty() ? "" : ", ") + form;
    }
    return Failure{"is not written as " + known};
}

}  // namespace portcullis::sign
