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

std::optional<ContainerNumber> container_of(const Order& order) {
    if (const auto* release = order.release()) {
        return release->container;
    }
    if (const auto* movement = order.movement()) {
        return movement->container;
    }
    return order.targeting()->match.container;
}

void OrdersModel::put(const Order& order, WallTime now) {
    ++cursor_;
    const auto [row, fresh] = orders_.try_emplace({order.authority, order.id});
    auto& found = row->second;
    found.order = order;
    found.changed_at = now;
    if (!fresh) {
        ++found.changes_24h;
        return;
    }
    found.first_seen = now;
    found.previous_status = "none";
    if (const auto container = container_of(order)) {
        by_container_[container->packed()].push_back(&found);
    } else if (const auto* targeting = order.targeting()) {
        by_plate_[targeting->match.plate->text()].push_back(&found);
    } else {
        for (const auto& plate : order.tractor_plates) {
            by_plate_[plate.text()].push_back(&found);
        }
    }
}

OrdersFound OrdersModel::look_up(const OrderQuestion& question, const StoreModel& store) const {
    OrdersFound found;
    found.cursor = cursor_;
    found.empty_cache = cursor_ == 0;
    found.state = DocumentState::fresh;
    std::vector<const FoundOrder*> rows;
    const auto add = [&](const auto& index, const auto& key) {
        const auto named = index.find(key);
        if (named == index.end()) {
            return;
        }
        for (const auto* row : named->second) {
            if (std::find(rows.begin(), rows.end(), row) == rows.end()) {
                rows.push_back(row);
            }
        }
    };
    for (const auto& container : question.containers) {
        add(by_container_, container.packed());
    }
    for (const auto& container : question.near_containers) {
        add(by_container_, container.packed());
    }
    for (const auto& plate : question.plates) {
        add(by_plate_, plate.text());
    }
    for (const auto& plate : question.near_plates) {
        add(by_plate_, plate.text());
    }
    found.orders.reserve(rows.size());
    for (const auto* row : rows) {
        found.orders.push_back(*row);
        auto& added = found.orders.back();
        added.usage = store.usage(added.order.authority, added.order.id, question.control_point);
    }
    return found;
}

}  // namespace portcullis::simulation
