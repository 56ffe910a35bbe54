#include "gate/recorded_facts.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "codec/facts.hpp"

namespace portcullis::gate {
namespace {

/// How far back visits are looked at.
class Horizon {
public:
    template <class AnyPredicate>
    void add(const AnyPredicate& predicate, std::chrono::hours within) {
        if (predicate.kind != PredicateKind::repeat_visits && predicate.kind != PredicateKind::plate_elsewhere) {
            return;
        }
        // No length is as far as anything is known.
        const auto length = within > std::chrono::hours{} ? within : std::chrono::hours::max();
        longest_ = std::max(longest_.value_or(length), length);
    }

    void cut(std::optional<std::vector<Visit>>& visits, WallTime now) const {
        if (!longest_) {
            visits.reset();
        } else if (visits && *longest_ != std::chrono::hours::max()) {
            std::erase_if(*visits, [&](const Visit& visit) { return visit.at < now - *longest_; });
        }
    }

private:
    std::optional<std::chrono::hours> longest_;
};

Horizon horizon_of(const supervision::CompiledRuleset& ruleset, const std::vector<FoundOrder>& orders) {
    Horizon horizon;
    for (const auto& predicate : ruleset.predicates()) {
        horizon.add(predicate, predicate.within);
    }
    for (const auto& found : orders) {
        const auto* release = found.order.release();
        for (const auto& condition : release == nullptr ? std::vector<OrderCondition>{} : release->conditions) {
            if (condition.predicate) {
                horizon.add(*condition.predicate, condition.predicate->within.value_or(std::chrono::hours{}));
            }
        }
    }
    return horizon;
}

}  // namespace

std::string recorded_facts(const supervision::CompiledRuleset& ruleset, PassageFacts facts, OrdersFound found,
                           const std::vector<FoundOrder>& looked_at, const DecisionBasis& basis) {
    horizon_of(ruleset, looked_at).cut(facts.measures.visits, basis.now.wall);
    found.orders = looked_at;
    auto text = codec::write_facts(facts, found, basis);
    return text.size() <= most_recorded_facts ? text : std::string{"unknown"};
}

}  // namespace portcullis::gate
