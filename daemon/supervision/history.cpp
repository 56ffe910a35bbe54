#include "supervision/history.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "supervision/event_data.hpp"
#include "supervision/near.hpp"

namespace portcullis::supervision {
namespace {

/// Where no plate was read there is no visit of it.
void add_plate(HistoryChange& change, const Event& event, std::string_view text) {
    if (text == "unknown" || text == "none") {
        return;
    }
    const auto passage = PassageId::parse(text_at(event.data, "passage"));
    const auto plate = PlateNumber::parse(text);
    if (passage && plate) {
        change.plates.push_back(
            {plate->text(), *passage, LaneName{std::string{text_at(event.data, "lane")}}, event.at.wall});
    }
}

void add_plates(HistoryChange& change, const Event& event, std::string_view name) {
    for (const auto& one : list_at(event.data, name)) {
        if (const auto* text = one.get<std::string>()) {
            add_plate(change, event, *text);
        }
    }
}

/// Where the boxes of a passage are once it has ended; nothing = where they were before.
std::optional<BoxPlace> place_after(const Value& ended) {
    const auto outcome = word_at(ended, "outcome", PassageOutcome::voided);
    const auto way = word_at(ended, "way", Way::unknown);
    if (outcome == PassageOutcome::interrupted) {
        return BoxPlace::unknown;
    }
    if (outcome != PassageOutcome::cleared) {
        return std::nullopt;
    }
    return way == Way::in ? BoxPlace::inside : way == Way::out ? BoxPlace::outside : BoxPlace::unknown;
}

void add_boxes(HistoryChange& change, const Event& event) {
    const auto place = place_after(event.data);
    if (!place || text_at(event.data, "test") == "yes") {
        return;
    }
    for (const auto& one : list_at(event.data, "box_coverage")) {
        if (const auto container = ContainerNumber::parse(text_at(one, "container"))) {
            change.boxes.push_back({*container, *place, event.at.wall, word_at(one, "laden", Tristate::unknown),
                                    std::string{text_at(one, "enterprise")}});
        }
    }
}

/// Whether it says why its box was picked: nobody at the gate is to hear of it before a verdict names it.
bool says_why(const Value& order) {
    const auto status = text_at(order, "status");
    return text_at(order, "kind") == "targeting" || status == "inspect" || status == "treat";
}

void add_named(HistoryChange& change, const Event& event) {
    for (const auto& one : list_at(event.data, "orders")) {
        if (says_why(one)) {
            change.named.push_back(
                {Authority{std::string{text_at(one, "authority")}}, OrderId{std::string{text_at(one, "order_id")}}});
        }
    }
}

}  // namespace

HistoryChange history_of(const Event& event) {
    HistoryChange change;
    if (event.type == "passage.identified") {
        add_plate(change, event, text_at(event.data, "tractor"));
        add_plate(change, event, text_at(event.data, "trailer"));
        add_plates(change, event, "other_plates");
    } else if (event.type == "passage.ended") {
        add_plates(change, event, "plates");
        add_boxes(change, event);
    } else if (event.type == "verdict.issued") {
        add_named(change, event);
    }
    return change;
}

HistoryQuestion history_question(const PassageFacts& facts, const OrdersFound& found) {
    HistoryQuestion question{facts.passage, {}, {}, {}};
    for (const auto& plate : plates_read(facts.identity)) {
        question.plates.push_back(plate.text());
    }
    for (const auto& box : facts.identity.containers) {
        question.boxes.push_back(box.number);
    }
    for (const auto& one : found.orders) {
        const auto* release = one.order.release();
        if (release != nullptr && release->enterprise &&
            std::find(question.enterprises.begin(), question.enterprises.end(), *release->enterprise) ==
                question.enterprises.end()) {
            question.enterprises.push_back(*release->enterprise);
        }
    }
    return question;
}

void put_history(PassageFacts& facts, const HistoryFound& found) {
    facts.measures.visits = found.visits;
    facts.measures.boxes_inside = found.boxes_inside;
    facts.measures.boxes_inside_known = true;
    for (const auto& [container, history] : found.boxes) {
        auto& boxes = facts.measures.boxes;
        auto box = std::find_if(boxes.begin(), boxes.end(),
                                [&known = container](const BoxMeasures& one) { return one.container == known; });
        if (box == boxes.end()) {
            box = boxes.insert(boxes.end(), {container, SealState::unknown, {}, {}, {}, {}, {}, {}});
        }
        box->history = history;
    }
}

}  // namespace portcullis::supervision
