// What the lane's sign says. It is told beside the lights and never instead of them.
#include <algorithm>
#include <array>

#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

/// Reasons that its own plates or numbers give: the driver sees why a person has to come.
constexpr std::array not_read{ReasonCode::plate_unread,      ReasonCode::plate_temporary,  ReasonCode::container_unread,
                              ReasonCode::container_invalid, ReasonCode::readers_disagree, ReasonCode::boxes_differ,
                              ReasonCode::load_unknown};
/// Reasons that its own papers give.
constexpr std::array no_order{ReasonCode::order_missing, ReasonCode::order_expired, ReasonCode::order_not_yet_valid,
                              ReasonCode::order_other_gate, ReasonCode::order_other_way};

bool gives(const Verdict& verdict, const auto& codes) {
    return std::any_of(verdict.reasons.begin(), verdict.reasons.end(), [&](const Reason& reason) {
        return std::find(codes.begin(), codes.end(), reason.code) != codes.end();
    });
}

/// Only reasons that anybody may know are looked at: whoever is targeted or drawn sees what all others see.
SignText waiting(const Passage& passage) {
    if (passage.verdict && gives(*passage.verdict, not_read)) {
        return SignText::not_read;
    }
    return passage.verdict && gives(*passage.verdict, no_order) ? SignText::no_order : SignText::wait_person;
}

std::string zone_of(const Passage& passage) {
    return passage.verdict ? passage.verdict->zone.value_or("") : "";
}

}  // namespace

SignMessage Lane::sign_message() const {
    if (mode_ != LaneMode::automatic) {
        return {SignText::lane_closed, ""};
    }
    const auto* first = head();
    if (first == nullptr) {
        return {inputs_.anything_there() ? SignText::stop : SignText::lane_free, ""};
    }
    switch (first->state()) {
        case PassageState::arriving:
        case PassageState::identifying:
            return {SignText::stop, ""};
        case PassageState::deciding:
            return {SignText::wait, ""};
        case PassageState::permitted: {
            if (!may_go()) {
                return {SignText::wait, ""};
            }
            auto zone = zone_of(*first);
            return zone.empty() ? SignMessage{SignText::go, ""} : SignMessage{SignText::go_to_zone, std::move(zone)};
        }
        case PassageState::referred:
            return {waiting(*first), ""};
        case PassageState::diverted: {
            auto zone = zone_of(*first);
            return zone.empty() ? SignMessage{waiting(*first), ""} : SignMessage{SignText::to_zone, std::move(zone)};
        }
        case PassageState::refused:
            return {SignText::turn_back, ""};
        case PassageState::passing:
        case PassageState::ended:
            break;
    }
    return {SignText::stop, ""};  // to who comes behind
}

void Lane::show_sign(Turn& turn) {
    if (!settings_.has(Role::sign) || !started_) {
        return;
    }
    auto message = sign_message();
    if (sign_ == message) {
        return;
    }
    turn.record(events(turn).sign(message, head()));
    turn.show(message);
    sign_ = std::move(message);
}

}  // namespace portcullis::lane
