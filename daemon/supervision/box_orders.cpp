#include "supervision/box_orders.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/size_type.hpp"
#include "supervision/movement.hpp"

namespace portcullis::supervision {
namespace {

/// One box (or none) of the vehicle that stands there.
struct BoxAt {
    const IdentifiedContainer* box;
    const PassageFacts& facts;
    const OrderScene& scene;

    [[nodiscard]] OrderJudgement judge(const FoundOrder& found) const {
        return judge_order({found, box, facts, scene.basis, scene.beyond_tolerance});
    }
};

/// An order without a container is found by its plate. It counts where its movement fits what stands there: a tractor
/// may hold an appointment for its way back.
bool fits_unnamed(const Order& order, const IdentifiedContainer* box, const PassageFacts& facts) {
    const auto movement = movement_of(order);
    const auto way = way_of(movement);
    if (container_of(order) || tractor_on(order, facts.identity) != PlateOnOrder::yes || (way && *way != facts.way)) {
        return false;
    }
    if ((box == nullptr) != (movement == Movement::no_box)) {
        return false;
    }
    const auto* appointment = order.movement();
    return appointment == nullptr || box == nullptr || !appointment->size_type || box->size_type.empty() ||
           same_size_type(*appointment->size_type, box->size_type);
}

/// Of one authority's orders: those that speak about this passage, if any; without history.
std::vector<OrderJudgement> in_scope(std::vector<OrderJudgement> all) {
    std::erase_if(all, is_history);
    const auto speaks = [](const OrderJudgement& judged) { return judged.scope.empty() || judged.revoked(); };
    if (std::any_of(all.begin(), all.end(), speaks)) {
        std::erase_if(all, [&](const OrderJudgement& judged) { return !speaks(judged); });
    }
    return all;
}

/// A yes replaces the same authority's older revocations and its other releases that this passage cannot use. Held,
/// inspect, treat and return stand beside it: the strictest wins.
AuthorityWord word_of(const Authority& authority, std::vector<OrderJudgement> all) {
    AuthorityWord word{authority, in_scope(std::move(all)), nullptr};
    for (const auto& judged : word.kept) {
        if (judged.grants() && (word.granted == nullptr || judged.found->order.decided > word.granted->order.decided)) {
            word.granted = judged.found;
        }
    }
    if (word.granted == nullptr) {
        return word;
    }
    const auto* granted = word.granted;
    std::erase_if(word.kept, [&](const OrderJudgement& judged) {
        const bool other_release = judged.status.outcome == VerdictOutcome::release && judged.found != granted;
        const bool older_revocation = judged.revoked() && judged.found->order.decided < granted->order.decided;
        return other_release || older_revocation;
    });
    if (word.kept.size() > 1) {
        word.granted = nullptr;
    }
    return word;
}

std::vector<AuthorityWord> words_of(const std::vector<const FoundOrder*>& orders, const BoxAt& at) {
    std::map<Authority, std::vector<OrderJudgement>> by_authority;
    for (const auto* found : orders) {
        by_authority[found->order.authority].push_back(at.judge(*found));
    }
    std::vector<AuthorityWord> words;
    for (auto& [authority, judgements] : by_authority) {
        auto word = word_of(authority, std::move(judgements));
        if (!word.kept.empty()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

std::vector<const FoundOrder*> orders_naming(const std::vector<FoundOrder>& orders, const ContainerNumber& number) {
    std::vector<const FoundOrder*> named;
    for (const auto& found : orders) {
        if (container_of(found.order) == number) {
            named.push_back(&found);
        }
    }
    return named;
}

/// How many boxes of this vehicle go on an order that names none.
using GivenOut = std::map<const FoundOrder*, int>;

/// Boxes that came before this one have every place that other vehicles left.
bool is_given_out(const FoundOrder& found, const PassageFacts& facts, const GivenOut& given_out) {
    const auto given = given_out.find(&found);
    return given != given_out.end() && given->second + taken_by_others(found, facts).count >= found.order.uses;
}

/// One order an authority, those first that grant; none that has no place beside this vehicle's other boxes.
std::vector<const FoundOrder*> orders_unnamed(const std::vector<FoundOrder>& orders, const BoxAt& at,
                                              GivenOut& given_out) {
    std::map<Authority, const FoundOrder*> chosen;
    for (const auto& found : orders) {
        if (found.order.targeting() != nullptr || is_given_out(found, at.facts, given_out) ||
            !fits_unnamed(found.order, at.box, at.facts)) {
            continue;
        }
        auto& best = chosen[found.order.authority];
        const bool grants = at.judge(found).grants();
        const bool best_grants = best != nullptr && at.judge(*best).grants();
        if (best == nullptr || (grants && !best_grants)) {
            best = &found;
        }
    }
    std::vector<const FoundOrder*> unnamed;
    for (const auto& [authority, found] : chosen) {
        ++given_out[found];
        unnamed.push_back(found);
    }
    return unnamed;
}

void settle_movement(BoxOrders& entry, const PassageFacts& facts) {
    std::set<Movement> movements;
    for (const auto& word : entry.words) {
        for (const auto& judged : word.kept) {
            if (judged.scope.empty()) {
                movements.insert(movement_of(judged.found->order));
            }
        }
    }
    entry.movements_differ = movements.size() > 1;
    entry.movement = movements.size() == 1 ? *movements.begin() : inferred_movement(facts);
}

}  // namespace

std::vector<BoxOrders> orders_by_box(const Policy& policy, const OrderScene& scene,
                                     const std::vector<FoundOrder>& orders) {
    const auto& facts = scene.facts;
    std::vector<const IdentifiedContainer*> boxes;
    for (const auto& container : facts.identity.containers) {
        boxes.push_back(&container);
    }
    if (boxes.empty() && (scene.without_box || no_box_is_proved(facts))) {
        boxes.push_back(nullptr);
    }
    std::vector<BoxOrders> entries;
    GivenOut given_out;
    for (const auto* box : boxes) {
        BoxOrders entry;
        entry.box = box;
        const BoxAt at{box, facts, scene};
        if (box != nullptr) {
            entry.words = words_of(orders_naming(orders, box->number), at);
        }
        if (entry.words.empty()) {
            entry.words = words_of(orders_unnamed(orders, at, given_out), at);
        }
        settle_movement(entry, facts);
        entry.row = policy_row(policy, facts.way, facts.load, entry.movement);
        entries.push_back(std::move(entry));
    }
    return entries;
}

const PolicyRow* policy_row(const Policy& policy, Way way, Load load, Movement movement) {
    for (const auto& row : policy.rows) {
        if ((!row.way || *row.way == way) && (!row.load || *row.load == load) &&
            (!row.movement || *row.movement == movement)) {
            return &row;
        }
    }
    return nullptr;
}

ConsentState consent_of(const BoxOrders& box, const Authority& authority) {
    for (const auto& word : box.words) {
        if (word.authority == authority) {
            return word.granted != nullptr ? ConsentState::given : ConsentState::refused;
        }
    }
    return ConsentState::missing;
}

}  // namespace portcullis::supervision
