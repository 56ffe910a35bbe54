#include "simulators/run/story_run.hpp"

#include <algorithm>
#include <numeric>

#include "simulators/run/comparison.hpp"
#include "simulators/run/narration.hpp"
#include "simulators/story/order_objects.hpp"

namespace portcullis::run {

namespace {

using namespace std::chrono_literals;

constexpr auto orders_patience = 20s;
constexpr auto story_patience = 150s;
/// Nothing more comes of a lane that is empty, and whose passages have all ended, after this time.
constexpr auto quiet_time = 1500ms;
/// An arm that stays up after its story is no reason to wait for ever.
constexpr auto arm_patience = 12s;

/// Each of `wanted` stands in `seen`, in this order; others may be between.
bool in_order(const std::vector<std::string>& wanted, const std::vector<std::string>& seen) {
    auto from = seen.begin();
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& text) {
        from = std::find(from, seen.end(), text);
        return from != seen.end() && from++ != seen.end();
    });
}

std::string joined(const std::vector<std::string>& texts) {
    return texts.empty() ? " nothing"
                         : std::accumulate(texts.begin(), texts.end(), std::string{},
                                           [](auto all, const auto& one) { return std::move(all) + " '" + one + "'"; });
}

}  // namespace

StoryRun::StoryRun(const story::Story& story, rig::LaneRig& lane, rig::GateRig& gate, Teller& teller)
    : story_(story),
      lane_(lane),
      gate_(gate),
      teller_(teller),
      tale_(teller.begin(story.title, story.tells, gate.name() + " " + lane.name())),
      now_(gate.clock().now().instant),
      began_(now_),
      last_event_(now_),
      happened_(story.happenings.size()),
      struck_before_(lane.world().truth().struck),
      raises_before_(lane.world().barrier().raises()),
      greens_before_(lane.greens()) {
    if (auto* sign = lane_.sign()) {
        sign->forget();
    }
    lane_.set_reader_faults(story_.readers);
    lane_.set_scale_fault(story_.scale);
    lane_.set_monitor(story_.monitor, story_.monitor_holds, story_.monitor_alarms_after);
    lane_.set_pace(story_.pace);
    send_orders(story_.orders);
}

double StoryRun::seconds() const {
    return std::chrono::duration<double>(now_ - began_).count();
}

void StoryRun::send_orders(const std::vector<story::GivenOrder>& orders) {
    for (const auto& order : orders) {
        teller_.say(*tale_, seconds(), "central", words_of(order));
    }
    for (const auto& [authority, objects] : story::order_objects(orders, gate_.clock().now().wall)) {
        batches_.emplace(authority, gate_.publish_orders(authority, objects));
    }
}

/// A story with rulesets is alone: what happens to its documents and in its zone is its own.
bool StoryRun::is_of_own_gate(const SeenEvent& event) const {
    return story_.rulesets && (event.name.starts_with("zone.") || event.name.starts_with("document."));
}

void StoryRun::import_table(const std::vector<story::GivenOrder>& orders) {
    std::vector<rig::TableRow> rows;
    for (const auto& order : orders) {
        rows.push_back({order.container, order.plate, order.status == "released"});
    }
    gate_.import_table(rows);
}

void StoryRun::event(const SeenEvent& event) {
    now_ = gate_.clock().now().instant;
    if (event.name == "order.batch") {
        const auto* number = event.data.if_contains("number");
        if (number == nullptr || !batches_.contains({text_of(event, "authority"), number->to_number<std::int64_t>()})) {
            return;
        }
        ++batches_applied_;
    } else if (event.lane != lane_.name() && !is_of_own_gate(event)) {
        return;
    }
    record_.take(event);
    last_event_ = now_;
    last_sequence_ = event.sequence;
    if (const auto line = line_of(event)) {
        teller_.say(*tale_, seconds(), line->who, line->what, line->tone);
    }
    for (std::size_t i = 0; i < story_.happenings.size(); ++i) {
        if (!happened_[i] && story_.happenings[i].when_event == event.name) {
            happened_[i] = true;
            let_happen(story_.happenings[i]);
        }
    }
}

