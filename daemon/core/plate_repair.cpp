// What a plate may be that was read with a confusable character. Parsing never repairs; whoever wants it asks for it.
#include <array>
#include <optional>

#include "core/plate_number.hpp"
#include "core/plate_province.hpp"
#include "core/utf8.hpp"

namespace portcullis {
namespace {

using Text = std::u32string_view;

/// The normalised characters; none where the text is no UTF-8.
std::u32string read_as(std::string_view text) {
    return code_points(normalised_plate_text(text)).value_or(std::u32string{});
}

/// Where the serial begins of a plate whose grammar forces I to 1 and O to 0; nothing for all others.
std::optional<std::size_t> forced_serial_at(Text text) {
    if (text.size() > 2 && is_province(text[0])) {
        return 2;
    }
    if (text.size() > 3 &&
        ((text[0] == U'临' && is_province(text[1])) || (text.starts_with(U"WJ") && is_province(text[2])))) {
        return 3;
    }
    return std::nullopt;
}

struct ConfusablePair {
    char32_t one;
    char32_t other;
};
constexpr auto confusable_in_serials = std::to_array<ConfusablePair>({
    {U'D', U'0'},
    {U'B', U'8'},
    {U'Z', U'2'},
    {U'S', U'5'},
    {U'G', U'6'},
    {U'1', U'7'},
    {U'Q', U'0'},
});

/// What readers take `c` for.
std::u32string confusable_with(char32_t c) {
    std::u32string others;
    for (const auto& pair : confusable_in_serials) {
        if (c == pair.one || c == pair.other) {
            others.push_back(c == pair.one ? pair.other : pair.one);
        }
    }
    return others;
}

}  // namespace

Result<PlateNumber, PlateNumberError> plate_with_forced_repair(std::string_view text) {
    auto repaired = read_as(text);
    if (const auto from = forced_serial_at(repaired)) {
        for (auto i = *from; i < repaired.size(); ++i) {
            if (repaired[i] == U'I') {
                repaired[i] = U'1';
            } else if (repaired[i] == U'O') {
                repaired[i] = U'0';
            }
        }
    }
    return PlateNumber::parse(repaired.empty() ? text : to_utf8(repaired));
}

std::vector<PlateNumber> plates_like(std::string_view text) {
    std::vector<PlateNumber> plates;
    const auto read = read_as(text);
    const auto from = forced_serial_at(read);
    if (!from) {
        return plates;
    }
    const auto as_read = to_utf8(read);
    const auto add = [&](const Result<PlateNumber, PlateNumberError>& plate) {
        if (plate && plate->text() != as_read) {
            plates.push_back(*plate);
        }
    };
    add(plate_with_forced_repair(text));
    auto candidate = read;
    for (auto i = *from; i < read.size(); ++i) {
        for (const auto other : confusable_with(read[i])) {
            candidate[i] = other;
            add(PlateNumber::of_normalised(candidate));
        }
        candidate[i] = read[i];
    }
    return plates;
}

}  // namespace portcullis
