#include "supervision/declared.hpp"

#include "supervision/order_checks.hpp"

namespace portcullis::supervision {
namespace {

void take_text(std::optional<std::string_view>& known, const std::optional<std::string>& said) {
    if (!known && said) {
        known = *said;
    }
}

template <class Word>
void take_word(Word& known, Word said) {
    if (known == Word::unknown) {
        known = said;
    }
}

}  // namespace

std::vector<const ReleaseOrder*> orders_that_count(const std::vector<FoundOrder>& orders, const ContainerNumber& box,
                                                   const PassageFacts& facts, const DecisionBasis& basis) {
    std::vector<const ReleaseOrder*> counting;
    for (const auto& found : orders) {
        const auto* release = found.order.release();
        if (release != nullptr && release->container == box && !found.order.revoked &&
            speaks_about(found.order, facts, basis)) {
            counting.push_back(release);
        }
    }
    return counting;
}

Declared::Declared(const ReleaseOrder* own, const std::vector<const ReleaseOrder*>& all) {
    orders_.push_back(own);
    take(*own);
    for (const auto* other : all) {
        if (other != own) {
            orders_.push_back(other);
            take(*other);
        }
    }
}

void Declared::take(const ReleaseOrder& order) {
    if (hs == nullptr && order.hs) {
        hs = &*order.hs;
    }
    if (seals == nullptr && order.seals) {
        seals = &*order.seals;
    }
    take_text(enterprise, order.enterprise);
    take_text(enterprise_class, order.enterprise_class);
    take_text(origin, order.origin);
    take_text(origin_region, order.origin_region);
    take_text(last_port, order.last_port);
    take_text(size_type, order.size_type);
    take_text(imdg, order.imdg);
    if (!gross_kg) {
        gross_kg = order.gross_kg;
    }
    take_word(fullness, order.fullness);
    take_word(wood, order.wood);
    take_word(ippc, order.ippc);
    take_word(reefer, order.reefer);
}

const std::string* Declared::attribute(std::string_view name) const {
    for (const auto* order : orders_) {
        if (const auto said = order->attributes.find(name); said != order->attributes.end()) {
            return &said->second;
        }
    }
    return nullptr;
}

const WallTime* Declared::date(std::string_view name) const {
    for (const auto* order : orders_) {
        if (const auto said = order->dates.find(name); said != order->dates.end()) {
            return &said->second;
        }
    }
    return nullptr;
}

std::vector<Declared> declarations_of(const std::vector<const ReleaseOrder*>& orders) {
    std::vector<Declared> declared;
    for (const auto* order : orders) {
        declared.emplace_back(order, orders);
    }
    if (declared.empty()) {
        declared.emplace_back();
    }
    return declared;
}

}  // namespace portcullis::supervision
