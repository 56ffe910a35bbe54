#include "lane_watch.hpp"

#include <stdexcept>

namespace portcullis::lane {

namespace {

void require(bool holds, const std::string& what) {
    if (!holds) {
        throw std::runtime_error{what};
    }
}

std::string text_in(const Value& data, std::string_view name) {
    const auto* member = data.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

bool is_light(const Command& command) {
    return command.output == Role::light_go || command.output == Role::light_lane;
}

bool is_up(const Command& command) {
    return command.output == Role::arm_up && command.act != OutputAct::off;
}

}  // namespace

// ---- what went in

void LaneWatch::see(Role role, Signal signal, std::uint8_t reads, Instant now) {
    auto& level = levels_[static_cast<std::size_t>(role)];
    auto presence = level.presence;
    if (signal == Signal::on) {
        presence = Presence::occupied;
    } else if (signal == Signal::unknown) {
        presence = Presence::unknown;
    } else if (reads >= 2) {
        presence = Presence::clear;
    }
    if (presence != level.presence) {
        level = {presence, now};
    }
}

void LaneWatch::before(const Input& input, Instant now) {
    if (const auto* ended = std::get_if<CommandEnded>(&input)) {
        raising_.erase(ended->result.id);
    }
    const auto* observed = std::get_if<Observed>(&input);
    if (observed == nullptr) {
        return;
    }
    if (const auto* seen = std::get_if<InputSeen>(&observed->observation.what)) {
        see(observed->role, seen->signal, seen->equal_reads, now);
    } else if (const auto* health = std::get_if<HealthChanged>(&observed->observation.what)) {
        if (health->state == DeviceState::offline || health->state == DeviceState::fault) {
            see(observed->role, Signal::unknown, 1, now);
        }
    }
}

// ---- what came out

void LaneWatch::after(const std::vector<Action>& actions, const Lane& lane, Instant now) {
    for (const auto& action : actions) {
        if (const auto* record = std::get_if<Record>(&action)) {
            look_at(*record);
        } else if (const auto* perform = std::get_if<Perform>(&action)) {
            look_at(perform->command, lane, now);
        } else if (const auto* withdrawal = std::get_if<Withdraw>(&action)) {
            require(given_.contains(withdrawal->command), "a command is taken back that was not given");
            raising_.erase(withdrawal->command);
        } else if (const auto* question = std::get_if<Decide>(&action)) {
            const auto id = question->passage.text();
            require(said_.detected.contains(id), "a question for a passage that nobody knows");
            require(question->ask > asks_[id], "the same question twice");
            asks_[id] = question->ask;
        } else if (const auto* capture = std::get_if<Capture>(&action)) {
            require(said_.detected.contains(capture->passage.text()), "a capture for a passage that nobody knows");
        }
    }
    std::erase_if(raising_, [now](const auto& one) { return one.second.not_after <= now; });
    for (const auto& [command, raising] : raising_) {
        require(said_.permissions[raising.permission].ended == 0, "an arm may go up although its permission has ended");
    }
    const auto view = lane.view();
    require(view.passages.size() <= Lane::most_passages, "more passages open than a lane can hold");
    require(view.passages.size() + said_.ended.size() == said_.detected.size(),
            "passages open, detected and ended do not add up");
    const auto due = lane.deadline();
    require(!due || *due > now, "the deadline stays in the past");
}

void LaneWatch::look_at(const Record& record) {
    auto& waiting = waiting_.emplace_back(record);
    for (auto& event : waiting.events) {
        ++last_sequence_;
        if (event.token) {
            sequences_[event.token->number] = last_sequence_;
        }
        put_sequences(event.data);
        apply(said_, event);
    }
    for (auto& change : waiting.memory) {
        if (change.body) {
            put_sequences(*change.body);
        }
    }
    for (const auto& change : waiting.usage) {
        apply(said_, change);
    }
}

void LaneWatch::apply(Book& book, const Event& event) const {
    const auto passage = text_in(event.data, "passage");
    if (event.type == "passage.detected") {
        require(book.detected.insert(passage).second, "a passage is detected twice");
    }
    const bool of_passage = !passage.empty() && passage != "none" && passage != "unassigned";
    require(!of_passage || book.detected.contains(passage), event.type + " of a passage that nobody knows");
    // The answer of a slow device may come when its vehicle has gone.
    const bool late = of_passage && book.ended.contains(passage);
    require(!late || event.type == "arm.result", event.type + " of a passage that has ended");
    if (event.type == "passage.ended") {
        book.ended.insert(passage);
    } else if (event.type == "permission.began") {
        ++book.permissions[text_in(event.data, "permission_id")].began;
    } else if (event.type == "permission.ended") {
        ++book.permissions[text_in(event.data, "permission_id")].ended;
    } else if (event.type == "arm.commanded") {
        book.results[sequences_.at(event.token->number)] = 0;
    } else if (event.type == "arm.result") {
        const auto* sequence = event.data.find("commanded_sequence")->get<std::int64_t>();
        require(sequence != nullptr && book.results.contains(*sequence), "a result of no command");
        require(++book.results[*sequence] == 1, "two results of one command");
    }
}

void LaneWatch::apply(Book& book, const UsageChange& change) {
    const auto place = std::pair{change.key, change.passage};
    const bool taken = book.places.contains(place);
    require(change.to == UsageState::reserved || taken, "a place changes that was not reserved");
    if (change.to == UsageState::free) {
        book.places.erase(place);
    } else {
        book.places[place] = change.to;
    }
}

void LaneWatch::look_at(const Command& command, const Lane& lane, Instant now) {
    require(given_.insert(command.id).second, "a command is given twice");
    require(command.not_after > now, "a command is late when it is given");
    require(settings_.has(command.output), "a command for an output that the lane has not");
    if (is_light(command)) {
        return;
    }
    if (command.output == Role::arm_stop) {
        require(lane.view().mode != LaneMode::recovering, "a stop while nobody knows the lane yet");
        return;
    }
    require(lane.view().mode == LaneMode::automatic, "an arm output moves while the lane is not automatic");
    if (!is_up(command)) {
        look_at_close(command, now);
        return;
    }
    require(command.permission.has_value(), "the arm goes up without a permission");
    const auto permission = command.permission->text();
    const auto durable = durable_.permissions.find(permission);
    require(durable != durable_.permissions.end() && durable->second.began == 1,
            "the arm goes up before its permission is committed");
    require(said_.permissions[permission].ended == 0, "the arm goes up on a permission that has ended");
    ++ups_;
    raising_[command.id] = {permission, command.not_after};
}

void LaneWatch::look_at_close(const Command& command, Instant now) const {
    for (const auto role : {Role::arm_loop, Role::arm_beam}) {
        const auto& level = levels_[static_cast<std::size_t>(role)];
        const bool clear = level.presence == Presence::clear && now - level.since >= settings_.hold;
        require(clear || !settings_.has(role), "a close while presence under the arm is not clear for `hold`");
    }
    require(command.needs_clear_arm, "a close that does not ask the device for a clear arm");
}

// ---- the journal

void LaneWatch::put_sequences(Value& value) const {
    if (const auto* token = value.get<EventToken>()) {
        const auto found = sequences_.find(token->number);
        require(found != sequences_.end(), "a reference to an event that was never recorded");
        value = found->second;
    } else if (auto* object = value.get<Object>()) {
        for (auto& member : *object) {
            put_sequences(member.value);
        }
    } else if (auto* list = value.get<List>()) {
        for (auto& one : *list) {
            put_sequences(one);
        }
    }
}

std::optional<Ticket> LaneWatch::commit() {
    if (waiting_.empty()) {
        return std::nullopt;
    }
    const auto record = std::move(waiting_.front());
    waiting_.pop_front();
    for (const auto& event : record.events) {
        apply(durable_, event);
    }
    for (const auto& change : record.usage) {
        apply(durable_, change);
    }
    for (const auto& change : record.memory) {
        if (change.body) {
            memory_[change.key] = *change.body;
        } else {
            memory_.erase(change.key);
        }
    }
    return record.ticket;
}

std::vector<Memory> LaneWatch::memory() const {
    std::vector<Memory> notes;
    for (const auto& [key, body] : memory_) {
        notes.push_back({key, body});
    }
    return notes;
}

void LaneWatch::killed() {
    waiting_.clear();
    said_ = durable_;
    raising_.clear();
    asks_.clear();
    levels_ = {};
}

void LaneWatch::at_rest() const {
    require(waiting_.empty(), "a record is not durable yet");
    require(said_.detected == said_.ended, "a passage never ends");
    for (const auto& [id, permission] : said_.permissions) {
        require(permission.began == 1 && permission.ended == 1, "permission " + id + " began or ended not once");
    }
    for (const auto& [place, state] : said_.places) {
        require(state == UsageState::used, "a place stays reserved for a passage that has ended");
    }
    for (const auto& [sequence, count] : said_.results) {
        require(count == 1, "arm.commanded " + std::to_string(sequence) + " has no result");
    }
}

}  // namespace portcullis::lane
