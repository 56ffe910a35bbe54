#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/ruleset.hpp"

/// Differentiated supervision: the class of an enterprise, the group of its goods, and the rate that both set.
namespace portcullis::supervision {

struct ClassFound {
    std::optional<std::string_view> name;  ///< nothing: not known, and the ruleset has no class for that
    std::optional<WallTime> since;         ///< where the ruleset names the enterprise
};

/// The ruleset's word from its `since` on; else the class that is declared, if the ruleset knows it; else
/// `classes.unknown`.
[[nodiscard]] ClassFound class_of(const EnterpriseClasses& classes, const std::optional<std::string_view>& enterprise,
                                  const std::optional<std::string_view>& declared, WallTime now);

/// Goods that are in none of the groups.
inline constexpr std::string_view no_group = "none";

/// The groups that goods may be in, in the table's order: of each code the first group with a prefix of it, and every
/// group before that whose prefixes ask for more digits than are known. Goods that are not known may be in any.
[[nodiscard]] std::vector<std::string_view> goods_groups_of(const Sampling& sampling,
                                                            const std::vector<std::string>* codes);

/// Of the first row that matches; without one nothing is drawn. A class that is not known matches no row that names
/// one.
[[nodiscard]] std::int64_t rate_for(const Sampling& sampling, const std::optional<std::string_view>& enterprise_class,
                                    std::string_view goods_group, Movement movement);

}  // namespace portcullis::supervision
