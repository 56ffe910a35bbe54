#include "gate/gate.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <iterator>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/event_schemas.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

/// At four looks a second: once a minute.
constexpr std::uint64_t hung_told_every = 240;
constexpr std::string_view settings_note = "settings_hash";

StreamPosition position_of(const GatePlan& plan, const store::Journal& journal, const BootId& boot) {
    return {"/portcullis/" + plan.terminal + "/" + plan.name, journal.start().stream, boot, journal.last().sequence,
            journal.last().hash};
}

/// With a root they come when it is read; until then nobody signs orders.
OrderKeys order_keys_of(const GatePlan& plan) {
    if (plan.orders_keys.empty()) {
        OrderKeys none;
        none.none_because = "this gate has no root yet";
        return none;
    }
    return trust::KeySet{plan.orders_keys, 1};
}

/// Nothing happens in a lane without a vehicle, whose arm is seen closed and that looks after itself.
drivers::Pace pace_of(const lane::LaneView& view) {
    const bool idle = view.passages.empty() && view.arm == ArmPosition::down && view.mode == LaneMode::automatic;
    return idle ? drivers::Pace::idle : drivers::Pace::busy;
}

Object nobody_acted(std::string_view channel) {
    return {{"actor", channel == "automatic" ? "none" : "unknown"},
            {"role", "none"},
            {"channel", channel},
            {"auth_method", "none"},
            {"command_id", "none"},
            {"reason_code", "none"},
            {"reason_text", "none"},
            {"on_shift", "unknown"}};
}

}  // namespace

Gate::Gate(Surroundings surroundings, const GatePlan& plan, Stores stores)
    : surroundings_(surroundings),
      plan_(plan),
      start_(stores.journal->start()),
      catalogue_(codec::embedded_event_schemas()),
      event_writer_(catalogue_, trust::hmac_sha256),
      ids_(trust::random_ids(surroundings.sodium)),
      stores_(std::move(stores)),
      journal_worker_({"journal", 1024, 10s}, surroundings.clock),
      orders_worker_({"orders", 1024, 10s}, surroundings.clock),
      snapshots_worker_({"snapshots", 64, 10min}, surroundings.clock),
      documents_worker_({"documents", 256, 10s}, surroundings.clock),
      evidence_worker_({"evidence", 256, 30s}, surroundings.clock),
      mqtt_worker_({"mqtt", 4096, 30s}, surroundings.clock),
      journal_alarm_(surroundings.context, surroundings.clock, [this] { journal_desk_.wake(); }),
      tick_alarm_(surroundings.context, surroundings.clock, [this] { tick(); }),
      stop_alarm_(surroundings.context, surroundings.clock, [this] { stop_overdue(); }),
      journal_writer_(event_writer_, position_of(plan, *stores_.journal, surroundings.boot), ids_),
      journal_({surroundings.context, surroundings.clock, surroundings.log, journal_worker_}, *stores_.journal,
               store::Ballast{plan.state, static_cast<std::uint64_t>(plan.journal.ballast)}, event_writer_,
               [this](const std::string& why) { fatal(why); }),
      coverage_desk_(*stores_.journal, surroundings.clock.now()),
      head_maker_(stores_.key.key, start_.stream, {plan.journal.head_every, plan.journal.head_within},
                  newest_head_sequence(*stores_.journal), surroundings.clock.now().instant),
      journal_desk_(journal_writer_, journal_ports()),
      journal_keeper_({plan.journal.retention, plan.journal.personal_data}, erased_through(), keeper_ports(),
                      surroundings.clock.now().instant),
      sampling_keys_(std::move(stores_.box), plan.terminal, plan.name),
      zone_desk_(plan.zones, surroundings.log, ledger_,
                 {[this](Submission submission) { journal_desk_.submit(std::move(submission)); },
                  [this](std::string_view zone) { return ruled_arrival(zone); }}),
      quarantine_(plan.state, PORTCULLIS_VERSION),
      order_desk_({surroundings.context, surroundings.clock, surroundings.log, orders_worker_, &quarantine_,
                   &snapshots_worker_, &documents_worker_},
                  {plan.terminal,
                   plan.name,
                   OrderTrust{order_keys_of(plan)},
                   plan.policy,
                   {plan.state, {}, stores_.right_of_way}},
                  *stores_.orders, ledger_, order_ports()),
      order_import_(surroundings.context, snapshots_worker_, order_desk_),
      order_upkeep_({plan.orders.retention, own_note(OrderUpkeep::note_key)}, surroundings.log, order_upkeep_ports()),
      evidence_desk_({surroundings.context, surroundings.clock, surroundings.log, evidence_worker_}, plan.evidence,
                     store::EvidenceFiles{plan.state / "evidence"}, evidence_ports()),
      portal_desk_(plan.portals, plan.radiation.limits, ids_, portal_ports()),
      radiation_desk_(plan.radiation, monitors_of(plan), radiation_ports()),
      device_desk_({surroundings.context, surroundings.clock, surroundings.log}, plan, device_ports()),
      device_service_(device_desk_, {[this](Submission submission) { journal_desk_.submit(std::move(submission)); },
                                     [this] { return surroundings_.clock.now(); }}),
      device_viewing_(plan, device_desk_, {[this] { return surroundings_.clock.now(); }}),
      device_testing_(plan, device_desk_, testing_ports()),
      journal_questions_(event_writer_, "/portcullis/" + plan.terminal + "/" + plan.name,
                         stores_.key.key.public_key().text(), question_ports()),
      order_viewing_({[this](Submission submission) { journal_desk_.submit(std::move(submission)); },
                      [this](const ContainerNumber& container, std::function<void(OrdersFound)> done) {
                          order_desk_.look_up(container, std::move(done));
                      },
                      [this] { return surroundings_.clock.now(); }}),
      hung_line_(surroundings.log, runtime::LogLevel::error, "the watchdog is not fed: a worker makes no progress",
                 hung_told_every),
      hold_over_(surroundings.boot, own_note(HoldOver::note_key)) {
    journal_.on_ballast_given([this] { journal_keeper_.ballast_given(surroundings_.clock.now()); });
    make_trust();
    make_lanes();
    make_uplinks();
    make_evidence_senders();
    answer_questions();
    answer_trust_questions();
    answer_ruleset_questions();
    answer_order_questions();
    answer_uplink_questions();
}

