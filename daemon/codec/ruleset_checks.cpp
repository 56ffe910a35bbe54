#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "codec/json.hpp"
#include "codec/ruleset_parts.hpp"

namespace portcullis::codec {
namespace {

/// Names that a document declares, by which others are checked.
class Names {
public:
    Names(std::string_view what, std::string_view list) : what_(what), list_(list) {}

    void declare(const std::string& name, const std::string& pointer, FirstRefusal& refusal) {
        if (!names_.insert(name).second) {
            refusal.add({RefusalCause::parse, pointer, "\"" + name + "\" stands here for the second time"});
        }
    }

    void use(const std::string& name, const std::string& pointer, FirstRefusal& refusal) const {
        if (!names_.contains(name) && !refusal.full()) {
            refusal.add({RefusalCause::parse, pointer,
                         "there is no " + std::string{what_} + " \"" + name + "\" among " + std::string{list_},
                         nearest_hint(name, {names_.begin(), names_.end()})});
        }
    }
    void use(const std::optional<std::string>& name, const std::string& pointer, FirstRefusal& refusal) const {
        if (name) {
            use(*name, pointer, refusal);
        }
    }

private:
    std::string_view what_;
    std::string_view list_;
    std::set<std::string_view> names_;  ///< of the document, which outlives this
};

std::string place(std::string_view list, std::size_t index, std::string_view member) {
    return pointer_to(pointer_to(list, index), member);
}

class RulesetChecks {
public:
    RulesetChecks(const RulesetDocument& document, FirstRefusal& refusal)
        : document_(document), ruleset_(document.ruleset), refusal_(refusal) {}

    void run() {
        declare_names();
        check_classes();
        check_sampling();
        check_ladder();
        for (std::size_t i = 0; i < ruleset_.rules.size() && !refusal_.full(); ++i) {
            check_rule(ruleset_.rules[i], pointer_to("/rules", i));
        }
        for (std::size_t i = 0; i < document_.cases.size() && !refusal_.full(); ++i) {
            check_case(document_.cases[i], i);
        }
    }

private:
    void declare_names() {
        for (std::size_t i = 0; i < ruleset_.zones.size(); ++i) {
            zones_.declare(ruleset_.zones[i].id, place("/zones", i, "zone"), refusal_);
        }
        for (std::size_t i = 0; i < ruleset_.classes.names.size(); ++i) {
            classes_.declare(ruleset_.classes.names[i], pointer_to("/classes/names", i), refusal_);
        }
        for (std::size_t i = 0; i < ruleset_.sampling.goods_groups.size(); ++i) {
            goods_.declare(ruleset_.sampling.goods_groups[i].first, place("/sampling/goods_groups", i, "goods"),
                           refusal_);
        }
        for (std::size_t i = 0; i < ruleset_.rules.size(); ++i) {
            rules_.declare(ruleset_.rules[i].id, place("/rules", i, "rule"), refusal_);
        }
        for (std::size_t i = 0; i < document_.cases.size(); ++i) {
            cases_.declare(document_.cases[i].id, place("/cases", i, "case"), refusal_);
        }
    }

    void check_classes() {
        const auto& classes = ruleset_.classes;
        if (!classes.names.empty()) {
            classes_.use(classes.unknown, "/classes/unknown", refusal_);
        }
        for (const auto& [enterprise, entry] : classes.enterprises) {
            if (refusal_.full()) {
                return;
            }
            if (std::find(classes.names.begin(), classes.names.end(), entry.enterprise_class) == classes.names.end()) {
                classes_.use(entry.enterprise_class,
                             pointer_to(pointer_to("/classes/enterprises", enterprise), "class"), refusal_);
            }
        }
    }

