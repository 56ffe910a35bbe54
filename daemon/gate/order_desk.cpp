#include "gate/order_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/orders.hpp"
#include "supervision/evaluate.hpp"

namespace portcullis::gate {

namespace {

std::vector<store::OrderChange> rows_of(const OrderBatch& batch) {
    std::vector<store::OrderChange> rows;
    rows.reserve(batch.operations.size());
    for (const auto& operation : batch.operations) {
        if (const auto* order = std::get_if<Order>(&operation)) {
            rows.push_back({store::order_row(*order, codec::write_cached_order(*order)), std::nullopt});
        } else if (const auto* revoke = std::get_if<RevokeOrder>(&operation)) {
            rows.push_back(
                {std::nullopt, store::Revocation{revoke->id, revoke->reason, revoke->officer, revoke->decided}});
        }
    }
    return rows;
}

/// A wall clock that nobody corrects drifts by 500 ppm at worst; two seconds cover what it may have been off before.
std::chrono::milliseconds clock_band(const Now& now) {
    using namespace std::chrono_literals;
    if (now.clock_state == ClockState::synchronised) {
        return 0ms;
    }
    return 2s + std::chrono::duration_cast<std::chrono::milliseconds>(now.instant.time_since_epoch()) / 2000;
}

}  // namespace

OrderDesk::OrderDesk(Surroundings surroundings, Terms terms, store::OrderCache& cache, lane::UsageLedger& ledger,
                     Ports ports)
    : surroundings_(surroundings),
      terms_(std::move(terms)),
      cache_(cache),
      ledger_(ledger),
      ports_(std::move(ports)),
      cursor_(cache.state().cursor),
      applied_at_(cache.state().applied_at) {
    for (const auto& position : cache.state().positions) {
        chains_[position.authority] = {position.number, position.hash};
    }
}

void OrderDesk::reconcile(const std::vector<store::OrderPosition>& journalled) {
    for (const auto& position : cache_.state().positions) {
        const auto known = std::find_if(journalled.begin(), journalled.end(), [&](const store::OrderPosition& one) {
            return one.authority == position.authority && one.number >= position.number;
        });
        if (known == journalled.end()) {
            surroundings_.log.notice("orders were applied and not recorded before the last stop",
                                     {{"authority", position.authority}, {"number", position.number}});
            applied({position.authority, position.number, position.hash, position.cursor, 0, 0, 0}, "restart");
        }
    }
}

std::optional<std::int64_t> OrderDesk::age_s(WallTime now) const {
    if (!applied_at_) {
        return std::nullopt;
    }
    return std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(now - *applied_at_).count());
}

std::vector<uplink::OrdersNeed> OrderDesk::needs() const {
    std::map<Authority, std::int64_t> from;
    for (const auto& row : terms_.policy.rows) {
        for (const auto& authority : row.consents) {
            from[authority] = 1;
        }
    }
    for (const auto& [authority, chain] : chains_) {
        from[authority] = chain.number + 1;
    }
    std::vector<uplink::OrdersNeed> needs;
    for (const auto& [authority, number] : from) {
        needs.push_back({authority, number});
    }
    return needs;
}

void OrderDesk::decide(const lane::Decide& question, std::function<void(lane::VerdictReady)> done) {
    const auto asked = supervision::question_for(question.facts);
    const auto now = surroundings_.clock.now();
    const bool taken = surroundings_.worker.post([this, question, asked, now, done] {
        auto answer = cache_.look_up(asked, now.wall);
        auto found = answer ? Answer{std::move(answer).value()} : std::nullopt;
        boost::asio::post(surroundings_.context, [this, question, found = std::move(found), done]() mutable {
            looked_up(std::move(question), found, std::move(done));
        });
    });
    if (!taken) {
        boost::asio::post(surroundings_.context, [this, question, done] { looked_up(question, std::nullopt, done); });
    }
}

void OrderDesk::looked_up(lane::Decide question, const Answer& answer, std::function<void(lane::VerdictReady)> done) {
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
    found.failure = answer ? "" : "the order cache did not answer";
    found.empty_cache = answer && !answer->applied_at;
    found.behind = !behind_.empty();
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
    const DecisionBasis basis{now, ports_.link_up(), clock_band(now)};
    auto verdict = supervision::evaluate(terms_.policy, question.facts, std::move(found), basis);
    verdict.evaluation =
        std::chrono::duration_cast<std::chrono::microseconds>(surroundings_.clock.now().instant - now.instant);
    done({question.passage, question.ask, std::move(verdict)});
}

void OrderDesk::take(InboundOrders inbound) {
    if (inbound_.size() >= most_inbound) {
        surroundings_.log.warning("too many order batches at once; this one is asked for again later",
                                  {{"channel", inbound.channel}});
        return;
    }
    inbound_.push_back(std::move(inbound));
    open_next();
}

