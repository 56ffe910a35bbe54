// The order desk's answers: one look-up for a whole passage, the places that are taken, and the evaluation.
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/facts.hpp"
#include "codec/orders.hpp"
#include "gate/order_desk.hpp"
#include "gate/sampling_keys.hpp"
#include "supervision/evaluate.hpp"

namespace portcullis::gate {

namespace {

/// A wall clock that nobody corrects drifts by 500 ppm at worst; two seconds cover what it may have been off before.
std::chrono::milliseconds clock_band(const Now& now) {
    using namespace std::chrono_literals;
    if (now.clock_state == ClockState::synchronised) {
        return 0ms;
    }
    return 2s + std::chrono::duration_cast<std::chrono::milliseconds>(now.instant.time_since_epoch()) / 2000;
}

/// What the verdict rests on, for whoever doubts it. An event of any length would hold up its stream.
std::string recorded_facts(const PassageFacts& facts, OrdersFound found, const std::vector<FoundOrder>& looked_at,
                           const DecisionBasis& basis) {
    constexpr std::size_t most = std::size_t{64} * 1024;
    found.orders = looked_at;
    auto text = codec::write_facts(facts, found, basis);
    return text.size() <= most ? text : std::string{"unknown"};
}

}  // namespace

void OrderDesk::decide(const lane::Decide& question, std::function<void(lane::VerdictReady)> done) {
    const auto asked = supervision::question_for(question.facts);
    const auto now = surroundings_.clock.now();
    const bool taken = surroundings_.worker.post([this, question, asked, now, done] {
        auto answer = cache_.look_up(asked, now.wall);
        boost::asio::post(surroundings_.context,
                          [this, question = lane::Decide{question}, answer = std::move(answer), done]() mutable {
                              looked_up(std::move(question), answer, std::move(done));
                          });
    });
    if (!taken) {
        boost::asio::post(surroundings_.context, [this, question, done] {
            const store::StoreFailure busy{store::StoreFault::input_output, "the order cache does not answer"};
            looked_up(question, Failure{busy}, done);
        });
    }
}

void OrderDesk::looked_up(lane::Decide question, const Answer& answer, std::function<void(lane::VerdictReady)> done) {
    if (!answer) {
        surroundings_.log.error("orders could not be looked up", {{"why", answer.error().message}});
        if (answer.error().fault == store::StoreFault::corrupt) {
            ports_.fatal("the order cache is damaged; a restart sets it aside");
        }
    }
    auto found = found_in(answer, surroundings_.clock.now().wall);
    std::vector<UsageKey> keys;
    for (const auto& one : found.orders) {
        if (const auto* release = one.order.release()) {
            keys.push_back({one.order.authority, one.order.id, release->container, question.facts.control_point});
        } else if (const auto* movement = one.order.movement()) {
            keys.push_back({one.order.authority, one.order.id, movement->container, question.facts.control_point});
        }
    }
    if (keys.empty()) {
        judge(question, std::move(found), done);
        return;
    }
    ports_.usage_of(std::move(keys), [this, question = std::move(question), found = std::move(found),
                                      done = std::move(done)](std::optional<std::vector<Usage>> usage) mutable {
        if (!usage) {
            found.failed = true;
            found.failure = "the journal could not say which orders are used";
            found.orders.clear();
        } else {
            for (auto& place : *usage) {
                for (auto& one : found.orders) {
                    if (one.order.authority == place.key.authority && one.order.id == place.key.order) {
                        one.usage.push_back(place);
                    }
                }
            }
        }
        judge(question, std::move(found), done);
    });
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

void OrderDesk::judge(const lane::Decide& question, OrdersFound found,
                      const std::function<void(lane::VerdictReady)>& done) {
    ledger_.overlay(found, question.facts.control_point);
    const auto now = surroundings_.clock.now();
    const DecisionBasis basis{.now = now, .link_up = ports_.link_up(), .clock_band = clock_band(now)};
    auto facts = question.facts;
    if (ports_.measure) {
        ports_.measure(ruleset_, found, basis, facts);
    }
    auto asked = found;  // evaluate() keeps the orders that it looked at
    auto verdict = supervision::evaluate(ruleset_, facts, std::move(found), basis);
    SamplingKeys::tell(facts, verdict);
    verdict.evaluation =
        std::chrono::duration_cast<std::chrono::microseconds>(surroundings_.clock.now().instant - now.instant);
    verdict.facts = recorded_facts(facts, std::move(asked), verdict.orders, basis);
    done({question.passage, question.ask, std::move(verdict)});
}

}  // namespace portcullis::gate
