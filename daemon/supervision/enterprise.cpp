#include "supervision/enterprise.hpp"

#include <algorithm>

#include "supervision/prefixes.hpp"

namespace portcullis::supervision {
namespace {

void add_once(std::vector<std::string_view>& groups, std::string_view group) {
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
        groups.push_back(group);
    }
}

void add_groups_of(const Sampling& sampling, std::string_view code, std::vector<std::string_view>& groups) {
    for (const auto& [group, prefixes] : sampling.goods_groups) {
        auto inside = Tristate::no;
        for (const auto& prefix : prefixes) {
            inside = either(inside, has_prefix(code, prefix));
        }
        if (inside != Tristate::no) {
            add_once(groups, group);
        }
        if (inside == Tristate::yes) {
            return;
        }
    }
    add_once(groups, no_group);
}

}  // namespace

ClassFound class_of(const EnterpriseClasses& classes, const std::optional<std::string_view>& enterprise,
                    const std::optional<std::string_view>& declared, WallTime now) {
    if (enterprise) {
        const auto listed = classes.enterprises.find(*enterprise);
        if (listed != classes.enterprises.end() && (!listed->second.since || *listed->second.since <= now)) {
            return {listed->second.enterprise_class, listed->second.since};
        }
    }
    const auto& names = classes.names;
    if (declared && (names.empty() || std::find(names.begin(), names.end(), *declared) != names.end())) {
        return {declared, {}};
    }
    if (classes.unknown.empty()) {
        return {};
    }
    return {classes.unknown, {}};
}

std::vector<std::string_view> goods_groups_of(const Sampling& sampling, const std::vector<std::string>* codes) {
    std::vector<std::string_view> groups;
    if (codes == nullptr) {
        for (const auto& [group, prefixes] : sampling.goods_groups) {
            add_once(groups, group);
        }
    } else {
        for (const auto& code : *codes) {
            add_groups_of(sampling, code, groups);
        }
    }
    if (codes == nullptr || codes->empty()) {
        add_once(groups, no_group);
    }
    return groups;
}

std::int64_t rate_for(const Sampling& sampling, const std::optional<std::string_view>& enterprise_class,
                      std::string_view goods_group, Movement movement) {
    for (const auto& row : sampling.rates) {
        const bool same_class =
            !row.enterprise_class || (enterprise_class && *row.enterprise_class == *enterprise_class);
        const bool same_group = !row.goods_group || *row.goods_group == goods_group;
        if (same_class && same_group && (!row.movement || *row.movement == movement)) {
            return row.rate_ppm;
        }
    }
    return 0;
}

}  // namespace portcullis::supervision
