// A lane that is broken on purpose is caught, each promise by its own check: what never fails proves nothing.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/simulation/simulation.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::simulation {

namespace {

using lane::Action;
using lane::Perform;
using lane::Record;
using Actions = std::vector<Action>;

/// Runs seeds with what is broken until the invariant's check speaks up and says `piece`.
bool caught(int invariant, std::string_view piece, const Options& broken, std::uint64_t seeds = 40) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto outcome = Simulation{seed, broken}.run();
        const bool found = std::any_of(outcome.violations.begin(), outcome.violations.end(), [&](const Violation& one) {
            return one.invariant == invariant && one.what.find(piece) != std::string::npos;
        });
        if (found) {
            return true;
        }
    }
    return false;
}

bool caught(int invariant, std::string_view piece, const Sabotage& sabotage, std::uint64_t seeds = 40) {
    Options broken;
    broken.sabotage = sabotage;
    return caught(invariant, piece, broken, seeds);
}

/// A lane that never says `type`.
Sabotage silent_about(const std::string& type) {
    return [type](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            if (auto* record = std::get_if<Record>(&action)) {
                std::erase_if(record->events, [&](const Event& event) { return event.type == type; });
            }
        }
    };
}

/// A lane whose events of `type` are changed.
Sabotage changing(const std::string& type, const std::function<void(Record&, Event&)>& change) {
    return [type, change](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            auto* record = std::get_if<Record>(&action);
            const auto size = record == nullptr ? 0 : record->events.size();
            for (std::size_t i = 0; i < size; ++i) {
                if (record->events[i].type == type) {
                    auto event = record->events[i];
                    change(*record, event);
                    record->events[i] = std::move(event);
                }
            }
        }
    };
}

/// A lane whose commands are changed, or have others put beside them.
Sabotage commanding(const std::function<void(Command& command, Actions& more)>& change) {
    return [change](std::size_t, Actions& actions) {
        Actions more;
        for (auto& action : actions) {
            if (auto* perform = std::get_if<Perform>(&action)) {
                change(perform->command, more);
            }
        }
        actions.insert(actions.end(), more.begin(), more.end());
    };
}

Command close_now(const Command& like) {
    return {CommandId{like.id.number + 500000000}, Role::arm_up, OutputAct::off, like.not_after, std::nullopt, false};
}

}  // namespace

TEST_CASE("An arm that goes up without a committed permission is caught") {
    CHECK(caught(1, "without a committed permission.began", silent_about("permission.began")));
}

TEST_CASE("An arm that goes up without a committed arm.commanded is caught") {
    CHECK(caught(1, "without a committed arm.commanded", silent_about("arm.commanded")));
}

TEST_CASE("An arm that goes up without an opening verdict is caught") {
    CHECK(caught(1, "the newest committed verdict does not open", silent_about("verdict.issued")));
}

TEST_CASE("A command that goes out before its record is committed is caught") {
    const Sabotage hasty = [](std::size_t, Actions& actions) {
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const auto* record = std::get_if<Record>(&actions[i]);
            if (record == nullptr) {
                continue;
            }
            for (const auto& event : record->events) {
                const auto permission = PermissionId::parse(text_in(event, "permission_id"));
                if (event.type == "arm.commanded" && permission) {
                    const Instant not_after{
                        std::chrono::milliseconds{number_in(event, "not_after_mono_ms").value_or(0)}};
                    actions.emplace_back(Perform{{CommandId{event.token->number + 700000000}, Role::arm_up,
                                                  OutputAct::pulse, not_after, permission}});
                    return;
                }
            }
        }
    };
    CHECK(caught(1, "no committed permission", hasty));
}

TEST_CASE("Tailgaters that nobody tells of are caught") {
    const auto tailgate = silent_about("passage.tailgate");
    const auto wrong_way = silent_about("passage.wrong_way");
    CHECK(caught(1, "that the arm was not opened for", [=](std::size_t lane, Actions& actions) {
        tailgate(lane, actions);
        wrong_way(lane, actions);
    }));
}

