#include "supervision/passage_cases.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "supervision/near.hpp"
#include "supervision/passes.hpp"

namespace portcullis::supervision {
namespace {

/// So that the order in which a cache finds orders changes nothing.
std::vector<FoundOrder> sorted(std::vector<FoundOrder> orders) {
    std::sort(orders.begin(), orders.end(), [](const FoundOrder& left, const FoundOrder& right) {
        return std::tie(left.order.authority, left.order.id) < std::tie(right.order.authority, right.order.id);
    });
    return orders;
}

/// A release or movement order that was found by a number or plate that nobody read: a release needs an exact match.
bool only_near(const Order& order, const PassageIdentity& identity) {
    if (order.targeting() != nullptr) {
        return false;
    }
    if (const auto container = container_of(order)) {
        return std::none_of(identity.containers.begin(), identity.containers.end(),
                            [&](const IdentifiedContainer& box) { return box.number == *container; });
    }
    const auto read = plates_read(identity);
    return std::find_first_of(read.begin(), read.end(), order.tractor_plates.begin(), order.tractor_plates.end()) ==
           read.end();
}

}  // namespace

bool orders_known(const OrdersFound& found) {
    return !found.failed && !found.empty_cache;
}

std::vector<FoundOrder> orders_about(const PassageFacts& facts, OrdersFound& found) {
    auto about = orders_known(found) ? sorted(std::move(found.orders)) : std::vector<FoundOrder>{};
    std::erase_if(about, [&](const FoundOrder& order) { return only_near(order.order, facts.identity); });
    return about;
}

std::vector<BoxCase> cases_of(const Ruleset& ruleset, const PassageFacts& facts, const std::vector<FoundOrder>& orders,
                              const DecisionBasis& basis, const WeightJudgement& weight) {
    std::vector<BoxCase> cases;
    const bool without_box = taken_without_box(pass_for(ruleset, facts, basis), facts);
    for (auto& box : orders_by_box(ruleset.policy, {facts, basis, weight.beyond, without_box}, orders)) {
        cases.emplace_back(ruleset, std::move(box), facts, orders, basis);
    }
    return cases;
}

}  // namespace portcullis::supervision
