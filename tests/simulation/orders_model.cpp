#include "tests/simulation/orders_model.hpp"

#include <algorithm>
#include <array>

namespace portcullis::simulation {

ContainerNumber container_number(Random& random) {
    static constexpr std::array owners{"CSQ", "MSC", "COS", "TGH", "MAE"};
    for (;;) {
        auto text = std::string{random.of(owners)} + "U";
        for (int digit = 0; digit < 6; ++digit) {
            text += static_cast<char>('0' + random.below(10));
        }
        auto number = ContainerNumber::parse(text + '0');
        if (!number && number.error().expected_check) {
            number = ContainerNumber::parse(text + *number.error().expected_check);
        }
        if (number && !number->check_digit_ten()) {
            return *number;
        }
    }
}

std::string plate_text(Random& random) {
    std::string text = "闽D";
    for (int digit = 0; digit < 5; ++digit) {
        text += static_cast<char>('0' + random.below(10));
    }
    return text;
}

void OrdersModel::put(const Order& order, WallTime now) {
    ++cursor_;
    const auto* release = order.release();
    if (release == nullptr || !release->container) {
        return;
    }
    auto& orders = by_container_[release->container->packed()];
    const auto same = std::find_if(orders.begin(), orders.end(), [&](const FoundOrder& one) {
        return one.order.authority == order.authority && one.order.id == order.id;
    });
    if (same != orders.end()) {
        same->order = order;
        same->changed_at = now;
        ++same->changes_24h;
        return;
    }
    orders.push_back({order, now, now, "none", 0, {}});
}

OrdersFound OrdersModel::look_up(const OrderQuestion& question, const StoreModel& store) const {
    OrdersFound found;
    found.cursor = cursor_;
    found.empty_cache = cursor_ == 0;
    found.state = DocumentState::fresh;
    for (const auto& container : question.containers) {
        for (const auto& one : of(container)) {
            found.orders.push_back(one);
            auto& added = found.orders.back();
            added.usage = store.usage(added.order.authority, added.order.id, question.control_point);
        }
    }
    return found;
}

const std::vector<FoundOrder>& OrdersModel::of(const ContainerNumber& container) const {
    static const std::vector<FoundOrder> none;
    const auto found = by_container_.find(container.packed());
    return found == by_container_.end() ? none : found->second;
}

Order release_order(const Authority& authority, const ContainerNumber& container, Movement movement,
                    ReleaseStatus status) {
    ReleaseOrder release;
    release.status = status;
    release.movement = movement;
    release.container = container;
    Order order;
    order.authority = authority;
    order.id = OrderId{"R-" + container.text()};
    order.body = release;
    return order;
}

}  // namespace portcullis::simulation