Gate::~Gate() {
    // Workers first: what they still run belongs to the members below them.
    mqtt_worker_.stop();
    evidence_worker_.stop();
    snapshots_worker_.stop();
    documents_worker_.stop();
    orders_worker_.stop();
    journal_worker_.stop();
}

OrderDesk::Ports Gate::order_ports() {
    OrderDesk::Ports ports{
        [this](Submission submission) { journal_desk_.submit(std::move(submission)); },
        [this](std::vector<UsageKey> keys, std::function<void(std::optional<std::vector<Usage>>)> done) {
            journal_.usage_of(std::move(keys), std::move(done));
        },
        [this](std::int64_t cursor) {
            for (auto& seat : lanes_) {
                seat.runner->give(lane::OrdersChanged{cursor});
            }
        },
        [this](const Authority& authority, std::int64_t from) {
            for (auto& destination : destinations_) {
                destination.uplink->request_orders({authority, from});
            }
        },
        [this] { return link_up(); },
        [this](const std::string& why) { fatal(why); },
        [this](const supervision::CompiledRuleset& ruleset, const OrdersFound& found, const DecisionBasis& basis,
               PassageFacts& facts) { sampling_keys_.draw(ruleset, found, basis, facts); },
        plan_.root_file.empty()
            ? std::function<Ruling(const PassageId&, Now)>{}
            : [this](const PassageId& passage, Now now) { return ruleset_desk_->rule(passage, now); },
        plan_.root_file.empty() ? std::function<const Policy&()>{}
                                : [this]() -> const Policy& { return ruleset_desk_->policy(); }};
    ports.places = [this](const PassageFacts& facts) {
        auto places = zone_desk_.places(facts);
        if (pass_desk_) {
            std::ranges::move(pass_desk_->places(facts), std::back_inserter(places));
        }
        return places;
    };
    ports.results = [this](const std::vector<Usage>& taken, WallTime now, PassageFacts& facts) {
        zone_desk_.measure(facts, taken, now);
        if (pass_desk_) {
            pass_desk_->measure(facts, taken, now);
        }
        if (vehicle_desk_) {
            vehicle_desk_->measure(facts, now);
        }
    };
    ports.recall = [this](HistoryQuestion question, std::function<void(std::optional<HistoryFound>)> done) {
        journal_.history_of(std::move(question), std::move(done));
    };
    ports.request_snapshot = [this](const uplink::SnapshotNeed& need) {
        for (auto& destination : destinations_) {
            destination.uplink->request_snapshot(need);
        }
    };
    ports.clock_band = [this](Now now) { return hold_over_.band(now); };
    ports.order_limits = [this]() -> std::optional<AgeLimits> {
        return ruleset_desk_ ? ruleset_desk_->order_limits() : std::nullopt;
    };
    return ports;
}

void Gate::make_lanes() {
    lanes_.resize(plan_.lanes.size());
    for (std::size_t i = 0; i < plan_.lanes.size(); ++i) {
        const auto& settings = plan_.lanes[i].settings;
        lanes_[i].alarm = std::make_unique<runtime::Alarm>(surroundings_.context, surroundings_.clock,
                                                           [this, i] { lanes_[i].runner->wake(); });
        lane::Lane lane{settings,
                        {plan_.name, surroundings_.boot, &portal_desk_.transits()},
                        ledger_,
                        ids_,
                        memory_of(settings.name),
                        surroundings_.clock.now()};
        lanes_[i].runner = std::make_unique<LaneRunner>(std::move(lane), settings.name, lane_ports(i));
    }
}

