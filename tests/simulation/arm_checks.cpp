#include "tests/simulation/arm_checks.hpp"

namespace portcullis::simulation {

namespace {

std::string named(const Command& command) {
    return "command " + std::to_string(command.id.number) + " (" + std::string{text_of(command.output)} + ' ' +
           std::string{text_of(command.act)} + ")";
}

bool is_light(const Command& command) {
    return command.output == Role::light_go || command.output == Role::light_lane;
}

}  // namespace

bool is_close(const Command& command) {
    return command.output == Role::arm_down_request ||
           (command.output == Role::arm_up && command.act == OutputAct::off);
}

bool is_up(const Command& command) {
    return command.output == Role::arm_up && command.act != OutputAct::off;
}

// ---- 1

void PermissionCheck::require(bool holds, std::size_t lane, const std::string& what) {
    if (!holds) {
        findings_.add(1, lanes_[lane].name.text(), what);
    }
}

void PermissionCheck::performed(std::size_t lane, const Command& command) {
    if (!is_up(command)) {
        return;
    }
    const auto* permission = command.permission ? book_.permission(*command.permission) : nullptr;
    require(permission != nullptr && permission->began, lane, named(command) + ": no committed permission");
    require(permission == nullptr || !permission->ended, lane, named(command) + ": its permission has ended");
    require(permission == nullptr || book_.opens(permission->passage), lane,
            named(command) + ": the newest committed verdict does not open");
}

void PermissionCheck::written(std::size_t lane, const Command& command) {
    if (!is_up(command)) {
        return;
    }
    auto* permission = command.permission ? book_.permission(*command.permission) : nullptr;
    if (permission == nullptr || !permission->began) {
        require(false, lane, named(command) + ": the arm goes up without a committed permission.began");
        return;
    }
    require(permission->lane == lane, lane, named(command) + ": the permission is another lane's");
    require(permission->commanded, lane, named(command) + ": the arm goes up without a committed arm.commanded");
    ++permission->writes;
    require(permission->writes == 1, lane, named(command) + ": one permission opened the arm twice");
}

void PermissionCheck::finish() {
    for (const auto& [id, permission] : book_.permissions()) {
        if (permission.began && permission.ends != 1) {
            require(false, permission.lane,
                    "permission " + id.text() + " began and ended " + std::to_string(permission.ends) + " times");
        }
    }
}

// ---- 2

CloseCheck::CloseCheck(const std::vector<LaneSettings>& lanes, Findings& findings)
    : lanes_(lanes), findings_(findings), loop_(lanes.size()), beam_(lanes.size()) {}

void CloseCheck::delivered(std::size_t lane, Role role, InputSeen seen, Instant now) {
    if (role != Role::arm_loop && role != Role::arm_beam) {
        return;
    }
    auto& given = role == Role::arm_loop ? loop_[lane] : beam_[lane];
    if (seen.signal != Signal::off) {
        given.clear = false;
    } else if (seen.equal_reads >= 2 && !given.clear) {
        given = {true, now};
    }
}

bool CloseCheck::clear(std::size_t lane, Instant now) const {
    const auto holds = [&](const Given& given) { return given.clear && now - given.since >= lanes_[lane].hold; };
    return holds(loop_[lane]) && (!lanes_[lane].has(Role::arm_beam) || holds(beam_[lane]));
}

void CloseCheck::performed(std::size_t lane, const Command& command, Instant now) {
    if (!is_close(command)) {
        return;
    }
    if (!clear(lane, now)) {
        findings_.add(2, lanes_[lane].name.text(), named(command) + ": asked while presence is not clear for `hold`");
    }
    if (!command.needs_clear_arm) {
        findings_.add(2, lanes_[lane].name.text(), named(command) + ": does not ask the device for a clear arm");
    }
}

void CloseCheck::written(std::size_t lane, const Command& command, const WriteTruth& truth) {
    if (is_close(command) && truth.vehicle_under && !truth.inputs_lie) {
        findings_.add(2, lanes_[lane].name.text(), named(command) + ": the arm is let down on a vehicle");
    }
}

void CloseCheck::safe_state(std::size_t lane, bool vehicle_under) {
    if (vehicle_under) {
        findings_.add(2, lanes_[lane].name.text(), "the safe state lets the arm down on a vehicle");
    }
}

void CloseCheck::killed() {
    loop_.assign(lanes_.size(), {});
    beam_.assign(lanes_.size(), {});
}

// ---- 3

CommandCheck::CommandCheck(const std::vector<LaneSettings>& lanes, Book& book, Findings& findings)
    : lanes_(lanes), book_(book), findings_(findings), allowed_(lanes.size()) {}

void CommandCheck::add(std::size_t lane, const Command& command, const std::string& what) {
    findings_.add(3, lanes_[lane].name.text(), named(command) + ": " + what);
}

void CommandCheck::committed(std::size_t lane, const Event& event, std::int64_t sequence) {
    if (event.type == "arm.commanded") {
        const auto command = text_in(event, "command");
        allowed_[lane].closes += command == "down_request" || command == "hold_release" ? 1 : 0;
        allowed_[lane].stops += command == "stop" ? 1 : 0;
        results_.emplace(sequence, 0);
    } else if (event.type == "arm.result") {
        const auto commanded = number_in(event, "commanded_sequence");
        const auto found = commanded ? results_.find(*commanded) : results_.end();
        if (found == results_.end()) {
            findings_.add(3, lanes_[lane].name.text(), "arm.result without its arm.commanded");
        } else {
            ++found->second;
        }
    }
}

void CommandCheck::take_allowance(std::size_t lane, const Command& command) {
    auto& left = command.output == Role::arm_stop ? allowed_[lane].stops : allowed_[lane].closes;
    if (left == 0) {
        add(lane, command, "given before its arm.commanded is committed");
    } else {
        --left;
    }
}

void CommandCheck::performed(std::size_t lane, const Command& command, Instant now) {
    if (!given_.insert(command.id).second) {
        add(lane, command, "given twice");
    }
    if (now >= command.not_after) {
        add(lane, command, "given when it was late already");
    }
    if (is_light(command)) {
        if (command.act == OutputAct::on && !book_.said(lane).automatic) {
            add(lane, command, "green while the lane is not automatic");
        }
        return;
    }
    const bool stops = command.output == Role::arm_stop && book_.said(lane).out_of_service;
    if (!book_.said(lane).automatic && !stops) {
        add(lane, command, "an arm output while the lane is not automatic");
    }
    if (!is_up(command)) {
        take_allowance(lane, command);
        return;
    }
    const auto* permission = command.permission ? book_.permission(*command.permission) : nullptr;
    const auto& open = book_.said(lane).open;
    if (permission != nullptr && (open.empty() || open.front() != permission->passage)) {
        add(lane, command, "for passage " + permission->passage.text() + ", which is not the first in the lane");
    }
}

void CommandCheck::written(std::size_t lane, const Command& command, Instant now) {
    if (!moved_.insert(command.id).second) {
        add(lane, command, "performed twice");
    }
    if (now >= command.not_after) {
        add(lane, command, "performed after its not_after");
    }
    if (!given_.contains(command.id)) {
        add(lane, command, "performed although no lane gave it");
    }
    const auto* permission = is_up(command) && command.permission ? book_.permission(*command.permission) : nullptr;
    if (permission != nullptr && permission->ended) {
        add(lane, command, "the arm goes up although its permission has ended");
    }
}

void CommandCheck::killed() {
    allowed_.assign(lanes_.size(), {});
}

void CommandCheck::finish() {
    for (const auto& [sequence, count] : results_) {
        if (count != 1) {
            findings_.add(3, "gate",
                          "arm.commanded " + std::to_string(sequence) + " has " + std::to_string(count) + " results");
        }
    }
}

}  // namespace portcullis::simulation
