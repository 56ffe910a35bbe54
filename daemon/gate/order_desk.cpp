#include "gate/order_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
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
      applied_at_(cache.state().applied_at),
      silent_asked_at_(surroundings.clock.now().instant) {
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
            recall_changes(position);
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
    ask_the_silent(now);
    if (snapshots_) {
        snapshots_->tick(now);
    }
    watch_state(now);
}

void OrderDesk::ask_the_silent(Now now) {
    if (now.instant < silent_asked_at_ + silence_) {
        return;
    }
    silent_asked_at_ = now.instant;
    silence_ = std::min(2 * silence_, longest_silence);
    for (const auto& need : needs()) {
        if (need.from == 1 && !behind_.contains(need.authority)) {
            ports_.request(need.authority, need.from);
        }
    }
}

std::vector<uplink::OrdersNeed> OrderDesk::needs() const {
    std::map<Authority, std::int64_t> from;
    const auto& policy = ports_.policy ? ports_.policy() : terms_.policy;
    for (const auto& row : policy.rows) {
        for (const auto& authority : row.consents) {
            from[authority] = 1;
        }
    }
    for (const auto& [authority, keys] : terms_.trust.keys.by_authority) {
        from[authority] = 1;
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
        Delivery{inbound.channel, 0, {}, inbound.done}.tell("too much waits already");
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
    const auto before = std::exchange(terms_.trust, std::move(trust));
    if (snapshots_) {
        snapshots_->set_trust(terms_.trust);
    }
    for (const auto& [authority, mark] : terms_.trust.named) {
        const auto known = behind_.find(authority);
        const bool asked = known != behind_.end() && known->second >= mark.version;
        if (mark.version > chains_[authority].number && !asked) {
            fall_behind(authority, mark.version);
            ask_for(authority);
        }
    }
    // Nobody could believe them before, so what they have sent so far was not kept.
    for (const auto& [authority, keys] : terms_.trust.keys.by_authority) {
        if (!before.keys.by_authority.contains(authority) && !behind_.contains(authority)) {
            const auto chain = chains_.find(authority);
            ports_.request(authority, chain == chains_.end() ? 1 : chain->second.number + 1);
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
    read([this, inbound = std::move(inbound), chains = chains_, trust = terms_.trust, now] {
        OrderTerms terms{terms_.terminal, terms_.gate, std::max(now.wall, trust.time_floor.value_or(now.wall)),
                         [&chains](const Authority& authority) {
                             const auto chain = chains.find(authority);
                             return chain == chains.end() ? codec::OrderChainState{} : chain->second;
                         }};
        terms.named = [&trust](const Authority& authority) -> std::optional<DocumentMark> {
            const auto mark = trust.named.find(authority);
            return mark == trust.named.end() ? std::nullopt : std::optional{mark->second};
        };
        terms.has_room = [&](const Authority& authority) { return has_room(chains, trust.keys, authority); };
        auto result = read_guarded(surroundings_.quarantine, inbound.bytes, codec::orders_kind,
                                   [&] { return open_orders(inbound.bytes, trust.keys, terms); });
        boost::asio::post(surroundings_.context, [this, inbound, result = std::move(result)]() mutable {
            opened(inbound, std::move(result));
        });
    });
}

/// Whoever can sign for every authority could name ever new ones, each with a file of its own.
bool OrderDesk::has_room(const Chains& chains, const OrderKeys& keys, const Authority& authority) {
    return chains.size() < most_order_authorities || chains.contains(authority) ||
           keys.by_authority.contains(authority);
}

void OrderDesk::opened(const InboundOrders& inbound, Result<OpenedOrders, DocumentRefused> result) {
    if (result) {
        apply(std::move(result).value(), inbound);
        return;
    }
    refused(inbound, result.error());
    Delivery{inbound.channel, 0, {}, inbound.done}.tell(result.error().detail);
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
    Delivery delivery{inbound.channel, 0, {}, inbound.done};
    if (orders.passed_over) {
        // Nothing of it is for this gate, but the batches behind it name its hash.
        refused({{}, inbound.channel}, *orders.passed_over);
        delivery.passed_over = static_cast<std::int64_t>(orders.batch.operations.size());
        orders.batch.operations.clear();
    }
    auto used = used_in(orders.batch);
    delivery.used = static_cast<std::int64_t>(used.size());
    const auto authority = orders.batch.authority;
    take_places(authority, std::move(used),
                [this, held = std::make_shared<const OpenedOrders>(std::move(orders)), delivery] {
                    const auto now = surroundings_.clock.now().wall;
                    read([this, held, delivery, now] {
                        const auto& batch = held->batch;
                        apply({batch.authority, batch.number, held->payload_hash, now, rows_of(batch)}, delivery);
                    });
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

void OrderDesk::applied(const store::BatchApplied& batch, const Delivery& delivery) {
    cursor_ = std::max(cursor_, batch.cursor);
    applied_at_ = surroundings_.clock.now().wall;
    chains_[batch.authority] = {batch.number, batch.hash};
    if (const auto gap = behind_.find(batch.authority); gap != behind_.end() && batch.number >= gap->second) {
        behind_.erase(gap);
    }
    asked_at_ = surroundings_.clock.now().instant;  // it comes: no need to ask again yet
    follow_changes(batch, delivery, 0);
    surroundings_.log.info("orders applied", {{"authority", batch.authority}, {"number", batch.number}});
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
                                        {"used", delivery.used ? Value{*delivery.used} : Value{"unknown"}},
                                        {"cursor", batch.cursor},
                                        {"source", delivery.channel}},
                                 std::nullopt});
    std::ranges::move(changes_.told(), std::back_inserter(submission.events));
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
