#include "codec/predicate_words.hpp"

#include <algorithm>
#include <array>

#include "codec/order_words.hpp"
#include "core/facts.hpp"
#include "core/plate_number.hpp"
#include "core/plate_province.hpp"
#include "core/utf8.hpp"

namespace portcullis::codec {
namespace {

/// Unknown is never a value to compare with: a rule says itself what its unknown does.
template <HasTexts Enum>
std::vector<std::string_view> words_of() {
    std::vector<std::string_view> words;
    for (const auto& row : enum_texts<Enum>) {
        if (row.text != "unknown") {
            words.push_back(row.text);
        }
    }
    return words;
}

bool is_hs_prefix(std::string_view text) {
    return has_only(text, 2, 10, is_digit);
}

bool is_country_or_port(std::string_view text) {
    return is_country(text) || is_port(text);
}

/// ISO 3166-2: the country, and its own code of the part.
bool is_region(std::string_view text) {
    return text.size() >= 4 && text.size() <= 6 && is_country(text.substr(0, 2)) && text[2] == '-' &&
           has_only(text.substr(3), 1, 3, [](char c) { return is_upper(c) || is_digit(c); });
}

bool is_container_prefix(std::string_view text) {
    return has_only(text, 1, 4, is_upper) && (text.size() < 4 || std::string_view{"UJZ"}.find(text[3]) < 3);
}

bool is_size_type_prefix(std::string_view text) {
    return has_only(text, 1, 4, [](char c) { return is_upper(c) || is_digit(c); });
}

/// `1`, `1.4`, `1.4S`
bool is_imdg_prefix(std::string_view text) {
    const bool classed = !text.empty() && text[0] >= '1' && text[0] <= '9';
    if (!classed || text.size() > 4 || text.size() == 2) {
        return false;
    }
    return text.size() == 1 ||
           (text[1] == '.' && text[2] >= '1' && text[2] <= '9' && (text.size() == 3 || is_upper(text[3])));
}

bool is_plate(std::string_view text) {
    return PlateNumber::parse(text).ok();
}

bool is_plate_province(std::string_view text) {
    const auto points = code_points(text);
    return points && points->size() == 1 && is_province(points->front());
}

using enum PredicateKind;
using enum ArgumentShape;

constexpr std::int64_t heaviest_kg = 10'000'000;

const auto rows = std::to_array<PredicateRow>({
    {way, texts, words_of<Way>},
    {movement, texts, words_of<Movement>},
    {load, texts, words_of<Load>},
    {hs, texts, nullptr, is_hs_prefix, "the beginning of an HS code (2 to 10 digits)"},
    {origin, texts, nullptr, is_country, country_form},
    {origin_region, texts, nullptr, is_region, "a region of ISO 3166-2, such as JP-07"},
    {last_port, texts, nullptr, is_country_or_port, "a country (two capitals) or a UN/LOCODE (five)"},
    {enterprise, texts, nullptr, is_identifier, identifier_form},
    {enterprise_class, texts, nullptr, is_identifier, identifier_form},
    {container_prefix, texts, nullptr, is_container_prefix, "the beginning of an owner code and category"},
    {size_type, texts, nullptr, is_size_type_prefix, "the beginning of a size and type of ISO 6346"},
    {fullness, texts, words_of<Fullness>},
    {reefer, texts, words_of<Tristate>},
    {wood, texts, words_of<Tristate>},
    {ippc, texts, words_of<Tristate>},
    {imdg, texts, nullptr, is_imdg_prefix, "the beginning of a class of dangerous goods, such as 1.4"},
    {plate, texts, nullptr, is_plate, "a registration plate"},
    {plate_province, texts, nullptr, is_plate_province, "the character of a province"},
    {seal, texts, words_of<SealState>},
    {gross_kg, range, nullptr, nullptr, "", heaviest_kg},
    {weight_delta, texts, words_of<Tristate>},
    {radiation, texts, words_of<RadiationState>},
    {time_window, window},
    {gate, texts, nullptr, is_audience_name, audience_name_form},
    {lane, texts, nullptr, is_setting_name, setting_name_form},
    {repeat_visits, counted, nullptr, nullptr, "", 100'000},
    {boxes_inside, range, nullptr, nullptr, "", 10'000'000},
    {dwell_hours, range, nullptr, nullptr, "", 1'000'000},
    {left_already, texts, words_of<Tristate>},
    {plate_elsewhere, sighted, words_of<Tristate>},
    {sampling, texts, words_of<SamplingOutcome>},
    {zone_result, texts, words_of<ZoneResultState>},
    {attribute, named, nullptr, is_identifier, identifier_form},
    {date, dated},
});

}  // namespace

const PredicateRow& predicate_row(PredicateKind kind) {
    return *std::find_if(rows.begin(), rows.end(), [kind](const PredicateRow& row) { return row.kind == kind; });
}

}  // namespace portcullis::codec
