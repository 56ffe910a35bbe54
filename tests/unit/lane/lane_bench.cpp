#include "lane_bench.hpp"

#include <algorithm>
#include <stdexcept>

namespace portcullis::lane {

namespace {

bool is_light(Role output) {
    return output == Role::light_go || output == Role::light_lane;
}

}  // namespace

LaneSettings out_lane() {
    LaneSettings settings;
    settings.name = LaneName{"out-1"};
    settings.way = LaneWay::out;
    settings.control_point = ControlPoint{"g07"};
    settings.load = LoadPolicy::trust_readers;
    settings.required = {Identity::plate, Identity::container};
    settings.roles = {Role::arrival_loop,     Role::arm_loop,    Role::exit_loop,        Role::arm_open_limit,
                      Role::arm_closed_limit, Role::arm_up,      Role::arm_down_request, Role::light_go,
                      Role::light_lane,       Role::plate_front, Role::container_rear};
    return settings;
}

Verdict release_of(const PassageFacts& facts) {
    Verdict verdict;
    verdict.outcome = VerdictOutcome::release;
    verdict.movement = Movement::import_laden;
    for (const auto& box : facts.identity.containers) {
        FoundOrder found;
        found.order.authority = Authority{"ciq"};
        found.order.id = OrderId{"R-" + box.number.text()};
        ReleaseOrder release;
        release.status = ReleaseStatus::released;
        release.container = box.number;
        found.order.body = release;
        verdict.orders.push_back(found);
        verdict.claims.push_back({{found.order.authority, found.order.id, box.number, facts.control_point}, 1});
    }
    verdict.reasons.push_back({ReasonCode::order_released, ReasonKind::order, Authority{"ciq"}, std::nullopt,
                               Tristate::yes, VerdictOutcome::release});
    return verdict;
}

Verdict hold_for(ReasonCode code) {
    Verdict verdict;
    verdict.outcome = VerdictOutcome::hold;
    verdict.reasons.push_back(
        {code, ReasonKind::order, std::nullopt, std::nullopt, Tristate::yes, VerdictOutcome::hold});
    return verdict;
}

Verdict hold_of(const PassageFacts& /*facts*/) {
    return hold_for(ReasonCode::order_missing);
}

Verdict inspect() {
    Verdict verdict;
    verdict.outcome = VerdictOutcome::inspect;
    verdict.zone = "Z2";
    verdict.methods = {"radiation"};
    return verdict;
}

LaneBench::LaneBench(LaneSettings settings, PortalTransits* portals)
    : decides(release_of), settings_(std::move(settings)), portals_(portals) {
    lane_ = std::make_unique<Lane>(settings_, home(), *ledger_, ids(), std::vector<Memory>{}, now());
    run(lane_->start(now()));
    all_quiet();
}

IdSource LaneBench::ids() {
    return [this] {
        std::array<std::uint8_t, 16> bytes{};
        const auto number = ++last_id_;
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
        }
        return bytes;
    };
}

// ---- the world

void LaneBench::after(std::chrono::milliseconds time) {
    const auto end = now_ + time;
    while (const auto due = lane_->deadline()) {
        if (*due > end) {
            break;
        }
        now_ = std::max(now_, *due);
        handle(DeadlineReached{});
    }
    now_ = end;
}

void LaneBench::see(Role role, Signal signal, std::uint8_t reads) {
    if (!settings_.has(role)) {
        return;
    }
    handle(Observed{role, {DeviceName{"io"}, PointName{"di0"}, now_, InputSeen{signal, reads}}});
}

void LaneBench::on(Role role) {
    see(role, Signal::on, 1);
    after(20ms);
    see(role, Signal::on, 2);
}

void LaneBench::off(Role role) {
    see(role, Signal::off, 1);
    after(20ms);
    see(role, Signal::off, 2);
}

void LaneBench::unknown(Role role) {
    see(role, Signal::unknown, 1);
}