void StoryRun::step() {
    now_ = gate_.clock().now().instant;
    do_what_is_due();
    if (phase_ == Phase::orders && (batches_applied_ == batches_.size() || now_ - began_ > orders_patience)) {
        phase_ = Phase::trucks;
    }
    if (phase_ != Phase::trucks) {
        return;
    }
    drive_up_those_whose_turn_it_is();
    const auto* first = lane_.world().vehicle(first_vehicle_);
    for (std::size_t i = 0; first != nullptr && i < story_.happenings.size(); ++i) {
        const auto& at = story_.happenings[i].at_m;
        if (!happened_[i] && at && first->front >= *at) {
            happened_[i] = true;
            let_happen(story_.happenings[i]);
        }
    }
    timed_out_ = now_ - began_ > story_patience;
    if (timed_out_ || all_is_told()) {
        phase_ = Phase::over;
    }
}

void StoryRun::drive_up_those_whose_turn_it_is() {
    while (trucks_sent_ < story_.trucks.size()) {
        const auto& truck = story_.trucks[trucks_sent_];
        const bool lane_is_free =
            lane_.world().vehicles().empty() && record_.ended() >= trucks_sent_ && lane_.world().barrier().is_down();
        if (truck.after_previous_left && !lane_is_free) {
            return;
        }
        teller_.say(*tale_, seconds(), "truck", words_of(truck));
        const auto vehicle = lane_.drive_up(truck);
        first_vehicle_ = trucks_sent_ == 0 ? vehicle : first_vehicle_;
        ++trucks_sent_;
    }
}

void StoryRun::move_first_vehicle(const story::Happening& happening) {
    auto* vehicle = lane_.world().vehicle(first_vehicle_);
    if (vehicle == nullptr) {
        return;
    }
    if (happening.what == story::Does::reverse) {
        vehicle->reversing = true;
    } else {
        vehicle->stand_seconds = std::chrono::duration<double>(happening.lasting).count();
    }
}

void StoryRun::let_happen(const story::Happening& happening) {
    teller_.say(*tale_, seconds(), "story", words_of(happening), Teller::Tone::title);
    auto& barrier = lane_.world().barrier();
    switch (happening.what) {
        case story::Does::stop:
        case story::Does::reverse:
            move_first_vehicle(happening);
            break;
        case story::Does::follow:
            lane_.follow(happening.gap_m);
            ++followers_;
            break;
        case story::Does::broker_down:
            gate_.broker_down();
            if (happening.lasting.count() > 0) {
                later(happening.lasting, [this] { gate_.broker_up(); });
            }
            break;
        case story::Does::broker_up:
            gate_.broker_up();
            break;
        case story::Does::device_offline:
        case story::Does::device_fault:
        case story::Does::scale_fault:
            spoil_device(happening);
            break;
        case story::Does::arm_stuck:
            barrier.faults.stuck = true;
            break;
        case story::Does::open_limit_dead:
            barrier.faults.open_limit_dead = true;
            break;
        case story::Does::closed_limit_stuck:
            barrier.faults.closed_limit_stuck = true;
            later(happening.lasting, [&barrier] { barrier.faults.closed_limit_stuck = false; });
            break;
        case story::Does::kill_daemon:
            gate_.kill_daemon();
            later(happening.lasting, [this] { gate_.start_daemon(); });
            break;
        case story::Does::send_orders:
            send_orders(happening.orders);
            break;
        case story::Does::import_table:
            import_table(happening.orders);
            break;
        case story::Does::zone_reads:
            gate_.yard_reads(happening.container);
            break;
        case story::Does::zone_concludes:
        case story::Does::push_ruleset:
        case story::Does::forge_ruleset:
        case story::Does::push_passes:
        case story::Does::push_vehicles:
            publish(happening);
            break;
    }
}

void StoryRun::spoil_device(const story::Happening& happening) {
    const auto& device = happening.device;
    if (happening.what == story::Does::scale_fault) {
        lane_.set_scale_fault(happening.scale);
    } else if (happening.what == story::Does::device_offline) {
        lane_.set_offline(device, true);
        later(happening.lasting, [this, device] { lane_.set_offline(device, false); });
    } else {
        lane_.set_device_fault(device, happening.fault);
        later(happening.lasting, [this, device] { lane_.set_device_fault(device, std::nullopt); });
    }
}

