#include "lane/lane.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "lane/memory.hpp"

namespace portcullis::lane {

namespace {

constexpr std::array needed{Role::arrival_loop, Role::exit_loop, Role::arm_open_limit, Role::arm_closed_limit,
                            Role::arm_up};

void check(const LaneSettings& settings) {
    const auto missing = [&](std::string_view what) {
        throw std::invalid_argument{"lane " + settings.name.text() + ": role " + std::string{what} + " is missing"};
    };
    for (const auto role : needed) {
        if (!settings.has(role)) {
            missing(text_of(role));
        }
    }
    if (!settings.has(Role::arm_loop) && !settings.has(Role::arm_beam)) {
        missing("arm_loop or arm_beam");
    }
}

/// The high half of every number that this lane gives, so that lanes of one process do not give the same.
std::uint64_t base_of(const IdSource& ids) {
    const auto bytes = ids();
    std::uint64_t base = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        base = base << 8U | bytes[i];
    }
    return base << 32U;
}

bool is_limit(Role role) {
    return role == Role::arm_open_limit || role == Role::arm_closed_limit;
}

}  // namespace

Lane::Lane(LaneSettings settings, LaneHome home, UsageLedger& ledger, IdSource ids, const std::vector<Memory>& memory,
           Now now)
    : settings_((check(settings), std::move(settings))),
      home_(std::move(home)),
      ledger_(ledger),
      ids_(std::move(ids)),
      number_base_(base_of(ids_)),
      last_turn_(now.instant),
      inputs_(settings_.roles),
      arm_(settings_.arm),
      interlock_(settings_),
      lights_(settings_),
      scale_(settings_.weigh),
      conditions_(settings_.weigh.not_zero_after),
      portals_(home_.portals),
      radiation_(settings_.radiation, settings_.radiation_lead) {
    recall(memory);
}

std::vector<Action> Lane::start(Now now) {
    Turn turn{now, {next_number()}};
    // An arm.commanded without a result is unknown and never repeated (design.md 3, restart).
    for (const auto& note : unanswered_) {
        const auto* sequence = note.body.find("sequence");
        const auto* passage = note.body.find("passage");
        CommandResult result;
        result.cause = "restart";
        turn.record(events(turn).arm_result(sequence == nullptr ? Value{} : *sequence,
                                            passage == nullptr ? Value{"none"} : *passage, result));
        turn.forget(note.key);
    }
    unanswered_.clear();
    for (auto& passage : passages_) {
        if (passage->permission_basis.find("permission_id") != nullptr) {
            turn.record(events(turn).permission_ended(*passage, "restart"));
            passage->permission_basis = Object{};
            passage->changed = true;
        }
    }
    return finish(turn, true);
}

std::vector<Action> Lane::handle(const Input& input, Now now) {
    Turn turn{now, {next_number()}};
    const bool could_write = journal_up_;
    std::visit([&](const auto& what) { take(what, turn); }, input);
    settle(turn);
    return finish(turn, could_write);
}

std::vector<Action> Lane::finish(Turn& turn, bool could_write) {
    last_turn_ = turn.instant();
    if (!could_write && !journal_up_) {
        turn.drop_record();
        return turn.finish();
    }
    for (auto& passage : passages_) {
        if (passage->changed) {
            turn.remember(passage_key(passage->id), note_of(*passage, home_.boot));
            passage->changed = false;
        }
    }
    return turn.finish();
}

void Lane::settle(Turn& turn) {
    if (mode_ != LaneMode::automatic) {
        try_recover(turn);
    }
    watch_radiation(turn);
    tell_strays(turn);
    if (mode_ == LaneMode::automatic) {
        watch_arm(turn);
        watch_places(turn);
        expire_permissions(turn);
        end_departed(turn);
        begin_reading(turn);
        watch_bridge(turn);
        watch_weight(turn);
        freeze_head(turn);
        watch_load(turn);
        ask_what_is_due(turn);
        release_head(turn);
        close_arm(turn);
    }
    show_lights(turn);
    show_sign(turn);
    watch_conditions(turn);
}

// ---- inputs

