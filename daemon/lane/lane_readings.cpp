// Who is it: readings, the moment at which they freeze, and what comes too late.
#include <algorithm>
#include <array>
#include <utility>

#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

constexpr std::chrono::seconds stray_again{60};  // a parked truck's number is told of once a minute at most

constexpr std::array readers{Role::plate_front,    Role::plate_rear,      Role::container_front, Role::container_rear,
                             Role::container_left, Role::container_right, Role::container_roof,  Role::seal_rear};

/// A reader of seals looks at one door: of two boxes nobody knows whose seal it read.
void put_seals(const Passage& passage, PassageFacts& facts) {
    auto seals = passage.readings.seals();
    if (facts.identity.containers.size() == 1 && !seals.empty()) {
        facts.measures.boxes.push_back({facts.identity.containers.front().number,
                                        passage.readings.seal_state(),
                                        std::move(seals),
                                        {},
                                        {},
                                        {},
                                        {},
                                        {}});
    }
}

/// The plate that a reading with a defect was taken for.
std::optional<PlateNumber> taken_plate(const Passage& passage) {
    for (const auto& repair : passage.repairs) {
        if (repair.kind == ReadingKind::plate && repair.cause == RepairCause::taken) {
            const auto plate = PlateNumber::parse(repair.candidate);
            return plate ? std::optional{*plate} : std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

void Lane::see_reading(const Observed& observed, const Reading& reading, Turn& turn) {
    const auto taken = judge(observed.role, observed.observation.device, reading, observed.observation.at);
    if (!journal_up_) {
        return;
    }
    auto* passage = reader_sees(taken);
    if (passage != nullptr) {
        give_reading(*passage, taken, turn);
        return;
    }
    if (!taken.raw.empty()) {
        if (const auto displaced = early_readings_.keep(taken)) {
            stray_reading(*displaced, turn);
        }
        tell_strays(turn);
    }
}

void Lane::give_reading(Passage& passage, const ReadingTaken& taken, Turn& turn) {
    if (taken.raw.empty()) {
        passage.unread.push_back(taken.reader);
        if (passage.unread.size() > readers.size()) {
            passage.unread.erase(passage.unread.begin());
        }
        return;
    }
    if (!passage.readings.take(taken)) {
        return;
    }
    passage.claims_due = true;
    const bool late = passage.identity.has_value();
    const auto accepted = passage.readings.standing(taken, passage.load.boxes);
    turn.record(events(turn).reading_taken(&passage, taken, accepted, late));
    if (taken.kind == ReadingKind::seal) {
        turn.record(events(turn).seal_read(passage, taken));
    }
    if (late) {
        late_reading(passage, taken, turn);
    }
}

/// Its readers saw it before its loop was read.
void Lane::take_early_readings(Passage& passage, Turn& turn) {
    tell_strays(turn);
    for (const auto& taken : early_readings_.hand_over()) {
        give_reading(passage, taken, turn);
    }
}

void Lane::tell_strays(Turn& turn) {
    if (!journal_up_) {
        return;  // told when the journal is back
    }
    for (const auto& taken : early_readings_.overdue(turn.instant())) {
        stray_reading(taken, turn);
    }
}

void Lane::stray_reading(const ReadingTaken& taken, Turn& turn) {
    auto& stray = strays_[static_cast<std::size_t>(taken.reader)];
    if (stray && stray->raw == taken.raw && turn.instant() - stray->at < stray_again) {
        return;
    }
    stray = Stray{taken.raw, turn.instant()};
    turn.record(events(turn).reading_taken(nullptr, taken, Accepted::no, false));
    turn.record(events(turn).unassigned(text_of(taken.kind), taken.device, taken.reader, passages_));
}

/// Readers look at the stop line: the first vehicle that has not been at the arm, unless another one showed this very
/// text before; with nobody there, the last one that went under. Nobody is read before it came: what was read before
/// and comes late, or from the next lane while this one is empty, is not this vehicle's.
Passage* Lane::reader_sees(const ReadingTaken& taken) const {
    const auto had_come = [&](const Passage* passage) {
        return passage != nullptr &&
               (!passage->times.detected.at() || *passage->times.detected.at() - before_its_loop <= taken.at);
    };
    if (!taken.normalised.empty()) {
        for (const auto& passage : passages_) {
            if (passage->readings.knows(taken.normalised)) {
                return passage.get();
            }
        }
    }
    for (const auto& passage : passages_) {
        if (passage->place.on_arrival && !passage->place.arm_seen && passage->origin != Origin::wrong_way &&
            had_come(passage.get())) {
            return passage.get();
        }
    }
    auto* next = approaching();
    next = had_come(next) ? next : last_at_arm();
    return had_come(next) ? next : nullptr;
}

std::string_view Lane::phase_of(const Passage& passage) const {
    if (passage.place.exit_left || (passage.place.exit_seen && !passage.place.on_arm)) {
        return "past";
    }
    if (passage.state() == PassageState::passing) {
        return "under_arm";
    }
    return arm_.position() == ArmPosition::down ? "before_arm" : "arm_up";
}

void Lane::late_reading(Passage& passage, const ReadingTaken& taken, Turn& turn) {
    auto& identity = *passage.identity;
    bool adds = false;
    bool contradicts = false;
    if (taken.container) {
        const auto boxes = passage.boxes();
        const bool known = std::find(boxes.begin(), boxes.end(), *taken.container) != boxes.end();
        adds = !known && boxes.empty() && identity.disagreements.empty();
        contradicts = !known && !adds;
    } else if (taken.plate) {
        const auto repaired = taken_plate(passage);
        const auto& frozen = taken.plate->is_trailer() ? identity.trailer
                             : identity.tractor        ? identity.tractor
                                                       : repaired;
        const bool second = frozen && !identity.home_plate && border_pair(*frozen, *taken.plate);
        adds = second || (!frozen && identity.other_plates.empty());
        contradicts = frozen && frozen != taken.plate && identity.home_plate != taken.plate && !second;
    } else if (taken.kind == ReadingKind::seal) {
        adds = taken.valid();
    }
    if (!adds && !contradicts) {
        return;
    }
    turn.record(
        events(turn).late_fact(passage, {text_of(taken.kind), taken.normalised, phase_of(passage), contradicts}));
    if (passage.state() == PassageState::passing) {
        // Another may stand where it was read: that the arrival loop lets go says nothing of this one any more.
        passage.blind = passage.blind || contradicts;
        return;
    }
    // Where the boxes that are read are the load, a second number is a second box and not a contradiction.
    const bool second_box = settings_.load == LoadPolicy::trust_readers && taken.container;
    if (contradicts && !second_box) {
        passage.contradictions.push_back({taken.kind, {taken.normalised}});
        identity.disagreements.push_back(passage.contradictions.back());
    } else {
        judge_again(passage, turn);
    }
    ask(passage, turn);
}

/// What the ruleset took a reading with a defect for, or why it did not: told once, and again when it changes.
void Lane::tell_repairs(Passage& passage, const std::vector<ReadingRepair>& repairs, Turn& turn) {
    for (const auto& repair : repairs) {
        if (std::find(passage.repairs.begin(), passage.repairs.end(), repair) == passage.repairs.end()) {
            turn.record(events(turn).reading_repaired(passage, repair, passage.readings.reader_of(repair.read)));
        }
    }
    passage.changed = passage.changed || passage.repairs != repairs;
    passage.repairs = repairs;
}

/// The load and who it is, from all readings; with what contradicted before.
void Lane::judge_again(Passage& passage, Turn& turn) {
    const auto load = !load_stands(settings_, inputs_, scanned_, turn.instant())
                          ? passage.load
                          : judge_load(settings_.load, inputs_, passage.readings, scanned_);
    const bool changed = load != passage.load;
    passage.load = load;
    fuse(passage);
    if (changed) {
        turn.record(events(turn).load_judged(passage));
    }
}

// ---- identification

void Lane::begin_reading(Turn& turn) {
    auto* passage = head();
    if (passage == nullptr || passage->reading_since || !(passage->place.on_arrival || passage->place.on_arm)) {
        return;
    }
    if (passage->state() != PassageState::arriving && passage->state() != PassageState::identifying) {
        return;
    }
    if (passage->state() == PassageState::arriving) {
        enter(*passage, Trigger::is_head, turn);
    }
    passage->reading_since = turn.instant();
    passage->times.stopped = turn.instant();
    Capture capture{passage->id, {}};
    for (const auto reader : readers) {
        if (settings_.has(reader)) {
            capture.readers.push_back(reader);
        }
    }
    ask_cameras(*passage, capture);
    std::vector<DeviceName> devices;
    for (const auto role : capture.readers) {
        devices.push_back(device_of(role));
    }
    if (!capture.readers.empty()) {
        turn.record(events(turn).capture_requested(*passage, devices));
        turn.capture(std::move(capture));
    }
}

bool Lane::readers_done(const Passage& passage) const {
    return std::all_of(readers.begin(), readers.end(), [&](Role reader) {
        return !settings_.has(reader) || passage.readings.read(reader) || offline_readers_.contains(reader);
    });
}

void Lane::tell_missing(const Passage& passage, Turn& turn) {
    for (const auto reader : readers) {
        if (!settings_.has(reader) || passage.readings.answered(reader)) {
            continue;
        }
        const auto& device = devices_[static_cast<std::size_t>(reader)];
        const bool unread = std::find(passage.unread.begin(), passage.unread.end(), reader) != passage.unread.end();
        const std::string_view otherwise = unread ? "unread" : "timeout";
        const std::string_view cause = offline_readers_.contains(reader) ? "offline" : otherwise;
        turn.record(events(turn).reading_missing(
            passage, reader, device.empty() ? DeviceName{std::string{text_of(reader)}} : device, cause));
    }
}

void Lane::fuse(Passage& passage) {
    auto identity = passage.readings.fuse(passage.load.boxes);
    if (identity.containers.size() == 1) {
        identity.containers.front().position = passage.load.position;
    }
    identity.disagreements.insert(identity.disagreements.end(), passage.contradictions.begin(),
                                  passage.contradictions.end());
    passage.identity = std::move(identity);
}

void Lane::freeze_head(Turn& turn) {
    auto* passage = head();
    if (passage == nullptr || passage->state() != PassageState::identifying || !passage->reading_since) {
        return;
    }
    const bool stands = load_stands(settings_, inputs_, scanned_, turn.instant());
    const bool time_is_up = turn.instant() - *passage->reading_since >= settings_.identify_within;
    if (!time_is_up &&
        !(readers_done(*passage) && stands && weighed(*passage, turn) && passage->radiation.measured())) {
        return;
    }
    tell_missing(*passage, turn);
    passage->load = judge_load(settings_.load, inputs_, passage->readings, scanned_);
    if (!stands) {
        passage->load.load = Load::unknown;  // it still moves: what the beams see is a part of it
        passage->load.boxes.reset();
    }
    passage->load_told = true;
    turn.record(events(turn).load_judged(*passage));
    enter(*passage, Trigger::frozen, turn);
    fuse(*passage);
    passage->times.identified = turn.instant();
    turn.record(events(turn).identified(*passage));
    ask(*passage, turn);
}

void Lane::see_load(const LoadSeen& seen, Instant at) {
    if (seen != scanned_.seen) {
        scanned_ = {seen, at};
    }
}

/// Until the arm is asked to open, another load than the judged one is a fact that the verdict must know.
void Lane::watch_load(Turn& turn) {
    auto* passage = head();
    if (passage == nullptr || !passage->identity || !passage->load_told) {
        return;
    }
    const bool undecided = passage->state() == PassageState::deciding || passage->waits() ||
                           (passage->state() == PassageState::permitted && !passage->permitted());
    if (!undecided || !passage->place.on_arrival || !load_stands(settings_, inputs_, scanned_, turn.instant())) {
        return;
    }
    if (judge_load(settings_.load, inputs_, passage->readings, scanned_) != passage->load) {
        judge_again(*passage, turn);
        ask(*passage, turn);
    }
}

/// There is something new to judge.
void Lane::ask(Passage& passage, Turn& turn) {
    passage.tries = 0;
    put_question(passage, turn);
}

/// What waits for something that no batch of orders announces is asked about again.
void Lane::ask_what_is_due(Turn& turn) {
    for (const auto& passage : passages_) {
        if (passage->ask_again_at && turn.instant() >= *passage->ask_again_at) {
            passage->ask_again_at.reset();
            if (passage->waits() && passage->identity) {
                ask(*passage, turn);
            }
        }
    }
}

void Lane::put_question(Passage& passage, Turn& turn) {
    ++passage.ask;
    passage.asked = true;
    passage.opens = false;
    passage.ask_again_at.reset();
    Decide question;
    question.passage = passage.id;
    question.ask = passage.ask;
    auto& facts = question.facts;
    facts.lane = settings_.name;
    facts.gate = home_.gate;
    facts.control_point = settings_.control_point;
    facts.way = settings_.way == LaneWay::in ? Way::in : Way::out;
    facts.load = passage.load.load;
    facts.load_source = passage.load.source;
    facts.boxes = passage.load.boxes;
    facts.fullness = passage.load.fullness;
    facts.passage = passage.id;
    facts.identity = *passage.identity;
    facts.required = settings_.required;
    facts.measures.radiation = passage.radiation.asked = radiation_of(passage);
    facts.measures.gross_vehicle_kg = gross_of(passage, turn);
    put_seals(passage, facts);
    turn.decide(std::move(question));
}

}  // namespace portcullis::lane
