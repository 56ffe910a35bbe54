#include "tests/simulation/passage_checks.hpp"

#include <algorithm>

namespace portcullis::simulation {

// ---- 4

void PassageCheck::add(std::size_t lane, int invariant, const std::string& what) {
    findings_.add(invariant, lanes_[lane].name.text(), what);
}

void PassageCheck::committed(std::size_t lane, const Event& event) {
    auto& epoch = epochs_[lane];
    if (event.type == "passage.tailgate" || event.type == "passage.wrong_way") {
        ++epoch.irregular;
        return;
    }
    const bool detected = event.type == "passage.detected";
    if (!detected && event.type != "passage.ended") {
        return;
    }
    const auto id = passage_in(event);
    if (!id) {
        add(lane, 4, event.type + " without a passage");
        return;
    }
    auto& ends = ends_[*id];
    ends.lane = lane;
    if (detected) {
        ++epoch.detected;
        ++ends.detected;
        if (ends.detected > 1) {
            add(lane, 4, "passage " + id->text() + " was detected twice");
        }
        return;
    }
    ++ends.ended;
    if (ends.detected == 0 || ends.ended > 1) {
        add(lane, 4, "passage " + id->text() + " ended without having begun, or twice");
    }
    const auto outcome = text_in(event, "outcome");
    epoch.merged += outcome == "merged" ? 1 : 0;
    epoch.cleared += outcome == "cleared" ? 1 : 0;
}

void PassageCheck::killed() {
    for (auto& epoch : epochs_) {
        epoch.disturbed = true;
    }
}

void PassageCheck::passed(std::size_t lane, bool permitted) {
    ++epochs_[lane].passed;
    epochs_[lane].unpermitted += permitted ? 0 : 1;
}

void PassageCheck::lane_is_empty(std::size_t lane, bool healthy) {
    if (!book_.durable(lane).open.empty() || !book_.said(lane).open.empty()) {
        return;
    }
    auto& epoch = epochs_[lane];
    if (!epoch.disturbed) {
        judge(lane, epoch);
    }
    epoch = {};
    epoch.disturbed = !healthy || !book_.durable(lane).automatic;
}

void PassageCheck::judge(std::size_t lane, const Epoch& epoch) {
    const auto split = epoch.detected - epoch.merged - epoch.visits;
    const auto cleared = epoch.cleared - epoch.passed;
    if (split < -std::min(epoch.merged, epoch.went_back) || split > epoch.may_split) {
        add(lane, 4,
            std::to_string(epoch.visits) + " vehicles were there, but " + std::to_string(epoch.detected) +
                " passages began, of which " + std::to_string(epoch.merged) + " merged");
    } else if (cleared < 0 || cleared > epoch.may_split) {
        add(lane, 4,
            std::to_string(epoch.passed) + " vehicles passed the arm, but " + std::to_string(epoch.cleared) +
                " passages say so");
    }
    if (epoch.unpermitted > epoch.irregular) {
        add(lane, 1,
            std::to_string(epoch.unpermitted) + " vehicles passed that the arm was not opened for, but only " +
                std::to_string(epoch.irregular) + " were told of");
    }
}

void PassageCheck::finish() {
    for (const auto& [id, ends] : ends_) {
        if (ends.ended != 1) {
            add(ends.lane, 4, "passage " + id.text() + " ended " + std::to_string(ends.ended) + " times");
        }
    }
}

// ---- 7

void UsageCheck::committed(const lane::UsageChange& change) {
    auto& places = places_[change.key];
    const auto place = places.find(change.passage);
    const auto named = change.key.order.text() + " by passage " + change.passage.text();
    if (place != places.end() && place->second == UsageState::used && change.to != UsageState::used) {
        findings_.add(7, "gate", "order " + named + " was used and is " + std::string{text_of(change.to)} + " again");
    }
    places[change.passage] = change.to;
    const auto taken =
        std::count_if(places.begin(), places.end(), [](const auto& one) { return one.second != UsageState::free; });
    const auto uses = uses_.find({change.key.authority, change.key.order});
    if (uses == uses_.end() || taken > uses->second) {
        findings_.add(7, "gate",
                      "order " + named + " has " + std::to_string(taken) + " places taken, more than it has");
    }
}

bool UsageCheck::passed(int vehicle) {
    const auto opened = opened_.find(vehicle);
    if (opened == opened_.end()) {
        return false;
    }
    passed_.insert(opened->second);
    return true;
}

void UsageCheck::finish() {
    for (const auto& [key, places] : places_) {
        for (const auto& [passage, state] : places) {
            if (state == UsageState::reserved) {
                findings_.add(7, "gate", "order " + key.order.text() + " stays reserved for " + passage.text());
            } else if (state == UsageState::free && passed_.contains(passage)) {
                findings_.add(7, "gate",
                              "order " + key.order.text() + " was given back by " + passage.text() +
                                  ", whose vehicle is past the arm");
            }
        }
    }
}

}  // namespace portcullis::simulation