void Lane::take(const Observed& observed, Turn& turn) {
    const auto& observation = observed.observation;
    devices_[static_cast<std::size_t>(observed.role)] = observation.device;
    if (const auto* seen = std::get_if<InputSeen>(&observation.what)) {
        see_input(observed, *seen, turn);
    } else if (const auto* reading = std::get_if<Reading>(&observation.what)) {
        see_reading(observed, *reading, turn);
    } else if (const auto* weight = std::get_if<WeightSeen>(&observation.what)) {
        scale_.see(*weight, observation.at);
    } else if (const auto* load = std::get_if<LoadSeen>(&observation.what)) {
        see_load(*load, observation.at);
    } else if (const auto* radiation = std::get_if<RadiationSeen>(&observation.what)) {
        see_radiation(observed, *radiation);
    } else if (const auto* picture = std::get_if<Picture>(&observation.what)) {
        see_picture(observed, *picture, turn);
    } else if (const auto* health = std::get_if<HealthChanged>(&observation.what)) {
        see_health(observed, health->state, turn);
    }
}

void Lane::see_health(const Observed& observed, DeviceState state, Turn& turn) {
    const auto at = observed.observation.at;
    const bool gone = state == DeviceState::offline || state == DeviceState::fault;
    switch (kind_of(observed.role)) {
        case RoleKind::input:
            if (gone) {
                see_input(observed, InputSeen{Signal::unknown, 1}, turn);
            }
            break;
        case RoleKind::output:
            lights_.forget(observed.role);
            break;
        case RoleKind::reader:
            if (gone) {
                offline_readers_.insert(observed.role);
            } else {
                offline_readers_.erase(observed.role);
            }
            break;
        case RoleKind::camera:
            break;  // it answers each request, and nobody waits for it
        case RoleKind::weighbridge:
            if (gone) {
                const bool faulty = state == DeviceState::fault;
                scale_.gone(faulty ? WeightState::fault : WeightState::absent, at);
            }
            break;
        case RoleKind::load_scanner:
            if (gone) {
                see_load({}, at);
            }
            break;
        case RoleKind::radiation:
            if (gone) {
                see_radiation(RadiationWatch{false, "offline"}, at);
                see_radiation(OccupancyEnded{}, at);
            }
            break;
        case RoleKind::sign:
            break;  // its driver says the newest text again; a dead sign stops nobody
    }
}

void Lane::take(const OrdersChanged& changed, Turn& turn) {
    order_cursor_ = std::max(order_cursor_, changed.order_cursor);
    if (mode_ != LaneMode::automatic) {
        return;
    }
    for (auto& passage : passages_) {
        const bool judged = passage->waits() || passage->state() == PassageState::deciding ||
                            passage->state() == PassageState::permitted ||
                            (passage->state() == PassageState::passing && passage->permitted());
        if (judged && passage->identity) {
            ask(*passage, turn);
        }
    }
}

void Lane::take(const JournalLost& /*lost*/, Turn& turn) {
    if (journal_up_) {
        lose("journal_outage", turn);
        while (!pending_.empty()) {
            withdraw(0, turn);  // a stop: whether its record becomes durable is not known
        }
        journal_up_ = false;
    }
}

void Lane::take(const JournalBack& /*back*/, Turn& turn) {
    journal_up_ = true;
    tell_kept(turn);
}

void Lane::take(const DeadlineReached& /*reached*/, Turn& /*turn*/) {}

void Lane::see_input(const Observed& observed, InputSeen seen, Turn& turn) {
    const auto role = observed.role;
    const auto under_before = inputs_.under_arm();
    const bool was_clear = inputs_.level(role) == Presence::clear;
    const auto edge = inputs_.see(role, seen, turn.instant());
    if (role == Role::arrival_loop && was_clear && edge == Edge::rose) {
        came_at_ = turn.instant();
    }
    if (edge == Edge::rose) {
        note_rise(role, turn);
    }
    const auto under_now = inputs_.under_arm();
    if (under_before == Presence::clear && under_now != Presence::clear && arm_.lowering(turn.instant())) {
        obstruct(turn);
    }
    if (inputs_.any_unknown() && mode_ == LaneMode::automatic) {
        lose("input_unknown", turn);
    }
    if (is_limit(role)) {
        see_limits(turn);
        return;
    }
    if (mode_ != LaneMode::automatic) {
        if (role == Role::arrival_loop && edge == Edge::rose && !journal_up_) {
            ++detections_unrecorded_;
        }
        see_unwatched(role, edge, turn);
        return;
    }
    see_edge(observed, edge, under_before, turn);
}

