#pragma once

#include <string>
#include <vector>

#include "core/policy.hpp"
#include "supervision/evaluate.hpp"
#include "tests/support/catch.hpp"

/// Short words for the tests: a truck at the out lane with one released import box, and ways to change it.
namespace portcullis::supervision::testing {

inline constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};

inline ContainerNumber box(const std::string& text) {
    return ContainerNumber::parse(text).value();
}
inline PlateNumber plate(const std::string& text) {
    return PlateNumber::parse(text).value();
}
inline PassageId passage_id(std::uint8_t last) {
    return PassageId{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}};
}

inline const std::string box_a = "CSQU3054383";
inline const std::string box_b = "MSKU0028235";
inline const std::string truck = "闽D12345";

/// The defaults of design.md 4, and a row for a movement that goes either way.
inline Policy default_policy() {
    const std::vector<Authority> ciq{Authority{"ciq"}};
    const std::vector<Authority> terminal{Authority{"terminal"}};
    return {{
        {Way::out, {}, Movement::import_laden, ciq, WithoutOrder::hold},
        {Way::in, {}, Movement::export_laden, {}, WithoutOrder::release},
        {{}, {}, Movement::empty_in, terminal, WithoutOrder::hold},
        {{}, {}, Movement::empty_out, terminal, WithoutOrder::hold},
        {{}, {}, Movement::transhipment, ciq, WithoutOrder::hold},
        {{}, {}, Movement::no_box, {}, WithoutOrder::release},
    }};
}

inline PassageFacts leaving(const std::vector<std::string>& boxes = {box_a}) {
    PassageFacts facts;
    facts.lane = LaneName{"out-1"};
    facts.gate = "g07";
    facts.control_point = ControlPoint{"g07"};
    facts.way = Way::out;
    facts.load = boxes.size() == 2 ? Load::two_20 : boxes.empty() ? Load::none : Load::one_40;
    facts.load_source = LoadSource::profile_beams;
    facts.boxes = static_cast<int>(boxes.size());
    facts.passage = passage_id(1);
    for (const auto& number : boxes) {
        facts.identity.containers.push_back({box(number), LoadPosition::not_applicable, "", 1, {}});
    }
    facts.identity.tractor = plate(truck);
    facts.required = {Identity::plate, Identity::container};
    return facts;
}

inline PassageFacts entering(const std::vector<std::string>& boxes = {box_a}) {
    auto facts = leaving(boxes);
    facts.way = Way::in;
    return facts;
}

inline FoundOrder dressed(Order order) {
    order.tractor_plates = {plate(truck)};
    order.valid_from = noon - std::chrono::hours{12};
    order.valid_to = noon + std::chrono::hours{12};
    order.officer = "A113";
    order.decided = noon - std::chrono::hours{20};
    FoundOrder found;
    found.order = std::move(order);
    found.previous_status = "none";
    return found;
}

inline FoundOrder release_order(const std::string& id, const std::string& container = box_a,
                                ReleaseStatus status = ReleaseStatus::released) {
    ReleaseOrder release;
    release.status = status;
    release.movement = Movement::import_laden;
    release.container = box(container);
    release.enterprise = "3502960123";
    release.origin = "NO";
    release.hs = {"0303140000"};
    Order order;
    order.authority = Authority{"ciq"};
    order.id = OrderId{id};
    order.body = release;
    return dressed(std::move(order));
}

inline FoundOrder appointment(const std::string& id, Movement movement, const std::string& container = "") {
    MovementOrder body;
    body.movement = movement;
    if (!container.empty()) {
        body.container = box(container);
    }
    Order order;
    order.authority = Authority{"terminal"};
    order.id = OrderId{id};
    order.body = body;
    return dressed(std::move(order));
}

inline FoundOrder targeting(const std::string& id, const TargetingMatch& match, TargetingAction action) {
    TargetingOrder body;
    body.match = match;
    body.action = action;
    body.method = {"radiation"};
    body.zone = "Z2";
    Order order;
    order.authority = Authority{"ciq"};
    order.id = OrderId{id};
    order.body = body;
    auto found = dressed(std::move(order));
    found.order.tractor_plates.clear();
    return found;
}

inline ReleaseOrder& release_of(FoundOrder& found) {
    return std::get<ReleaseOrder>(found.order.body);
}

inline OrdersFound found(std::vector<FoundOrder> orders) {
    OrdersFound answer;
    answer.cursor = 7;
    answer.state = DocumentState::fresh;
    answer.orders = std::move(orders);
    return answer;
}

inline DecisionBasis at(WallTime wall, std::chrono::milliseconds band = {}) {
    DecisionBasis basis;
    basis.now = {Instant{}, wall, ClockState::synchronised};
    basis.link_up = true;
    basis.clock_band = band;
    return basis;
}

inline Verdict decide(const PassageFacts& facts, std::vector<FoundOrder> orders,
                      const DecisionBasis& basis = at(noon)) {
    return evaluate(policy_alone(default_policy()), facts, found(std::move(orders)), basis);
}

/// The reason codes of a verdict as one text: what a failed test then shows.
inline std::string reasons(const Verdict& verdict) {
    std::string text;
    for (const auto& reason : verdict.reasons) {
        text += (text.empty() ? "" : " ") + std::string{text_of(reason.code)};
    }
    return text;
}

/// `hold: order_held order_released`
inline std::string outcome(const Verdict& verdict) {
    return std::string{text_of(verdict.outcome)} + ": " + reasons(verdict);
}

}  // namespace portcullis::supervision::testing
