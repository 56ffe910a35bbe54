#include "core/size_type.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/container_number.hpp"

namespace portcullis {
namespace {

constexpr std::size_t code_length = 4;
constexpr std::size_t group_length = 3;

struct LegacyCode {
    std::string_view code;
    std::string_view group;
};
/// Codes of 1984 that boxes still wear. 9510 says nothing about the width that tells L5 from LE.
constexpr auto legacy_codes = std::to_array<LegacyCode>({
    {"2210", "22G"},
    {"2213", "22V"},
    {"2232", "22R"},
    {"2240", "22H"},
    {"2250", "22U"},
    {"2260", "22P"},
    {"2270", "22T"},
    {"2280", "22B"},
    {"2510", "25G"},
    {"4310", "42G"},
    {"4332", "42R"},
    {"4350", "42U"},
    {"4363", "42P"},
    {"4510", "45G"},
    {"4532", "45R"},
    {"9510", "L5G"},
    {"9510", "LEG"},
});

/// None for what is no code of either kind.
std::vector<std::string> groups_of(const std::string& code) {
    std::vector<std::string> groups;
    if (code.size() != code_length) {
        return groups;
    }
    for (const auto& row : legacy_codes) {
        if (row.code == code) {
            groups.emplace_back(row.group);
        }
    }
    if (code[2] >= 'A' && code[2] <= 'Z') {
        groups.push_back(code.substr(0, group_length));
        auto& type = groups.back().back();
        type = type == 'K' ? 'T' : type;  // tanks of the newer edition
    }
    return groups;
}

}  // namespace

bool is_size_type(std::string_view normalised) {
    constexpr std::string_view lengths = "12349BCDEFGHKLMNP";
    constexpr std::string_view heights = "0123456789CDEFLMNP";
    return normalised.size() == code_length && lengths.find(normalised[0]) != std::string_view::npos &&
           heights.find(normalised[1]) != std::string_view::npos &&
           std::all_of(normalised.begin() + 2, normalised.end(),
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

bool same_size_type(std::string_view one, std::string_view other) {
    // The same separators and full-width forms stand in them as in the numbers beside which they are painted.
    const auto left = normalised_container_text(one);
    const auto right = normalised_container_text(other);
    const auto left_groups = groups_of(left);
    const auto right_groups = groups_of(right);
    return left == right || std::ranges::find_first_of(left_groups, right_groups) != left_groups.end();
}

}  // namespace portcullis