TEST_CASE("A close on a vehicle is caught") {
    const auto waving = commanding([](Command& command, Actions& more) {
        if (command.output == Role::light_go && command.act == OutputAct::off) {
            more.emplace_back(Perform{close_now(command)});
        }
    });
    CHECK(caught(2, "the arm is let down on a vehicle", waving));
    CHECK(caught(3, "given before its arm.commanded is committed", waving));
}

TEST_CASE("A close that does not ask the device for a clear arm is caught") {
    CHECK(caught(2, "does not ask the device",
                 commanding([](Command& command, Actions&) { command.needs_clear_arm = false; })));
}

TEST_CASE("A safe state that lets go of a held arm over a vehicle is caught") {
    Options broken;
    broken.change_plan = [](Plan& plan) {
        plan.actions_a_life = 60;
        for (auto& lane : plan.lanes) {
            lane.settings.arm.control = lane.board.control = ArmControl::maintained;
            lane.safe.arm_up = SafeOutput::off;
        }
    };
    CHECK(caught(2, "the safe state lets the arm down on a vehicle", broken));
}

TEST_CASE("A safe state that keeps a close contact closed over a vehicle is caught") {
    Options broken;
    broken.change_plan = [](Plan& plan) {
        plan.actions_a_life = 60;
        for (auto& lane : plan.lanes) {
            lane.settings.arm.control = lane.board.control = ArmControl::pulse;
            lane.settings.arm.close = lane.board.close = ArmClose::daemon_request;
            lane.settings.roles.insert(Role::arm_down_request);
            lane.safe.arm_down_request = SafeOutput::keep;
        }
    };
    CHECK(caught(2, "the safe state lets the arm down on a vehicle", broken));
}

TEST_CASE("A command that is given twice is caught") {
    const auto twice = commanding([](Command& command, Actions& more) {
        if (is_up(command)) {
            more.emplace_back(Perform{command});
        }
    });
    CHECK(caught(3, "given twice", twice));
    CHECK(caught(1, "one permission opened the arm twice", twice));
}

TEST_CASE("A command that is late when it is given is caught") {
    CHECK(caught(3, "given when it was late already",
                 commanding([](Command& command, Actions&) { command.not_after -= std::chrono::seconds{3}; })));
}

TEST_CASE("An arm-up that is not taken back when its permission ends is caught") {
    const Sabotage stubborn = [](std::size_t, Actions& actions) {
        std::erase_if(actions, [](const Action& action) { return std::holds_alternative<lane::Withdraw>(action); });
    };
    CHECK(
        caught(3, "the arm goes up although its permission has ended", stubborn, 200));  // a bus must be slow just then
}

TEST_CASE("A command without its result is caught") {
    CHECK(caught(3, "has 0 results", silent_about("arm.result")));
}

TEST_CASE("A green light in a lane that is not automatic is caught") {
    CHECK(caught(3, "green while the lane is not automatic", commanding([](Command& command, Actions&) {
                     if (command.output == Role::light_lane) {
                         command.act = OutputAct::on;
                     }
                 })));
}

TEST_CASE("A passage that does not end, or ends twice, is caught") {
    CHECK(caught(4, "ended 0 times", silent_about("passage.ended")));
    CHECK(caught(4, "or twice",
                 changing("passage.ended", [](Record& record, Event& event) { record.events.push_back(event); })));
}

TEST_CASE("A vehicle without a passage is caught") {
    CHECK(caught(4, "vehicles were there, but", silent_about("passage.detected")));
}

TEST_CASE("A vehicle that passed and is said to have gone back is caught") {
    CHECK(caught(4, "vehicles passed the arm, but", changing("passage.ended", [](Record&, Event& event) {
                     if (auto* outcome = event.data.find("outcome")) {
                         *outcome = Value{"backed_out"};
                     }
                 })));
}

TEST_CASE("A reading that nobody gets is caught") {
    CHECK(caught(4, "was given to nobody", silent_about("reading.taken")));
}

TEST_CASE("Readings of a truck that returns are caught when its second passage does not get them") {
    struct Memory {
        std::map<std::string, std::string> first;  ///< who had a text first
    };
    const auto memory = std::make_shared<Memory>();
    CHECK(caught(4, "was given to nobody", [memory](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            if (auto* record = std::get_if<Record>(&action)) {
                std::erase_if(record->events, [&](const Event& event) {
                    const auto passage = std::string{text_in(event, "passage")};
                    return event.type == "reading.taken" && passage != "unassigned" &&
                           memory->first.emplace(text_in(event, "raw"), passage).first->second != passage;
                });
            }
        }
    }));
}

