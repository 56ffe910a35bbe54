#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/vocabulary.hpp"

namespace portcullis {

enum class WithoutOrder : std::uint8_t { release, hold };
template <>
inline constexpr auto enum_texts<WithoutOrder> = std::to_array<EnumText<WithoutOrder>>({
    {WithoutOrder::release, "release"},
    {WithoutOrder::hold, "hold"},
});

/// One row of the policy table `way × load × movement`; an absent member matches anything (contracts.md 6).
struct PolicyRow {
    std::optional<Way> way;
    std::optional<Load> load;
    std::optional<Movement> movement;
    std::vector<Authority> consents;  ///< authorities whose yes a movement needs
    WithoutOrder without_order = WithoutOrder::hold;
    friend bool operator==(const PolicyRow&, const PolicyRow&) = default;
};

/// First match wins; no row is `hold`.
struct Policy {
    std::vector<PolicyRow> rows;
    friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace portcullis
