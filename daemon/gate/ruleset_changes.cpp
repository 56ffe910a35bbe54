#include "gate/ruleset_changes.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace portcullis::gate {
namespace {

constexpr std::size_t most_listed = 100;

/// Counts what differs between two maps, and names it.
template <class Map, class Tell>
std::int64_t differences(const Map& before, const Map& after, const Tell& tell) {
    std::int64_t count = 0;
    for (const auto& [name, value] : after) {
        const auto old = before.find(name);
        if (old == before.end() || !(old->second == value)) {
            ++count;
            tell(name, old == before.end() ? " is new" : " changed");
        }
    }
    for (const auto& [name, value] : before) {
        if (!after.contains(name)) {
            ++count;
            tell(name, " is gone");
        }
    }
    return count;
}

std::map<std::string, Rule, std::less<>> rules_of(const Ruleset& ruleset) {
    std::map<std::string, Rule, std::less<>> rules;
    for (const auto& rule : ruleset.rules) {
        rules.emplace(rule.id, rule);
    }
    return rules;
}

/// Rows have no names: those that stand in one table only.
std::int64_t rates_changed(const std::vector<SamplingRate>& before, const std::vector<SamplingRate>& after) {
    const auto missing = [](const auto& from, const auto& in) {
        return std::count_if(from.begin(), from.end(),
                             [&](const auto& row) { return std::find(in.begin(), in.end(), row) == in.end(); });
    };
    return std::max(missing(before, after), missing(after, before));
}

}  // namespace

DocumentChanges changes_between(const Ruleset* before, const Ruleset& after) {
    const Ruleset nothing;
    const auto& old = before == nullptr ? nothing : *before;
    DocumentChanges changes;
    const auto list = [&changes](std::string text) {
        if (changes.list.size() < most_listed) {
            changes.list.emplace_back(std::move(text));
        }
    };
    changes.rules = differences(rules_of(old), rules_of(after),
                                [&](const std::string& id, const char* what) { list("rule " + id + what); });
    changes.classes =
        differences(old.classes.enterprises, after.classes.enterprises,
                    [&](const std::string& enterprise, const char* what) { list("class of " + enterprise + what); });
    changes.rates = rates_changed(old.sampling.rates, after.sampling.rates);
    const auto tell = [&list](bool changed, const char* what) {
        if (changed) {
            list(what);
        }
    };
    tell(old.policy.rows != after.policy.rows, "policy");
    tell(old.zones != after.zones, "zones");
    tell(old.weight != after.weight, "weight tolerance");
    tell(old.staleness != after.staleness, "staleness");
    tell(old.sampling.keys != after.sampling.keys, "sampling keys");
    tell(old.readings != after.readings, "reading policy");
    return changes;
}

}  // namespace portcullis::gate
