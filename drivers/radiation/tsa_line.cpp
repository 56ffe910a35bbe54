#include "drivers/radiation/tsa_line.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace portcullis::drivers {

namespace {

constexpr std::size_t fields_of_a_line = 5;
constexpr std::size_t fewest_digits = 4;
constexpr std::size_t most_digits = 6;

struct TagRow {
    std::string_view word;
    TsaTag tag;
};
constexpr std::array tags{
    TagRow{"GB", TsaTag::gamma_background},
    TagRow{"NB", TsaTag::neutron_background},
    TagRow{"GH", TsaTag::gamma_high},
    TagRow{"GL", TsaTag::gamma_low},
    TagRow{"NH", TsaTag::neutron_high},
    TagRow{"NL", TsaTag::neutron_low},
    TagRow{"GS", TsaTag::gamma_sample},
    TagRow{"NS", TsaTag::neutron_sample},
    TagRow{"GA", TsaTag::gamma_alarm},
    TagRow{"NA", TsaTag::neutron_alarm},
    TagRow{"SP", TsaTag::speed},
    TagRow{"GX", TsaTag::end_of_occupancy},
    TagRow{"TT", TsaTag::tamper},
    TagRow{"TC", TsaTag::tamper_cleared},
    TagRow{"SG1", TsaTag::setup},
    TagRow{"SG2", TsaTag::setup},
    TagRow{"SG3", TsaTag::setup},
    TagRow{"SN1", TsaTag::setup},
    TagRow{"SN2", TsaTag::setup},
};

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> fields;
    for (std::size_t at = 0; at <= line.size() && fields.size() <= fields_of_a_line;) {
        const auto comma = std::min(line.find(',', at), line.size());
        fields.push_back(line.substr(at, comma - at));
        at = comma + 1;
    }
    return fields;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::int64_t> whole_number(std::string_view field) {
    if (field.size() < fewest_digits || field.size() > most_digits || !all_digits(field)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    std::from_chars(field.data(), field.data() + field.size(), number);
    return number;
}

/// `004.88` as thousandths.
std::optional<std::int64_t> thousandths(std::string_view field) {
    constexpr std::size_t places = 3;
    constexpr std::size_t most_whole = 4;
    const auto dot = field.find('.');
    if (dot == std::string_view::npos) {
        return std::nullopt;
    }
    const auto whole = field.substr(0, dot);
    const auto part = field.substr(dot + 1);
    if (!all_digits(whole) || !all_digits(part) || whole.size() > most_whole || part.size() > places + 1) {
        return std::nullopt;
    }
    auto digits = std::string{whole} + std::string{part.substr(0, places)};
    digits.append(places - std::min(places, part.size()), '0');
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

/// Seconds a foot, miles an hour, kilometres an hour, and zeros. Two of them say the same, or the line is damaged.
Result<TsaLine, std::string_view> read_speed(const std::vector<std::string_view>& fields) {
    constexpr std::int64_t feet_per_mile_by_hour = 3600;
    constexpr std::int64_t metres_per_mile = 1609;
    const auto per_foot = thousandths(fields[1]);
    const auto miles = thousandths(fields[2]);
    const auto kilometres = thousandths(fields[3]);
    if (!per_foot || !miles || !kilometres || !whole_number(fields[4])) {
        return Failure{std::string_view{"digits"}};
    }
    const auto from_miles = *miles * metres_per_mile / 1000;
    const auto apart = std::max(*kilometres, from_miles) - std::min(*kilometres, from_miles);
    if (apart > *kilometres / 50 + 50) {
        return Failure{std::string_view{"range"}};
    }
    TsaLine line{TsaTag::speed, {}, std::nullopt};
    line.speed_mm_s = (*kilometres * 1000 + feet_per_mile_by_hour / 2) / feet_per_mile_by_hour;
    return line;
}

}  // namespace

Result<TsaLine, std::string_view> read_tsa_line(std::span<const std::uint8_t> bytes) {
    const std::string text{bytes.begin(), bytes.end()};
    const auto fields = fields_of(text);
    if (fields.size() != fields_of_a_line) {
        return Failure{std::string_view{"count"}};
    }
    const auto* const row =
        std::find_if(tags.begin(), tags.end(), [&](const TagRow& one) { return one.word == fields.front(); });
    if (row == tags.end()) {
        return Failure{std::string_view{"tag"}};
    }
    if (row->tag == TsaTag::speed) {
        return read_speed(fields);
    }
    TsaLine line{row->tag, {}, std::nullopt};
    if (row->tag == TsaTag::setup) {
        return line;  // its fields are of many kinds, and nothing here depends on them
    }
    for (std::size_t i = 0; i < line.numbers.size(); ++i) {
        const auto number = whole_number(fields[i + 1]);
        if (!number) {
            return Failure{std::string_view{"digits"}};
        }
        line.numbers.at(i) = *number;
    }
    return line;
}

}  // namespace portcullis::drivers