void LaneBench::read(Role reader, const std::string& text) {
    Reading reading;
    const bool plate = reader == Role::plate_front || reader == Role::plate_rear;
    reading.kind = plate ? ReadingKind::plate : ReadingKind::container;
    reading.kind = reader == Role::seal_rear ? ReadingKind::seal : reading.kind;
    reading.raw = text;
    handle(Observed{reader, {DeviceName{std::string{text_of(reader)}}, PointName{}, now_, reading}});
}

void LaneBench::offline(Role role) {
    handle(Observed{role, {DeviceName{"io"}, PointName{}, now_, HealthChanged{DeviceState::offline, "no answer"}}});
}

void LaneBench::online(Role role) {
    handle(Observed{role, {DeviceName{"io"}, PointName{}, now_, HealthChanged{DeviceState::online, ""}}});
}

void LaneBench::all_quiet() {
    for (const auto role : {Role::arrival_loop, Role::arm_loop, Role::arm_beam, Role::exit_loop, Role::arm_open_limit,
                            Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft, Role::empty_seen}) {
        off(role);
    }
    on(Role::arm_closed_limit);
    after(2s);
}

void LaneBench::arm_opens() {
    off(Role::arm_closed_limit);
    after(1800ms);
    on(Role::arm_open_limit);
}

void LaneBench::arm_closes() {
    off(Role::arm_open_limit);
    after(1800ms);
    on(Role::arm_closed_limit);
}

void LaneBench::orders_changed() {
    handle(OrdersChanged{++cursor});
}

void LaneBench::journal_lost() {
    handle(JournalLost{});
}

void LaneBench::journal_back() {
    handle(JournalBack{});
}

void LaneBench::restart() {
    std::vector<Memory> notes;
    for (const auto& [key, body] : memory) {
        notes.push_back({key, body});
    }
    uncommitted_.clear();
    unanswered.reset();
    ledger_ = std::make_unique<UsageLedger>();
    lane_ = std::make_unique<Lane>(settings_, home(), *ledger_, ids(), std::move(notes), now());
    run(lane_->start(now()));
}

void LaneBench::reboot() {
    now_ = Instant{1min};
    ++boot_;
    restart();
}

// ---- stories

void LaneBench::truck_arrives() {
    on(Role::arrival_loop);
    after(500ms);
    read(Role::plate_front, a_plate);
    after(100ms);
    read(Role::container_rear, a_box);
}

void LaneBench::truck_leaves() {
    on(Role::arm_loop);
    after(3s);
    off(Role::arrival_loop);
    after(1s);
    on(Role::exit_loop);
    after(3s);
    off(Role::arm_loop);
    after(2s);
    off(Role::exit_loop);
    after(1100ms);
    if (commanded(Role::arm_down_request) > 0) {
        arm_closes();
    }
}

// ---- what the lane does

void LaneBench::handle(const Input& input) {
    if (turns_deep_ > most_turns_deep) {
        throw std::runtime_error{"the lane does not come to rest"};
    }
    ++turns_deep_;
    run(lane_->handle(input, now()));
    --turns_deep_;
}

void LaneBench::write(const Command command) {
    performed.push_back(command);
    const bool light = is_light(command.output);
    if (light || answer_arm) {
        CommandResult result;
        result.id = command.id;
        result.write = light ? WriteOutcome::done : arm_write;
        result.readback = command.act == OutputAct::off ? Signal::off : Signal::on;
        handle(CommandEnded{result});
    }
}

void LaneBench::run(const std::vector<Action>& actions) {
    for (const auto& action : actions) {
        if (const auto* record = std::get_if<Record>(&action)) {
            write(*record);
            if (commits != Commits::never) {
                uncommitted_.push_back(record->ticket);
            }
        } else if (const auto* perform = std::get_if<Perform>(&action)) {
            write(perform->command);
        } else if (const auto* withdrawal = std::get_if<Withdraw>(&action)) {
            withdrawn.push_back(withdrawal->command);
        } else if (const auto* sign = std::get_if<ShowText>(&action)) {
            shown.push_back(sign->message);
        } else if (const auto* question = std::get_if<Decide>(&action)) {
            asked.push_back(*question);
            unanswered = *question;
            if (decides) {
                answer(decides(question->facts));
            }
        }
    }
    if (commits == Commits::at_once) {
        commit_all();
    }
}

