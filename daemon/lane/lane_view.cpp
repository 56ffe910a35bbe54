// What a person sees of a lane: state, identity, and why this truck is not moving.
#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

std::string identity_text(const Passage& passage) {
    std::string text;
    if (passage.identity && passage.identity->tractor) {
        text = passage.identity->tractor->text();
    }
    for (const auto& box : passage.boxes()) {
        text += (text.empty() ? "" : " ") + box.text();
    }
    return text;
}

std::string why_of(const Passage& passage, ArmPosition arm) {
    switch (passage.state()) {
        case PassageState::arriving:
            return "waits behind another vehicle";
        case PassageState::identifying:
            return "is being read";
        case PassageState::deciding:
            return passage.opens ? "released, waits for the arm (" + std::string{text_of(arm)} + ")"
                                 : "is being decided";
        case PassageState::permitted:
            return arm == ArmPosition::up ? "may go" : "released, arm " + std::string{text_of(arm)};
        case PassageState::referred:
        case PassageState::diverted:
        case PassageState::refused: {
            std::string why{text_of(passage.state())};
            if (passage.verdict) {
                for (const auto& reason : passage.verdict->reasons) {
                    why += ' ';
                    why += text_of(reason.code);
                }
            }
            return why;
        }
        case PassageState::passing:
            return passage.place.on_arm ? "is under the arm" : "is leaving";
        case PassageState::ended:
            return "";
    }
    return "";
}

}  // namespace

LaneView Lane::view() const {
    LaneView view;
    view.mode = mode_;
    view.arm = arm_.position();
    view.light_go = lights_.shown(LightHead::light_go);
    view.light_lane = lights_.shown(LightHead::light_lane);
    for (const auto& passage : passages_) {
        const bool judged = passage->verdict && passage->verdict_told;
        view.passages.push_back({passage->id, passage->state(), identity_text(*passage),
                                 judged ? std::string{text_of(passage->verdict->outcome)} : "none"});
    }
    view.detections_unrecorded = detections_unrecorded_;
    view.radiation_alarm = radiation_latch_ ? radiation_latch_->level : RadiationLevel::none;
    switch (mode_) {
        case LaneMode::out_of_service:
            view.why = journal_up_ ? "an input is unknown" : "the journal cannot write";
            break;
        case LaneMode::recovering:
            view.why = "waits until every input is known";
            break;
        case LaneMode::automatic:
        case LaneMode::manual:
        case LaneMode::maintenance:
        case LaneMode::test:
        case LaneMode::emergency:
        case LaneMode::closed:
            view.why = head() == nullptr ? "" : why_of(*head(), arm_.position());
            break;
    }
    return view;
}

}  // namespace portcullis::lane
