#include "store/order_row.hpp"

#include <utility>

namespace portcullis::store {
namespace {

void find_by_container_or_plates(OrderRow& row, const std::optional<ContainerNumber>& container, const Order& order) {
    row.container = container;
    if (!container) {
        row.plates = order.tractor_plates;
    }
}

void find_targeting(OrderRow& row, const TargetingMatch& match) {
    if (match.container) {
        row.container = match.container;
    } else if (match.plate) {
        row.plates = {*match.plate};
    } else if (match.enterprise) {
        row.targeting = {TargetingKeyKind::enterprise, *match.enterprise};
    } else if (match.hs) {
        row.targeting = {TargetingKeyKind::hs, *match.hs};
    } else if (match.origin) {
        row.targeting = {TargetingKeyKind::origin, *match.origin};
    }
}

}  // namespace

OrderRow order_row(const Order& order, std::string body) {
    OrderRow row;
    row.id = order.id;
    row.body = std::move(body);
    row.valid_to = order.valid_to;
    if (const auto* release = order.release()) {
        row.status = text_of(release->status);
        find_by_container_or_plates(row, release->container, order);
        row.enterprise = release->enterprise;
        row.origin = release->origin;
        row.hs = release->hs.value_or(std::vector<std::string>{});
    } else if (const auto* movement = order.movement()) {
        row.status = "active";
        find_by_container_or_plates(row, movement->container, order);
    } else if (const auto* targeting = order.targeting()) {
        row.status = text_of(targeting->action);
        find_targeting(row, targeting->match);
    }
    return row;
}

}  // namespace portcullis::store