void Lane::see_edge(const Observed& observed, Edge edge, Presence under_before, Turn& turn) {
    const auto role = observed.role;
    const auto under_now = inputs_.under_arm();
    if (role == Role::arrival_loop && edge == Edge::rose) {
        arrival_rose(turn);
    } else if (role == Role::arrival_loop && edge == Edge::fell) {
        arrival_fell(turn);
    } else if (role == Role::exit_loop && edge == Edge::rose) {
        exit_rose(turn);
    } else if (role == Role::exit_loop && edge == Edge::fell) {
        exit_fell(turn);
    } else if (under_before == Presence::clear && under_now == Presence::occupied) {
        arm_rose(turn);
    } else if (under_before == Presence::occupied && under_now == Presence::clear) {
        arm_fell(turn);
    } else if (edge == Edge::rose && passages_.empty() && role != Role::arm_loop && role != Role::arm_beam &&
               role != Role::bridge_beam_front && role != Role::bridge_beam_rear) {
        // A load beam or the emptiness sensor sees something where no vehicle is known.
        turn.record(events(turn).unassigned("edge", observed.observation.device, role, passages_));
    }
}

void Lane::note_rise(Role role, const Turn& turn) {
    for (std::size_t i = 0; i < presence_inputs.size(); ++i) {
        if (presence_inputs[i] == role) {
            chatter_[i].rose(turn.instant());
        }
    }
}

// ---- passages

Passage* Lane::find(const PassageId& id) const {
    const auto found = std::find_if(passages_.begin(), passages_.end(), [&](const auto& one) { return one->id == id; });
    return found == passages_.end() ? nullptr : found->get();
}

void Lane::enter(Passage& passage, Trigger trigger, const Turn& turn) {
    const auto before = passage.state();
    passage.life.take(trigger);
    passage.changed = true;
    if (passage.state() == before) {
        return;
    }
    if (passage.waits_since && !passage.waits()) {
        passage.waited += turn.instant() - *passage.waits_since;
        passage.waits_since.reset();
    }
    switch (passage.state()) {
        case PassageState::identifying:
            passage.identity.reset();
            passage.verdict.reset();
            passage.verdict_told = false;
            passage.issued.reset();
            passage.asked = false;
            ++passage.ask;  // an answer that is still under way is for what was read before
            break;
        case PassageState::referred:
        case PassageState::diverted:
        case PassageState::refused:
            if (!passage.waits_since) {
                passage.waits_since = turn.instant();
            }
            break;
        case PassageState::arriving:
        case PassageState::deciding:
        case PassageState::permitted:
        case PassageState::passing:
        case PassageState::ended:
            break;
    }
}

// ---- time

std::optional<Instant> Lane::deadline() const {
    std::optional<Instant> first;
    // What was due at the last turn was looked at then; if it still stands, it waits for something else than time.
    const auto consider = [&](std::optional<Instant> at) {
        if (at && *at > last_turn_ && (!first || *at < *first)) {
            first = at;
        }
    };
    const auto after = [&](const std::optional<Instant>& at, std::chrono::milliseconds wait) {
        if (at) {
            consider(*at + wait);
        }
    };
    consider(arm_.deadline());
    consider(lights_.deadline());
    consider(conditions_.deadline());
    consider(close_again_at_);
    consider(radiation_.deadline());
    consider(early_readings_.deadline());
    consider(inputs_.clear_at(settings_.hold));
    for (const auto& input : chatter_) {
        consider(input.over_at());
    }
    for (const auto& flight : in_flight_) {
        consider(flight.answer_by);
    }
    for (const auto& passage : passages_) {
        const auto& place = passage->place;
        after(place.arrival_left, settings_.hold);
        after(place.arrival_left, settings_.gone_after);
        after(place.arrival_left, settings_.gone_after + 2 * settings_.arm.down_within);
        after(place.exit_left, settings_.hold);
        after(place.last_seen, settings_.abandon_after);
        after(place.last_seen, settings_.gone_after);
        consider(passage->ask_again_at);
        if (passage->permission && !passage->permission->ended()) {
            consider(passage->permission->until());
        }
        if (passage->state() == PassageState::identifying) {
            after(passage->reading_since, settings_.identify_within);
        }
        if (passage->place.on_arrival && is_seen(settings_.load)) {
            consider(load_stands_at(settings_, inputs_, scanned_));
        }
    }
    return first;
}

}  // namespace portcullis::lane
