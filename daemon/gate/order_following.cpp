// The order desk follows what a batch changed, so that it is recorded with the batch.
#include <boost/asio/post.hpp>
#include <utility>

#include "gate/order_desk.hpp"

namespace portcullis::gate {

/// A page of what the batch changed, page by page so that look-ups go between; in the end the batch itself.
void OrderDesk::follow_changes(const store::BatchApplied& batch, const Delivery& delivery, std::int64_t after) {
    const auto over = [this, batch, delivery] {
        record_batch(batch, delivery, [this, delivery] {
            delivery.tell(std::nullopt);
            finished();
        });
        // Behind its record, so that verdicts stand behind the batch that they rest on.
        ports_.changed(cursor_);
    };
    if (batch.snapshot) {
        return over();  // all of it is new
    }
    post([this, batch, delivery, after, over] {
        auto changes = cache_.newest_changes(batch.authority, after, OrderChanges::page);
        boost::asio::post(surroundings_.context, [this, batch, delivery, over, changes = std::move(changes)] {
            if (const auto next = take_changes(batch, changes)) {
                follow_changes(batch, delivery, *next);
            } else {
                over();
            }
        });
    });
}

/// Where the next page begins; nothing = that was the last.
std::optional<std::int64_t> OrderDesk::take_changes(const store::BatchApplied& batch,
                                                    const Result<store::StatusChanges, store::StoreFailure>& changes) {
    if (!changes) {
        surroundings_.log.error("what a batch changed could not be read, and is not told",
                                {{"authority", batch.authority}, {"why", changes.error().message}});
        return std::nullopt;
    }
    changes_.take(batch, changes->changes, surroundings_.clock.now());
    return changes->more ? std::optional{changes->last} : std::nullopt;
}

/// Of a batch that a crash kept from being recorded. Before the worker has its first work.
void OrderDesk::recall_changes(const store::BatchApplied& batch) {
    for (std::optional<std::int64_t> after = 0; after && !batch.snapshot;) {
        after = take_changes(batch, cache_.newest_changes(batch.authority, *after, OrderChanges::page));
    }
}

std::vector<Authority> OrderDesk::authorities() const {
    std::vector<Authority> authorities;
    for (const auto& [authority, chain] : chains_) {
        if (chain.number > 0) {
            authorities.push_back(authority);
        }
    }
    return authorities;
}

bool OrderDesk::complete(const Authority& authority) const {
    const auto chain = chains_.find(authority);
    return chain != chains_.end() && chain->second.number > 0 && !behind_.contains(authority);
}

}  // namespace portcullis::gate