void LaneBench::answer(Verdict verdict) {
    verdict.order_cursor = cursor;
    const auto question = *unanswered;
    handle(VerdictReady{question.passage, question.ask, std::move(verdict)});
}

void LaneBench::device_answers() {
    const auto command =
        std::find_if(performed.rbegin(), performed.rend(), [](const Command& one) { return !is_light(one.output); });
    CommandResult result;
    result.id = command->id;
    const bool taken_back = std::find(withdrawn.begin(), withdrawn.end(), result.id) != withdrawn.end();
    result.write = taken_back ? WriteOutcome::withdrawn : arm_write;
    handle(CommandEnded{result});
}

void LaneBench::commit_all() {
    while (!uncommitted_.empty()) {
        const auto ticket = uncommitted_.front();
        uncommitted_.erase(uncommitted_.begin());
        handle(Committed{ticket, cursor + commits_see_ahead});
    }
}

void LaneBench::write(const Record& record) {
    for (const auto& event : record.events) {
        journal.push_back({event, static_cast<std::int64_t>(journal.size()) + 1, record.ticket.number});
        if (event.token) {
            sequences_[event.token->number] = journal.back().sequence;
        }
    }
    for (const auto& change : record.memory) {
        if (change.body) {
            auto body = *change.body;
            put_sequences(body);
            memory[change.key] = std::move(body);
        } else {
            memory.erase(change.key);
        }
    }
    for (const auto& change : record.usage) {
        std::erase_if(usage, [&](const Usage& one) {
            return one.key == change.key && one.passage == change.passage && one.place == change.place;
        });
        if (change.to != UsageState::free) {
            usage.push_back({change.key, change.to, change.passage, change.place});
        }
    }
}

void LaneBench::put_sequences(Value& value) const {
    if (const auto* token = value.get<EventToken>()) {
        value = sequences_.at(token->number);
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

// ---- questions

int LaneBench::count(std::string_view type) const {
    return static_cast<int>(
        std::count_if(journal.begin(), journal.end(), [&](const Written& one) { return one.event.type == type; }));
}

const Event& LaneBench::first(std::string_view type) const {
    const auto found =
        std::find_if(journal.begin(), journal.end(), [&](const Written& one) { return one.event.type == type; });
    if (found == journal.end()) {
        throw std::runtime_error{"no " + std::string{type} + " was written"};
    }
    return found->event;
}

const Value& LaneBench::last(std::string_view type) const {
    for (auto one = journal.rbegin(); one != journal.rend(); ++one) {
        if (one->event.type == type) {
            return one->event.data;
        }
    }
    throw std::runtime_error{"no " + std::string{type} + " was written"};
}

std::string LaneBench::text(std::string_view type, std::string_view field) const {
    const auto* member = last(type).find(field);
    if (member == nullptr) {
        throw std::runtime_error{std::string{type} + " has no " + std::string{field}};
    }
    if (const auto* number = member->get<std::int64_t>()) {
        return std::to_string(*number);
    }
    const auto* words = member->get<std::string>();
    return words == nullptr ? "(not a text)" : *words;
}

int LaneBench::commanded(Role output) const {
    return static_cast<int>(
        std::count_if(performed.begin(), performed.end(), [&](const Command& one) { return one.output == output; }));
}

PassageState LaneBench::state(std::size_t passage) const {
    return lane().view().passages.at(passage).state;
}

UsageState LaneBench::place() const {
    return usage.empty() ? UsageState::free : usage.back().state;
}

std::vector<std::string> LaneBench::story() const {
    std::vector<std::string> types;
    for (const auto& one : journal) {
        if (one.event.type != "lane.light" && one.event.type != "lane.mode") {
            types.push_back(one.event.type);
        }
    }
    return types;
}

}  // namespace portcullis::lane
