#include "gate/order_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/orders.hpp"
#include "gate/guarded_reading.hpp"

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

}  // namespace

OrderDesk::OrderDesk(Surroundings surroundings, Terms terms, store::OrderCache& cache, lane::UsageLedger& ledger,
                     Ports ports)
    : surroundings_(surroundings),
      terms_(std::move(terms)),
      own_(std::make_shared<const supervision::CompiledRuleset>(supervision::policy_alone(terms_.policy))),
      cache_(cache),
      ledger_(ledger),
      ports_(std::move(ports)),
      cursor_(cache.state().cursor),
      applied_at_(cache.state().applied_at) {
    for (const auto& position : cache.state().positions) {
        chains_[position.authority] = {position.number, position.hash};
    }
    if (surroundings_.snapshots != nullptr) {
        make_snapshot_desk();
    }
}

void OrderDesk::reconcile(const std::vector<store::OrderPosition>& journalled) {
    for (const auto& known : journalled) {
        floors_[known.authority] = known.number;
        // Also an authority that policy does not name is asked for again.
        if (chains_[known.authority].number < known.number) {
            surroundings_.log.warning("orders that were applied are gone; they are asked for",
                                      {{"authority", known.authority}, {"number", known.number}});
            fall_behind(known.authority, known.number);
        }
    }
    for (const auto& position : cache_.state().positions) {
        const bool known = std::any_of(journalled.begin(), journalled.end(), [&](const store::OrderPosition& one) {
            return one.authority == position.authority && one.number >= position.number;
        });
        if (!known) {
            surroundings_.log.notice("orders were applied and not recorded before the last stop",
                                     {{"authority", position.authority}, {"number", position.number}});
            record_batch(position, {"restart"}, {});
        }
    }
}

