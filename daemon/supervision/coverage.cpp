#include "supervision/coverage.hpp"

#include <algorithm>
#include <numeric>

#include "core/time_text.hpp"
#include "supervision/event_data.hpp"

namespace portcullis::supervision {
namespace {

template <class Enum>
std::size_t place(Enum value) {
    return static_cast<std::size_t>(value);
}

template <class Counts>
std::int64_t sum_of(const Counts& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

/// There was no vehicle of its own: two passages were one vehicle, or none was there.
bool is_phantom(PassageOutcome outcome) {
    return outcome == PassageOutcome::merged || outcome == PassageOutcome::voided;
}

}  // namespace

bool CoverageSheet::counts(std::string_view type) {
    return type == "passage.detected" || type == "passage.ended" || type == "observation.unassigned" ||
           type == "journal.outage" || type == "coverage.hour";
}

void CoverageSheet::resume(const Value& before, std::int64_t sequence) {
    const auto from = time_from_text(text_at(before, "to")).value_or(from_);
    CoverageSheet next{sequence + 1, from};
    for (const auto& one : list_at(before, "open")) {
        if (const auto* passage = one.get<std::string>()) {
            next.open_.insert(*passage);
        }
    }
    next.open_before_ = static_cast<std::int64_t>(next.open_.size());
    *this = std::move(next);
}

void CoverageSheet::count(const Event& event, std::int64_t sequence) {
    if (event.type == "passage.detected") {
        begun(event.data);
    } else if (event.type == "passage.ended") {
        ended(event.data);
    } else if (event.type == "observation.unassigned") {
        ++unassigned_;
    } else if (event.type == "journal.outage") {
        outage_detections_ += number_at(event.data, "detections").value_or(0);
    } else if (event.type == "coverage.hour") {
        resume(event.data, sequence);
    }
}

void CoverageSheet::begun(const Value& data) {
    ++detected_;
    if (open_.size() < most_open) {
        open_.emplace(text_at(data, "passage"));
    }
}

void CoverageSheet::ended(const Value& data) {
    const auto passage = open_.find(text_at(data, "passage"));
    if (passage == open_.end()) {
        ++unopened_;
    } else {
        open_.erase(passage);
    }
    const auto outcome = word_at(data, "outcome", PassageOutcome::voided);
    ++outcomes_[place(outcome)];
    if (text_at(data, "test") == "yes") {
        ++tests_;
    } else if (is_phantom(outcome)) {
        ++phantoms_;
    } else {
        auto& traffic = traffic_[{word_at(data, "way", Way::unknown), word_at(data, "movement", Movement::unknown)}];
        ++traffic.vehicles;
        count_boxes(data, traffic);
    }
}

/// A box that the load says is there and nobody could read is one that no order was found for.
void CoverageSheet::count_boxes(const Value& data, Traffic& traffic) {
    const auto& identified = list_at(data, "box_coverage");
    for (const auto& box : identified) {
        ++boxes_[place(word_at(box, "order", BoxCoverage::unmatched))];
    }
    const auto read = static_cast<std::int64_t>(identified.size());
    const auto boxes = std::max(read, number_at(data, "boxes").value_or(0));
    boxes_[place(BoxCoverage::unmatched)] += boxes - read;
    traffic.boxes += boxes;
}

Object CoverageSheet::data(std::int64_t last, WallTime to) const {
    Object passages;
    for (const auto& row : enum_texts<PassageOutcome>) {
        passages.push_back({row.text, outcomes_[place(row.value)]});
    }
    List directions;
    std::int64_t vehicles = 0;
    for (const auto& [direction, traffic] : traffic_) {
        vehicles += traffic.vehicles;
        directions.emplace_back(Object{{"way", text_of(direction.way)},
                                       {"movement", text_of(direction.movement)},
                                       {"vehicles", traffic.vehicles},
                                       {"boxes", traffic.boxes}});
    }
    return {{"from", time_text(from_)},
            {"to", time_text(to)},
            {"first", first_},
            {"last", last},
            {"open_before", open_before_},
            {"detected", detected_},
            {"open", List(open_.begin(), open_.end())},
            {"unopened", unopened_},
            {"vehicles", vehicles},
            {"passages", std::move(passages)},
            {"phantoms", phantoms_},
            {"tests", tests_},
            {"boxes", sum_of(boxes_)},
            {"matched", boxes_[place(BoxCoverage::matched)]},
            {"unmatched", boxes_[place(BoxCoverage::unmatched)]},
            {"no_order_needed", boxes_[place(BoxCoverage::no_order_needed)]},
            {"by", std::move(directions)},
            {"unassigned", unassigned_},
            {"outage_detections", outage_detections_}};
}

}  // namespace portcullis::supervision
