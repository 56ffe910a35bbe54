// Of the order desk: places of orders that were used elsewhere.
#include <algorithm>
#include <utility>

#include "gate/order_desk.hpp"

namespace portcullis::gate {

namespace {

/// So many places in one transaction: a verdict's commit waits for no more.
constexpr std::size_t places_in_slice = 500;

}  // namespace

std::vector<UsedOrder> OrderDesk::used_in(const OrderBatch& batch) {
    std::vector<UsedOrder> used;
    for (const auto& operation : batch.operations) {
        if (const auto* one = std::get_if<UsedOrder>(&operation)) {
            used.push_back(*one);
        }
    }
    return used;
}

/// They are durable before what came with them is in force: a crash in between leaves a place taken, never one free,
/// and the batch that comes again takes the same places.
void OrderDesk::take_places(const Authority& authority, std::vector<UsedOrder> used, std::function<void()> then) {
    if (used.empty()) {
        then();
        return;
    }
    Submission submission;
    const auto slice = std::min(used.size(), places_in_slice);
    const auto end = used.begin() + static_cast<std::ptrdiff_t>(slice);
    std::transform(used.begin(), end, std::back_inserter(submission.usage), [&](const UsedOrder& one) {
        return lane::UsageChange{
            {authority, one.id, one.container, one.control_point}, one.passage, UsageState::used, one.place};
    });
    used.erase(used.begin(), end);
    submission.committed = [this, authority, rest = std::move(used), then = std::move(then)]() mutable {
        take_places(authority, std::move(rest), std::move(then));
    };
    ports_.submit(std::move(submission));
}

}  // namespace portcullis::gate
