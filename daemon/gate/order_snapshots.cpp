// Of the order desk: snapshots that take the place of an authority's orders.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "gate/order_desk.hpp"
#include "store/order_files.hpp"

namespace portcullis::gate {

void OrderDesk::make_snapshot_desk() {
    SnapshotDesk::Ports ports;
    ports.request = [this](const uplink::SnapshotNeed& need) { ports_.request_snapshot(need); };
    ports.refused = [this](const DocumentRefused& why, const std::string& channel) { count_refused(why, channel); };
    ports.filled = [this](std::unique_ptr<store::OrderFill> fill, const std::string& channel) {
        filled_ = Filled{std::move(fill), channel};
        open_next();
    };
    ports.least_number = [this](const Authority& authority) { return least_snapshot(authority); };
    ports.has_room = [this](const Authority& authority) { return has_room(chains_, terms_.trust.keys, authority); };
    ports.used = [this](const Authority& authority, const std::vector<UsedOrder>& used, std::function<void()> then) {
        take_places(authority, used, std::move(then));
    };
    ports.fatal = ports_.fatal;
    snapshots_ = std::make_unique<SnapshotDesk>(
        SnapshotDesk::Surroundings{surroundings_.context, surroundings_.clock, surroundings_.log,
                                   *surroundings_.snapshots, surroundings_.quarantine, surroundings_.documents},
        SnapshotDesk::Terms{terms_.terminal, terms_.gate, terms_.fill}, std::move(ports));
    snapshots_->set_trust(terms_.trust);
}

void OrderDesk::take_snapshot(uplink::InboundDocument piece, const std::string& channel) {
    if (!snapshots_) {
        return;
    }
    if (piece.piece.chunk == 0) {
        snapshots_->take_head(std::move(piece.bytes), channel);
    } else {
        snapshots_->take_chunk(
            {std::move(piece.piece.authority), piece.piece.number, piece.piece.chunk, std::move(piece.bytes)});
    }
}

void OrderDesk::take_snapshot(std::string head, SnapshotFile file) {
    snapshots_->take_head(std::move(head), "file", std::move(file));
}

/// Also after the cache was lost none from before what this stream applied: what was revoked since would be in force.
std::int64_t OrderDesk::least_snapshot(const Authority& authority) const {
    const auto chain = chains_.find(authority);
    const auto floor = floors_.find(authority);
    return std::max(chain == chains_.end() ? 1 : chain->second.number + 1, floor == floors_.end() ? 1 : floor->second);
}

void OrderDesk::ask_for_snapshot(const Authority& authority) {
    if (snapshots_ && !snapshots_->busy()) {
        ports_.request_snapshot({authority, 0, 0});
    }
}

void OrderDesk::swap_in() {
    auto filled = std::move(*std::exchange(filled_, std::nullopt));
    if (filled.fill->position().number < least_snapshot(filled.fill->authority())) {
        surroundings_.log.info("batches were faster than their snapshot", {{"authority", filled.fill->authority()}});
        snapshots_->settled("batches were faster");
        remove_later({}, std::move(filled.fill));
        return open_next();
    }
    busy_ = true;
    const auto now = surroundings_.clock.now().wall;
    post([this, now, holder = std::make_shared<Filled>(std::move(filled))] {
        auto result = cache_.swap_in(std::move(holder->fill), now);
        boost::asio::post(surroundings_.context,
                          [this, result = std::move(result), channel = holder->channel] { swapped(result, channel); });
    });
}

void OrderDesk::swapped(const Result<store::OrderCache::Swapped, store::StoreFailure>& result,
                        const std::string& channel) {
    snapshots_->settled(result ? std::nullopt : std::optional{result.error().message});
    if (!result) {
        if (result.error().fault != store::StoreFault::full) {
            return ports_.fatal("the order cache is in doubt, a restart reads what is there: " +
                                result.error().message);
        }
        surroundings_.log.error("a snapshot could not be put in place; it is asked for again",
                                {{"why", result.error().message}});
        return finished();
    }
    const auto authority = result->applied.authority;
    applied(result->applied, {channel});
    remove_later(result->left_over, nullptr);
    ask_for(authority);
}

/// Removing a large file takes long: not on the worker that looks up.
void OrderDesk::remove_later(std::vector<std::filesystem::path> databases, std::unique_ptr<store::OrderFill> fill) {
    const bool taken = surroundings_.snapshots->post(
        [this, databases = std::move(databases), fill = std::shared_ptr<store::OrderFill>{std::move(fill)}]() mutable {
            fill.reset();
            for (const auto& database : databases) {
                if (const auto failed = store::remove_database(database)) {
                    boost::asio::post(surroundings_.context, [this, why = failed->message] {
                        surroundings_.log.warning("orders that a snapshot replaced are still there", {{"why", why}});
                    });
                }
            }
        });
    if (!taken) {
        surroundings_.log.warning("orders that a snapshot replaced are removed by the next start", {});
    }
}

}  // namespace portcullis::gate