void StoryRun::publish(const story::Happening& happening) {
    if (happening.what == story::Does::zone_concludes) {
        gate_.conclude({happening.container,
                        story_.zone ? story_.zone->name : std::string{},
                        happening.result,
                        {"order:ciq:T-" + happening.container},
                        happening.new_seals});
        return;
    }
    if (happening.what == story::Does::push_passes) {
        gate_.push_passes(happening.plate);
        return;
    }
    if (happening.what == story::Does::push_vehicles) {
        gate_.push_vehicles(happening.plate, happening.tare_kg);
        return;
    }
    rig::PortRuleset ruleset;
    ruleset.version = happening.version;
    ruleset.holds_plate = happening.holds_plate;
    ruleset.weighs = happening.weighs;
    ruleset.suspects_to = happening.suspects_to;
    if (happening.lasting.count() > 0) {
        ruleset.life = happening.lasting;
    }
    gate_.push_ruleset(ruleset, happening.what == story::Does::forge_ruleset);
}

void StoryRun::later(std::chrono::milliseconds after, std::function<void()> what) {
    later_.push_back({now_ + after, std::move(what)});
}

void StoryRun::do_what_is_due() {
    const auto due =
        std::stable_partition(later_.begin(), later_.end(), [this](const Later& one) { return one.due > now_; });
    std::vector<Later> taken{std::make_move_iterator(due), std::make_move_iterator(later_.end())};
    later_.erase(due, later_.end());
    for (const auto& one : taken) {
        one.what();
    }
}

bool StoryRun::all_is_told() {
    const bool gone =
        trucks_sent_ + followers_ == story_.vehicles() && lane_.world().vehicles().empty() && later_.empty();
    const bool ended = record_.passages().size() >= story_.vehicles() && record_.ended() == record_.passages().size();
    const auto quiet_for = now_ - last_event_;
    const auto& seen = record_.events();
    const bool told = std::all_of(story_.lane_events.begin(), story_.lane_events.end(), [&](const std::string& name) {
        return std::find(seen.begin(), seen.end(), name) != seen.end();
    });
    return gone && ended && told && quiet_for > quiet_time &&
           (lane_.world().barrier().is_down() || quiet_for > arm_patience);
}

StoryResult StoryRun::finish() {
    StoryResult result{story_.name, differences(story_, record_), record_.passages().size(), 0, seconds()};
    for (const auto& passage : record_.passages()) {
        result.arm_ups += passage.arm_ups;
    }
    if (timed_out_) {
        result.differences.emplace_back("it did not come to an end within 150 s");
    }
    if (lane_.world().truth().struck != struck_before_) {
        result.differences.emplace_back("the arm came down on a vehicle");
    }
    const auto raises = lane_.world().barrier().raises() - raises_before_;
    if (raises > result.arm_ups) {
        result.differences.push_back("the arm was raised " + std::to_string(raises) + " times, and commanded " +
                                     std::to_string(result.arm_ups) + " times");
    }
    if (const auto greens = lane_.greens() - greens_before_; greens > result.arm_ups) {
        result.differences.push_back("the light at the arm went green " + std::to_string(greens) +
                                     " times, and the arm was commanded up " + std::to_string(result.arm_ups) +
                                     " times");
    }
    if (const auto* sign = lane_.sign(); sign != nullptr && !in_order(story_.sign, sign->shown())) {
        result.differences.push_back("the sign showed" + joined(sign->shown()) + ", and should have shown" +
                                     joined(story_.sign));
    }
    for (const auto& one : std::exchange(later_, {})) {
        one.what();
    }
    gate_.broker_up();
    lane_.tidy_up();
    if (result.differences.empty()) {
        teller_.end(*tale_,
                    story_.name + " ended as it should; at central up to event " + std::to_string(last_sequence_),
                    Teller::Tone::good);
    } else {
        std::string text = story_.name + " ended differently:";
        for (const auto& difference : result.differences) {
            text += "\n    " + difference;
        }
        teller_.end(*tale_, text, Teller::Tone::bad);
    }
    return result;
}

}  // namespace portcullis::run