    void check_sampling() {
        const auto& sampling = ruleset_.sampling;
        for (std::size_t i = 0; i < sampling.rates.size(); ++i) {
            classes_.use(sampling.rates[i].enterprise_class, place("/sampling/rates", i, "class"), refusal_);
            goods_.use(sampling.rates[i].goods_group, place("/sampling/rates", i, "goods"), refusal_);
        }
        zones_.use(sampling.zone, "/sampling/zone", refusal_);
        check_methods(sampling.zone, sampling.methods, "/sampling/methods");
        check_keys();
    }

    /// At each moment a gate draws with one key.
    void check_keys() {
        const auto& keys = ruleset_.sampling.keys;
        std::vector<std::size_t> by_gate(keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            by_gate[i] = i;
        }
        std::sort(by_gate.begin(), by_gate.end(), [&](std::size_t left, std::size_t right) {
            return std::tie(keys[left].gate, keys[left].from) < std::tie(keys[right].gate, keys[right].from);
        });
        for (std::size_t i = 1; i < by_gate.size(); ++i) {
            const auto& before = keys[by_gate[i - 1]];
            const auto& after = keys[by_gate[i]];
            if (before.gate == after.gate && after.from < before.to) {
                refusal_.add({RefusalCause::parse, place("/sampling/keys", by_gate[i], "from"),
                              "the period overlaps the one of key \"" + before.id + "\" of the same gate"});
            }
        }
    }

    void check_ladder() {
        const auto& ladder = ruleset_.staleness.ladder;
        for (std::size_t i = 0; i < ladder.size(); ++i) {
            classes_.use(ladder[i].enterprise_class, place("/staleness/ladder", i, "class"), refusal_);
        }
    }

    void check_rule(const Rule& rule, const std::string& pointer) {
        zones_.use(rule.zone, pointer_to(pointer, "zone"), refusal_);
        check_methods(rule.zone, rule.methods, pointer_to(pointer, "methods"));
        for (const auto& predicate : rule.predicates) {
            if (predicate.kind == PredicateKind::enterprise_class) {
                for (const auto& text : predicate.texts) {
                    classes_.use(text, pointer_to(pointer, "when"), refusal_);
                }
            }
        }
    }

    void check_case(const RulesetCase& one, std::size_t index) {
        const auto pointer = pointer_to(pointer_to("/cases", index), "expect");
        for (std::size_t i = 0; one.expected.rules && i < one.expected.rules->size(); ++i) {
            rules_.use((*one.expected.rules)[i], pointer_to(pointer_to(pointer, "rules"), i), refusal_);
        }
        zones_.use(one.expected.zone, pointer_to(pointer, "zone"), refusal_);
    }

    /// A zone that names methods can do no others.
    void check_methods(const std::optional<std::string>& zone, const std::vector<std::string>& methods,
                       const std::string& pointer) {
        const auto& zones = ruleset_.zones;
        const auto known = std::find_if(zones.begin(), zones.end(),
                                        [&](const Zone& candidate) { return zone && candidate.id == *zone; });
        if (known == zones.end() || known->methods.empty()) {
            return;
        }
        for (std::size_t i = 0; i < methods.size(); ++i) {
            if (std::find(known->methods.begin(), known->methods.end(), methods[i]) == known->methods.end()) {
                refusal_.add({RefusalCause::parse, pointer_to(pointer, i),
                              "zone \"" + known->id + "\" cannot do \"" + methods[i] + "\"",
                              nearest_hint(methods[i], {known->methods.begin(), known->methods.end()})});
            }
        }
    }

    const RulesetDocument& document_;
    const Ruleset& ruleset_;
    FirstRefusal& refusal_;
    Names zones_{"zone", "zones"};
    Names classes_{"class", "classes.names"};
    Names goods_{"group", "sampling.goods_groups"};
    Names rules_{"rule", "rules"};
    Names cases_{"case", "cases"};
};

}  // namespace

void check_ruleset(const RulesetDocument& document, FirstRefusal& refusal) {
    RulesetChecks{document, refusal}.run();
}

}  // namespace portcullis::codec