void OrderDesk::open_next() {
    if (busy_ || inbound_.empty()) {
        return;
    }
    busy_ = true;
    auto inbound = std::move(inbound_.front());
    inbound_.pop_front();
    const auto now = surroundings_.clock.now();
    post([this, inbound = std::move(inbound), chains = chains_, now] {
        const OrderTerms terms{terms_.terminal, terms_.gate, now.wall, [&chains](const Authority& authority) {
                                   const auto chain = chains.find(authority);
                                   return chain == chains.end() ? codec::OrderChainState{} : chain->second;
                               }};
        auto result = open_orders(inbound.bytes, terms_.keys, terms);
        boost::asio::post(surroundings_.context, [this, inbound, result = std::move(result)]() mutable {
            opened(inbound, std::move(result));
        });
    });
}

void OrderDesk::opened(const InboundOrders& inbound, Result<OpenedOrders, DocumentRefused> result) {
    if (result) {
        apply(std::move(result).value(), inbound.channel);
        return;
    }
    refused(inbound, result.error());
    busy_ = false;
    open_next();
}

void OrderDesk::refused(const InboundOrders& inbound, const DocumentRefused& why) {
    const auto place = why.place;
    if (place == codec::BatchPlace::repeated || place == codec::BatchPlace::older) {
        return;  // the broker delivered again what was not acknowledged
    }
    const auto now = surroundings_.clock.now();
    if (place == codec::BatchPlace::gap && why.authority && why.number) {
        const auto first = chains_[*why.authority].number + 1;
        const auto [known, is_new] = behind_.try_emplace(*why.authority, *why.number);
        known->second = std::max(known->second, *why.number);
        if (is_new) {
            record({"order.gap", "gate", now,
                    Object{{"authority", why.authority->text()}, {"from", first}, {"to", *why.number - 1}},
                    std::nullopt});
        }
        ports_.request(*why.authority, first);
        return;
    }
    surroundings_.log.warning("orders refused", {{"cause", why.cause}, {"detail", why.detail}});
    record(document_refused_event(why, inbound.channel, 1, now));
}

void OrderDesk::apply(OpenedOrders orders, std::string channel) {
    const auto now = surroundings_.clock.now().wall;
    post([this, orders = std::move(orders), channel = std::move(channel), now] {
        cache_.begin({orders.batch.authority, orders.batch.number, orders.payload_hash, now, rows_of(orders.batch)});
        slice(channel);
    });
}

/// On the worker. Each slice is a piece of work of its own, so that look-ups go between.
void OrderDesk::slice(const std::string& channel) {
    auto done = cache_.apply_slice();
    if (!done) {
        const auto why = done.error().message;
        boost::asio::post(surroundings_.context, [this, why] {
            surroundings_.log.error("orders could not be stored; they are asked for again", {{"why", why}});
            busy_ = false;
            open_next();
        });
        return;
    }
    if (!done.value()) {
        boost::asio::post(surroundings_.context, [this, channel] { post([this, channel] { slice(channel); }); });
        return;
    }
    boost::asio::post(surroundings_.context, [this, batch = *done.value(), channel] {
        applied(batch, channel);
        tidy();
        busy_ = false;
        open_next();
    });
}

void OrderDesk::tidy() {
    post([this] {
        if (!cache_.untidy()) {
            return;
        }
        if (const auto failed = cache_.tidy()) {
            const auto why = failed->message;
            boost::asio::post(surroundings_.context, [this, why] {
                surroundings_.log.error("the order cache", {{"why", why}});
            });
            return;
        }
        boost::asio::post(surroundings_.context, [this] { tidy(); });
    });
}

void OrderDesk::applied(const store::BatchApplied& batch, const std::string& channel) {
    const auto now = surroundings_.clock.now();
    cursor_ = std::max(cursor_, batch.cursor);
    applied_at_ = now.wall;
    chains_[batch.authority] = {batch.number, batch.hash};
    if (const auto gap = behind_.find(batch.authority); gap != behind_.end() && batch.number >= gap->second) {
        behind_.erase(gap);
    }
    Submission submission;
    submission.events.push_back({"order.batch", "gate", now,
                                 Object{{"authority", batch.authority.text()},
                                        {"kind", "batch"},
                                        {"number", batch.number},
                                        {"hash", hex_text(batch.hash)},
                                        {"added", batch.added},
                                        {"changed", batch.changed},
                                        {"removed", batch.removed},
                                        {"refused", 0},
                                        {"cursor", batch.cursor},
                                        {"source", channel}},
                                 std::nullopt});
    submission.order_positions.push_back({batch.authority, batch.number, batch.hash, batch.cursor});
    ports_.submit(std::move(submission));
    surroundings_.log.info("orders applied", {{"authority", batch.authority}, {"number", batch.number}});
    ports_.changed(cursor_);
}

void OrderDesk::record(Event event) {
    Submission submission;
    submission.events.push_back(std::move(event));
    ports_.submit(std::move(submission));
}

/// The worker's queue is larger than all that can be under way; a full one means that it hangs.
void OrderDesk::post(std::function<void()> work) {
    if (!surroundings_.worker.post(std::move(work))) {
        ports_.fatal("the order cache does not answer any more");
    }
}

}  // namespace portcullis::gate