LaneRunner::Ports Gate::lane_ports(std::size_t index) {
    return {[this, index](Submission submission) {
                zone_desk_.follow(plan_.lanes[index].settings.name, submission);
                device_desk_.follow(submission.events);
                evidence_desk_.follow(plan_.lanes[index].settings.name, submission);
                journal_desk_.submit(std::move(submission));
            },
            [this, index](const Command& command) { perform(index, command); },
            [this, index](const lane::Withdraw& withdrawal) { device_desk_.withdraw(index, withdrawal); },
            [this, index](const lane::Decide& question) {
                order_desk_.decide(question, [this, index](lane::VerdictReady ready) {
                    lanes_[index].runner->give(std::move(ready));
                });
            },
            [this, index](const lane::Capture& capture) { device_desk_.capture(index, capture); },
            [this, index](const SignMessage& message) { device_desk_.show(index, message); },
            [this] { return order_desk_.cursor(); },
            [this] { return surroundings_.clock.now(); },
            [this, index](std::optional<Instant> at) { lanes_[index].alarm->set(at); },
            [this, index] {
                lanes_[index].changed = true;
                device_desk_.pace(index, pace_of(lanes_[index].runner->view()));
                device_testing_.tick();  // a vehicle ends a test
            },
            [this] {
                if (journal_desk_.in_outage()) {
                    journal_desk_.count_detection();
                }
            }};
}

std::vector<lane::Memory> Gate::memory_of(const LaneName& name) const {
    std::vector<lane::Memory> memory;
    for (const auto& note : start_.notes) {
        if (note.lane != name || !note.body) {
            continue;
        }
        auto body = codec::parse_value(*note.body, note_limits);
        if (!body) {
            throw std::runtime_error{"the journal's note " + note.key + " of lane " + name.text() +
                                     " cannot be read: " + body.error().message()};
        }
        memory.push_back({note.key, std::move(body).value()});
    }
    return memory;
}

void Gate::perform(std::size_t lane, const Command& command) {
    const auto ended = [this, lane](const CommandResult& result) {
        lanes_[lane].runner->give(lane::CommandEnded{result});
    };
    if (stopping_) {
        const CommandResult refused{command.id, WriteOutcome::failed, Signal::unknown, {}, "the daemon is stopping"};
        boost::asio::post(surroundings_.context, [ended, refused] { ended(refused); });
        return;
    }
    device_desk_.perform(lane, command, ended);
}

void Gate::record(Event event) {
    Submission submission;
    submission.events.push_back(std::move(event));
    journal_desk_.submit(std::move(submission));
}

void Gate::start() {
    control_ = std::make_unique<console::ControlSocket>(
        surroundings_.context, surroundings_.log, plan_.control_socket,
        [this](std::string_view question, const ControlDesk::Reply& reply) { control_desk_.answer(question, reply); });
    if (!coverage_desk_.problem().empty()) {
        surroundings_.log.error("the open coverage sheet lacks entries", {{"why", coverage_desk_.problem()}});
    }
    open_stream();
    order_desk_.named(start_.named);
    order_desk_.reconcile(start_.order_positions);
    if (quarantine_.problem()) {
        surroundings_.log.error("a document that ends the daemon could not be held back",
                                {{"why", *quarantine_.problem()}});
    }
    if (trust_desk_) {
        trust_desk_->start();
    }
    zone_desk_.recall(start_.notes, surroundings_.clock.now());
    evidence_desk_.recall(start_.notes);
    for (auto& seat : lanes_) {
        seat.runner->start();
    }
    radiation_desk_.restore(memory_of(LaneName{}));
    device_desk_.start();
    device_service_.restore(memory_of(LaneName{}));
    for (auto& destination : destinations_) {
        destination.uplink->start();
    }
    journal_desk_.when_idle([this] {
        is_up_ = true;
        service_manager_.ready(service_line());
        surroundings_.log.notice("gate is up", {{"terminal", plan_.terminal},
                                                {"gate", plan_.name},
                                                {"lanes", lanes_.size()},
                                                {"stream", start_.stream.text()},
                                                {"version", PORTCULLIS_VERSION}});
    });
    tick();
}

void Gate::tell_settings(Now now) {
    const auto hash = hex_text(plan_.settings_hash);
    const auto note = own_note(settings_note);
    const auto* const text = note ? note->get<std::string>() : nullptr;
    const auto before = text == nullptr ? std::string{"none"} : *text;
    if (before == hash) {
        return;
    }
    Object data = nobody_acted("file");
    data.push_back({"old_hash", before});
    data.push_back({"new_hash", hash});
    data.push_back({"keys", List{}});
    data.push_back({"lanes_busy", 0});
    Submission submission;
    submission.events.push_back({"config.changed", "gate", now, std::move(data), std::nullopt});
    submission.notes.push_back({std::string{settings_note}, Value{hash}});
    journal_desk_.submit(std::move(submission));
}

}  // namespace portcullis::gate