TEST_CASE("A loop that rises for nobody is caught") {
    CHECK(caught(4, "rose and fell for nobody", silent_about("observation.unassigned")));
    CHECK(caught(4, "arrival_loop rose for nobody", silent_about("passage.detected")));
}

TEST_CASE("A permission that nobody ends is caught") {
    CHECK(caught(1, "began and ended 0 times", silent_about("permission.ended")));
}

TEST_CASE("Lanes that do not come to rest are caught") {
    Options options;
    options.longest_run = std::chrono::seconds{20};
    const auto outcome = Simulation{1, std::move(options)}.run();
    CHECK(std::any_of(outcome.violations.begin(), outcome.violations.end(),
                      [](const Violation& one) { return one.what == "the lanes do not come to rest"; }));
}

TEST_CASE("An order that is given back although its vehicle passed is caught") {
    const Sabotage generous = [](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            if (auto* record = std::get_if<Record>(&action)) {
                for (auto& change : record->usage) {
                    change.to = change.to == UsageState::used ? UsageState::free : change.to;
                }
            }
        }
    };
    CHECK(caught(7, "whose vehicle is past the arm", generous));
}

TEST_CASE("An appointment that more vehicles use than it allows is caught") {
    // A lane that puts every place that names no container on one appointment.
    Options broken;
    broken.change_plan = [](Plan& plan) { plan.chances.appointed = 1000; };
    broken.sabotage = [](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            if (auto* record = std::get_if<Record>(&action)) {
                for (auto& change : record->usage) {
                    change.to = change.key.container ? change.to : UsageState::used;
                    change.key.order = change.key.container ? change.key.order : OrderId{"M-1"};
                }
            }
        }
    };
    CHECK(caught(7, "places taken, more than it has", broken));
}

TEST_CASE("A place that stays reserved is caught") {
    CHECK(caught(7, "stays reserved", [](std::size_t, Actions& actions) {
        for (auto& action : actions) {
            if (auto* record = std::get_if<Record>(&action)) {
                std::erase_if(record->usage,
                              [](const lane::UsageChange& change) { return change.to != UsageState::reserved; });
            }
        }
    }));
}

TEST_CASE("An event that refers to one that was never recorded is caught") {
    CHECK(caught(5, "refer to one that was never recorded", changing("passage.ended", [](Record&, Event& event) {
                     if (auto* verdict = event.data.find("verdict_sequence")) {
                         *verdict = Value{EventToken{42}};
                     }
                 })));
}

TEST_CASE("A lane that does not do the same twice has another trace") {
    std::int64_t from_outside = 0;
    const auto moody = changing("passage.ended", [&](Record&, Event& event) {
        ++from_outside;
        if (auto* waited = event.data.find("waited_person_ms")) {
            *waited = Value{from_outside};
        }
    });
    const auto run = [&] {
        Options options;
        options.sabotage = moody;
        return Simulation{3, std::move(options)}.run().trace_hash;
    };
    CHECK(run() != run());
}

TEST_CASE("A lane whose mode, arm or passages change without their event is caught by the audit") {
    for (const auto* const type : {"lane.mode", "arm.moved", "passage.ended"}) {
        CAPTURE(type);
        Options broken;
        broken.sabotage = silent_about(type);
        broken.audit = true;
        CHECK(caught(5, std::string_view{type} == "passage.ended" ? "open passages" : "newest event", broken));
    }
}

TEST_CASE("A lane that tells a change twice is caught by the audit") {
    Options broken;
    broken.audit = true;
    broken.sabotage = changing("lane.mode", [](Record& record, Event& event) {
        const auto again = event;
        record.events.push_back(again);
        auto& told = record.events.back();
        for (auto& member : *told.data.get<Object>()) {
            if (member.name == "from") {
                member.value = *again.data.find("to");
            }
        }
    });
    CHECK(caught(5, "which it was", broken));
}

}  // namespace portcullis::simulation
