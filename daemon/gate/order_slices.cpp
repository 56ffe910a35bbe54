// Of the order desk: batches applied by slices, each a piece of work of its own so that look-ups go between. What reads
// long, or waits for the disk, is the documents' worker's.
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "gate/order_desk.hpp"
#include "store/order_sync.hpp"

namespace portcullis::gate {

void OrderDesk::read(std::function<void()> work) {
    if (surroundings_.documents == nullptr) {
        return post(std::move(work));
    }
    if (!surroundings_.documents->post(std::move(work))) {
        ports_.fatal("orders cannot be read any more: the worker of documents does not answer");
    }
}

void OrderDesk::apply(store::OrderBatchRows rows, const Delivery& delivery) {
    boost::asio::post(surroundings_.context, [this, rows = std::move(rows), delivery]() mutable {
        post([this, holder = std::make_shared<store::OrderBatchRows>(std::move(rows)), delivery] {
            const auto authority = holder->authority;
            const auto number = holder->number;
            cache_.begin(std::move(*holder));
            slice(authority, number, delivery);
        });
    });
}

/// On the worker, as all below.
void OrderDesk::slice(const Authority& authority, std::int64_t number, const Delivery& delivery) {
    const auto next = [this, authority, number, delivery] { slice(authority, number, delivery); };
    if (cache_.syncing()) {
        return go_on(next);
    }
    auto done = cache_.apply_slice();
    if (!done) {
        boost::asio::post(surroundings_.context, [this, authority, number, delivery, failure = done.error()] {
            not_applied(authority, number, delivery, failure);
        });
        return;
    }
    if (!done.value()) {
        return go_on(next);
    }
    boost::asio::post(surroundings_.context, [this, batch = *done.value(), delivery] {
        applied(batch, delivery);
        tidy();
    });
}

void OrderDesk::tidy() {
    post([this] {
        if (!std::exchange(tidying_, true)) {
            tidy_slice();
        }
    });
}

void OrderDesk::tidy_slice() {
    if (cache_.syncing()) {
        return go_on([this] { tidy_slice(); });
    }
    if (!cache_.untidy()) {
        tidying_ = false;
        return;
    }
    if (const auto failed = cache_.tidy()) {
        tidying_ = false;
        boost::asio::post(surroundings_.context, [this, why = failed->message] {
            surroundings_.log.error("the order cache", {{"why", why}});
        });
        return;
    }
    go_on([this] { tidy_slice(); });
}

/// Does `work` as the next piece, behind look-ups that wait, and not before a sync that it needs is over.
void OrderDesk::go_on(std::function<void()> work) {
    going_on_.push_back(std::move(work));
    if (cache_.syncing()) {
        return;  // its end takes this along
    }
    auto sync = surroundings_.documents == nullptr ? nullptr : cache_.take_sync();
    if (sync == nullptr) {
        return go_on();
    }
    const auto over = [this, sync] {
        // A failure meets whoever comes next.
        static_cast<void>(cache_.synced(*sync));
        go_on();
    };
    const bool posted = surroundings_.documents->post([this, sync, over] {
        sync->run();
        boost::asio::post(surroundings_.context, [this, over] { post(over); });
    });
    if (!posted) {
        sync->run();
        over();
    }
}

void OrderDesk::go_on() {
    for (auto& work : std::exchange(going_on_, {})) {
        boost::asio::post(surroundings_.context, [this, work = std::move(work)]() mutable { post(std::move(work)); });
    }
}

}  // namespace portcullis::gate