void OrderDesk::tick(Now now) {
    for (auto& event : refused_documents_.due(now)) {
        record(std::move(event));
    }
    if (!behind_.empty() && now.instant >= asked_at_ + ask_again) {
        // Batches that were asked for and did not come may not be there any more.
        for (const auto& [authority, number] : behind_) {
            ask_for(authority);
            ask_for_snapshot(authority);
        }
    }
    if (snapshots_) {
        snapshots_->tick(now);
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
    const auto& policy = ports_.policy ? ports_.policy() : terms_.policy;
    for (const auto& row : policy.rows) {
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

void OrderDesk::take(InboundOrders inbound) {
    const bool fits = inbound_.empty() || inbound_bytes_ + inbound.bytes.size() <= most_inbound_bytes;
    if (inbound_.size() >= most_inbound || !fits) {
        Delivery{inbound.channel, 0, inbound.done}.tell("too much waits already");
        if (!std::exchange(dropped_, true)) {
            surroundings_.log.warning("too many order batches at once; the newest are asked for again later",
                                      {{"channel", inbound.channel}});
        }
        return;
    }
    inbound_bytes_ += inbound.bytes.size();
    inbound_.push_back(std::move(inbound));
    open_next();
}

void OrderDesk::set_trust(OrderTrust trust) {
    terms_.trust = std::move(trust);
    if (snapshots_) {
        snapshots_->set_trust(terms_.trust);
    }
    for (const auto& [authority, mark] : terms_.trust.named) {
        if (mark.version > chains_[authority].number) {
            fall_behind(authority, mark.version);
            ask_for(authority);
        }
    }
}

void OrderDesk::finished() {
    busy_ = false;
    open_next();
}

void OrderDesk::open_next() {
    if (busy_) {
        return;
    }
    if (filled_) {
        return swap_in();
    }
    if (inbound_.empty()) {
        if (std::exchange(dropped_, false)) {
            for (const auto& need : needs()) {
                ports_.request(need.authority, need.from);
            }
        }
        return;
    }
    busy_ = true;
    auto inbound = std::move(inbound_.front());
    inbound_.pop_front();
    inbound_bytes_ -= inbound.bytes.size();
    const auto now = surroundings_.clock.now();
    post([this, inbound = std::move(inbound), chains = chains_, trust = terms_.trust, now] {
        OrderTerms terms{terms_.terminal, terms_.gate, std::max(now.wall, trust.time_floor.value_or(now.wall)),
                         [&chains](const Authority& authority) {
                             const auto chain = chains.find(authority);
                             return chain == chains.end() ? codec::OrderChainState{} : chain->second;
                         }};
        terms.named = [&trust](const Authority& authority) -> std::optional<DocumentMark> {
            const auto mark = trust.named.find(authority);
            return mark == trust.named.end() ? std::nullopt : std::optional{mark->second};
        };
        auto result = read_guarded(surroundings_.quarantine, inbound.bytes, codec::orders_kind,
                                   [&] { return open_orders(inbound.bytes, trust.keys, terms); });
        boost::asio::post(surroundings_.context, [this, inbound, result = std::move(result)]() mutable {
            opened(inbound, std::move(result));
        });
    });
}

void OrderDesk::opened(const InboundOrders& inbound, Result<OpenedOrders, DocumentRefused> result) {
    if (result) {
        apply(std::move(result).value(), inbound);
        return;
    }
    refused(inbound, result.error());
    Delivery{inbound.channel, 0, inbound.done}.tell(result.error().detail);
    finished();
}

void OrderDesk::refused(const InboundOrders& inbound, const DocumentRefused& why) {
    const auto place = why.place;
    if (place == codec::BatchPlace::repeated || place == codec::BatchPlace::older) {
        return;  // the broker delivered again what was not acknowledged
    }
    if (place == codec::BatchPlace::gap && why.authority && why.number) {
        if (!behind_.contains(*why.authority)) {
            record({"order.gap", "gate", surroundings_.clock.now(),
                    Object{{"authority", why.authority->text()},
                           {"from", chains_[*why.authority].number + 1},
                           {"to", *why.number - 1}},
                    std::nullopt});
        }
        fall_behind(*why.authority, *why.number);
        ask_for(*why.authority);
        return;
    }
    count_refused(why, inbound.channel);
    const bool was_next = place == codec::BatchPlace::next && why.cause == codec::RefusalCause::expiry;
    if ((was_next || place == codec::BatchPlace::forked) && why.authority && why.number) {
        // No batch can follow one that is never taken.
        fall_behind(*why.authority, *why.number);
        ask_for_snapshot(*why.authority);
    }
}

void OrderDesk::count_refused(const DocumentRefused& why, const std::string& channel) {
    if (auto event = refused_documents_.add(why, channel, surroundings_.clock.now())) {
        surroundings_.log.warning("orders refused", {{"cause", why.cause}, {"detail", why.detail}});
        record(std::move(*event));
    }
}

void OrderDesk::fall_behind(const Authority& authority, std::int64_t number) {
    auto& newest = behind_[authority];
    newest = std::max(newest, number);
}

void OrderDesk::ask_for(const Authority& authority) {
    asked_at_ = surroundings_.clock.now().instant;
    ports_.request(authority, chains_[authority].number + 1);
}

void OrderDesk::apply(OpenedOrders orders, const InboundOrders& inbound) {
    Delivery delivery{inbound.channel, 0, inbound.done};
    if (orders.passed_over) {
        // Nothing of it is for this gate, but the batches behind it name its hash.
        refused({{}, inbound.channel}, *orders.passed_over);
        delivery.passed_over = static_cast<std::int64_t>(orders.batch.operations.size());
        orders.batch.operations.clear();
    }
    const auto now = surroundings_.clock.now().wall;
    post([this, orders = std::move(orders), delivery = std::move(delivery), now] {
        const auto& batch = orders.batch;
        cache_.begin({batch.authority, batch.number, orders.payload_hash, now, rows_of(batch)});
        slice(batch.authority, batch.number, delivery);
    });
}

/// On the worker. Each slice is a piece of work of its own, so that look-ups go between.
void OrderDesk::slice(const Authority& authority, std::int64_t number, const Delivery& delivery) {
    auto done = cache_.apply_slice();
    if (!done) {
        boost::asio::post(surroundings_.context, [this, authority, number, delivery, failure = done.error()] {
            not_applied(authority, number, delivery, failure);
        });
        return;
    }
    if (!done.value()) {
        boost::asio::post(surroundings_.context, [this, authority, number, delivery] {
            post([this, authority, number, delivery] { slice(authority, number, delivery); });
        });
        return;
    }
    boost::asio::post(surroundings_.context, [this, batch = *done.value(), delivery] {
        applied(batch, delivery);
        tidy();
    });
}

void OrderDesk::not_applied(const Authority& authority, std::int64_t number, const Delivery& delivery,
                            const store::StoreFailure& failure) {
    delivery.tell(failure.message);
    if (failure.fault != store::StoreFault::full) {
        ports_.fatal("the order cache is in doubt, a restart reads what is there: " + failure.message);
        return;
    }
    surroundings_.log.error("orders could not be stored; they are asked for again",
                            {{"authority", authority}, {"number", number}, {"why", failure.message}});
    fall_behind(authority, number);
    ask_for(authority);
    finished();
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

void OrderDesk::applied(const store::BatchApplied& batch, const Delivery& delivery) {
    cursor_ = std::max(cursor_, batch.cursor);
    applied_at_ = surroundings_.clock.now().wall;
    chains_[batch.authority] = {batch.number, batch.hash};
    if (const auto gap = behind_.find(batch.authority); gap != behind_.end() && batch.number >= gap->second) {
        behind_.erase(gap);
    }
    asked_at_ = surroundings_.clock.now().instant;  // it comes: no need to ask again yet
    record_batch(batch, delivery, [this, delivery] {
        delivery.tell(std::nullopt);
        finished();
    });
    surroundings_.log.info("orders applied", {{"authority", batch.authority}, {"number", batch.number}});
    ports_.changed(cursor_);
}

void OrderDesk::record_batch(const store::BatchApplied& batch, const Delivery& delivery,
                             std::function<void()> committed) {
    Submission submission;
    submission.events.push_back({"order.batch", "gate", surroundings_.clock.now(),
                                 Object{{"authority", batch.authority.text()},
                                        {"kind", batch.snapshot ? "snapshot" : "batch"},
                                        {"number", batch.number},
                                        {"hash", hex_text(batch.hash)},
                                        {"added", batch.added},
                                        {"changed", batch.changed},
                                        {"removed", batch.removed},
                                        {"refused", delivery.passed_over},
                                        {"cursor", batch.cursor},
                                        {"source", delivery.channel}},
                                 std::nullopt});
    submission.order_positions.push_back({batch.authority, batch.number, batch.hash, batch.cursor});
    submission.committed = std::move(committed);
    ports_.submit(std::move(submission));
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
