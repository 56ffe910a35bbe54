// The order desk's answers: one look-up for a whole passage, the places that are taken, and the evaluation.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/orders.hpp"
#include "gate/hold_over.hpp"
#include "gate/order_desk.hpp"
#include "gate/recorded_facts.hpp"
#include "gate/sampling_keys.hpp"
#include "supervision/evaluate.hpp"
#include "supervision/history.hpp"
#include "supervision/reading_policy.hpp"
#include "supervision/targeting.hpp"

namespace portcullis::gate {

namespace {

/// What it would have decided, with the reasons that `verdict` does not have.
ShadowVerdict difference(const Verdict& verdict, const Verdict& shadow) {
    ShadowVerdict difference{shadow.ruleset_version, shadow.outcome, {}};
    const auto among = [](const auto& reasons, ReasonCode code, const auto& code_of) {
        return std::any_of(reasons.begin(), reasons.end(), [&](const auto& one) { return code_of(one) == code; });
    };
    for (const auto& reason : shadow.reasons) {
        const bool known = among(verdict.reasons, reason.code, [](const Reason& one) { return one.code; });
        const bool told = among(difference.reasons, reason.code, [](ReasonCode one) { return one; });
        if (!known && !told) {
            difference.reasons.push_back(reason.code);
        }
    }
    return difference;
}

/// The places at a control point that the orders found may need.
std::vector<UsageKey> places_of(const OrdersFound& found, const ControlPoint& control_point) {
    std::vector<UsageKey> keys;
    for (const auto& one : found.orders) {
        if (const auto* release = one.order.release()) {
            keys.push_back({one.order.authority, one.order.id, release->container, control_point});
        } else if (const auto* movement = one.order.movement()) {
            keys.push_back({one.order.authority, one.order.id, movement->container, control_point});
        } else if (auto spent = supervision::spent_place(one.order, control_point)) {
            keys.push_back(std::move(*spent));
        }
    }
    return keys;
}

void add_usage(OrdersFound& found, const std::vector<Usage>& usage) {
    for (const auto& place : usage) {
        for (auto& one : found.orders) {
            const bool spends = supervision::spent_place(one.order, place.key.control_point) == place.key;
            if (spends || (one.order.authority == place.key.authority && one.order.id == place.key.order)) {
                one.usage.push_back(place);
            }
        }
    }
}

}  // namespace

void OrderDesk::decide(const lane::Decide& question, std::function<void(lane::VerdictReady)> done) {
    ask({question, std::move(done), false, {}});
}

void OrderDesk::ask(Inquiry inquiry) {
    const auto asked = supervision::question_for(inquiry.question.facts);
    const auto now = surroundings_.clock.now();
    const bool taken = surroundings_.worker.post([this, inquiry, asked, now] {
        auto answer = cache_.look_up(asked, now.wall);
        boost::asio::post(surroundings_.context,
                          [this, inquiry = Inquiry{inquiry}, answer = std::move(answer)]() mutable {
                              looked_up(std::move(inquiry), answer);
                          });
    });
    if (!taken) {
        boost::asio::post(surroundings_.context, [this, inquiry = std::move(inquiry)] {
            const store::StoreFailure busy{store::StoreFault::input_output, "the order cache does not answer"};
            looked_up(inquiry, Failure{busy});
        });
    }
}

void OrderDesk::look_up(const ContainerNumber& container, std::function<void(OrdersFound)> done) {
    const auto now = surroundings_.clock.now().wall;
    const OrderQuestion asked{{container}, {}, {}};
    const bool taken = surroundings_.worker.post([this, asked, now, done] {
        auto answer = cache_.look_up(asked, now);
        boost::asio::post(surroundings_.context,
                          [this, answer = std::move(answer), done, now] { done(found_in(answer, now)); });
    });
    if (!taken) {
        OrdersFound busy;
        busy.failed = true;
        boost::asio::post(surroundings_.context, [busy, done = std::move(done)] { done(busy); });
    }
}

/// What the passage's ruleset makes of its readings, once; true = its identity is another now, and what is known of
/// that one was not looked up.
bool OrderDesk::weigh(Inquiry& inquiry, const OrdersFound& found) const {
    if (inquiry.weighed || found.failed) {
        return false;
    }
    auto now = surroundings_.clock.now();
    now.wall = time(now.wall);
    const auto ruling = ruling_of(inquiry.question.passage, now);
    auto weighed = supervision::weigh_readings(ruling.ruleset->ruleset().readings, inquiry.question.facts, found);
    inquiry.weighed = true;
    inquiry.repairs = std::move(weighed.repairs);
    inquiry.question.facts.identity = std::move(weighed.identity);
    return weighed.changed;
}

void OrderDesk::looked_up(Inquiry inquiry, const Answer& answer) {
    if (!answer) {
        surroundings_.log.error("orders could not be looked up", {{"why", answer.error().message}});
        if (answer.error().fault == store::StoreFault::corrupt) {
            ports_.fatal("the order cache is damaged; a restart sets it aside");
        }
    }
    auto found = found_in(answer, surroundings_.clock.now().wall);
    if (weigh(inquiry, found)) {
        ask(std::move(inquiry));
        return;
    }
    auto& facts = inquiry.question.facts;
    auto keys = places_of(found, facts.control_point);
    if (ports_.places) {
        auto places = ports_.places(facts);
        keys.insert(keys.end(), places.begin(), places.end());
    }
    if (keys.empty()) {
        add_results({}, facts);
        remember(std::move(inquiry), std::move(found));
        return;
    }
    ports_.usage_of(std::move(keys), [this, inquiry = std::move(inquiry),
                                      found = std::move(found)](std::optional<std::vector<Usage>> usage) mutable {
        add_results(usage.value_or(std::vector<Usage>{}), inquiry.question.facts);
        if (!usage) {
            found.failed = true;
            found.failure = "the journal could not say which orders are used";
            found.orders.clear();
        } else {
            add_usage(found, *usage);
        }
        remember(std::move(inquiry), std::move(found));
    });
}

/// What could not be read stays unknown, and unknown never releases where a rule asks for it.
void OrderDesk::remember(Inquiry inquiry, OrdersFound found) {
    if (!ports_.recall) {
        judge(inquiry, std::move(found));
        return;
    }
    auto asked = supervision::history_question(inquiry.question.facts, found);
    ports_.recall(std::move(asked), [this, inquiry = std::move(inquiry),
                                     found = std::move(found)](const std::optional<HistoryFound>& past) mutable {
        if (past) {
            supervision::put_history(inquiry.question.facts, *past);
        }
        judge(inquiry, std::move(found));
    });
}

void OrderDesk::add_results(const std::vector<Usage>& taken, PassageFacts& facts) const {
    if (ports_.results) {
        ports_.results(taken, surroundings_.clock.now().wall, facts);
    }
}

OrdersFound OrderDesk::found_in(const Answer& answer, WallTime now) const {
    OrdersFound found;
    found.cursor = answer ? answer->cursor : cursor_;
    found.failed = !answer;
    found.failure = answer ? "" : answer.error().message;
    found.empty_cache = answer && !answer->applied_at;
    for (const auto& [authority, number] : behind_) {
        found.authorities_behind.push_back(authority);
    }
    found.state = applied_at_ ? DocumentState::fresh : DocumentState::unknown;
    found.age_s = age_s(now).value_or(0);
    if (!answer) {
        return found;
    }
    for (const auto& cached : answer->orders) {
        auto order = codec::read_cached_order(cached.body);
        if (!order) {
            found.failed = true;
            found.failure = "a cached order cannot be read: " + order.error().message();
            found.orders.clear();
            return found;
        }
        if (cached.revoked) {
            order->revoked = true;
            order->revoke_reason = cached.revoked->reason;
            // It is over everything decided before it, not before the order that it revokes.
            order->decided = cached.revoked->decided;
            order->officer = cached.revoked->officer;
        }
        found.orders.push_back({std::move(order).value(),
                                cached.first_seen,
                                cached.changed_at,
                                cached.previous_status,
                                cached.changes_24h,
                                {}});
    }
    return found;
}

/// Judged beside the ruleset that acts, as if it were fresh: what differs is the rulesets' alone.
Verdict OrderDesk::shadow_of(const supervision::CompiledRuleset& ruleset, PassageFacts facts, OrdersFound found,
                             DecisionBasis basis) const {
    basis.ruleset_state = DocumentState::fresh;
    basis.ruleset_age_s = 0;
    if (ports_.measure) {
        ports_.measure(ruleset, found, basis, facts);
    }
    return supervision::evaluate(ruleset, facts, std::move(found), basis);
}

Ruling OrderDesk::ruling_of(const PassageId& passage, const Now& now) const {
    return ports_.rule ? ports_.rule(passage, now) : Ruling{own_, nullptr, DocumentState::unknown, 0};
}

void OrderDesk::judge(const Inquiry& inquiry, OrdersFound found) {
    const auto& question = inquiry.question;
    ledger_.overlay(found, question.facts.control_point);
    for (auto& one : found.orders) {
        if (const auto spent = supervision::spent_place(one.order, question.facts.control_point)) {
            one.usage = ledger_.taken(*spent, one.usage);
        }
    }
    auto now = surroundings_.clock.now();
    now.wall = time(now.wall);
    const auto ruling = ruling_of(question.passage, now);
    const DecisionBasis basis{.now = now,
                              .link_up = ports_.link_up(),
                              .clock_band = ports_.clock_band ? ports_.clock_band(now) : HoldOver{{}, {}}.band(now),
                              .ruleset_state = ruling.state,
                              .ruleset_age_s = ruling.age_s};
    auto facts = question.facts;
    std::optional<Verdict> shadow;
    if (ruling.shadow) {
        shadow = shadow_of(*ruling.shadow, facts, found, basis);
    }
    if (ports_.measure) {
        ports_.measure(*ruling.ruleset, found, basis, facts);
    }
    auto asked = found;  // evaluate() keeps the orders that it looked at
    auto verdict = supervision::evaluate(*ruling.ruleset, facts, std::move(found), basis);
    SamplingKeys::tell(facts, verdict);
    if (shadow) {
        verdict.shadow = difference(verdict, *shadow);
    }
    verdict.evaluation =
        std::chrono::duration_cast<std::chrono::microseconds>(surroundings_.clock.now().instant - now.instant);
    verdict.facts = recorded_facts(*ruling.ruleset, facts, std::move(asked), verdict.orders, basis);
    verdict.repairs = inquiry.repairs;
    inquiry.done({question.passage, question.ask, std::move(verdict)});
}

}  // namespace portcullis::gate
