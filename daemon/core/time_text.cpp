#include "core/time_text.hpp"

#include <algorithm>
#include <chrono>

namespace portcullis {
namespace {

constexpr std::string_view form = "0000-00-00T00:00:00.000Z";

void write_digits(std::string& text, std::size_t at, std::size_t count, std::int64_t number) {
    for (auto place = at + count; place > at; number /= 10) {
        text[--place] = static_cast<char>('0' + number % 10);
    }
}

std::int64_t read_digits(std::string_view text, std::size_t at, std::size_t count) {
    std::int64_t number = 0;
    for (const char digit : text.substr(at, count)) {
        number = number * 10 + (digit - '0');
    }
    return number;
}

bool has_form(std::string_view text) {
    return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char given, char wanted) {
        return wanted == '0' ? given >= '0' && given <= '9' : given == wanted;
    });
}

WallTime midnight(std::chrono::year_month_day date) {
    return WallTime{std::chrono::sys_days{date}.time_since_epoch()};
}

}  // namespace

std::string time_text(WallTime time) {
    using namespace std::chrono;
    const auto first = midnight(year{0} / January / 1);
    const auto last = midnight(year{10000} / January / 1) - milliseconds{1};
    const auto since_epoch = std::clamp(time, first, last).time_since_epoch();
    const auto day = floor<days>(since_epoch);
    const year_month_day date{sys_days{day}};
    const hh_mm_ss clock{since_epoch - day};
    std::string text{form};
    write_digits(text, 0, 4, static_cast<int>(date.year()));
    write_digits(text, 5, 2, static_cast<unsigned>(date.month()));
    write_digits(text, 8, 2, static_cast<unsigned>(date.day()));
    write_digits(text, 11, 2, clock.hours().count());
    write_digits(text, 14, 2, clock.minutes().count());
    write_digits(text, 17, 2, clock.seconds().count());
    write_digits(text, 20, 3, clock.subseconds().count());
    return text;
}

std::optional<WallTime> time_from_text(std::string_view text) {
    using namespace std::chrono;
    if (!has_form(text)) {
        return std::nullopt;
    }
    const year_month_day date{year{static_cast<int>(read_digits(text, 0, 4))},
                              month{static_cast<unsigned>(read_digits(text, 5, 2))},
                              day{static_cast<unsigned>(read_digits(text, 8, 2))}};
    const hours hour{read_digits(text, 11, 2)};
    const minutes minute{read_digits(text, 14, 2)};
    const seconds second{read_digits(text, 17, 2)};
    if (!date.ok() || hour >= hours{24} || minute >= minutes{60} || second >= seconds{60}) {
        return std::nullopt;
    }
    return midnight(date) + hour + minute + second + milliseconds{read_digits(text, 20, 3)};
}

}  // namespace portcullis
