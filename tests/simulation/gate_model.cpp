#include "tests/simulation/gate_model.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "tests/simulation/manifest.hpp"

namespace portcullis::simulation {

namespace {

using std::chrono::milliseconds;

/// The wall clock at the start of virtual time.
constexpr WallTime first_day{std::chrono::seconds{1767225600}};

const lane::Record* record_in(const std::vector<lane::Action>& actions) {
    return actions.empty() ? nullptr : std::get_if<lane::Record>(&actions.front());
}

}  // namespace

Now Run::now() const {
    const auto since = std::chrono::duration_cast<milliseconds>(agenda.now().time_since_epoch());
    return {agenda.now(), first_day + since, ClockState::synchronised};
}

GateModel::GateModel(Run run, std::vector<std::unique_ptr<Field>>& fields, Random random)
    : run_(run), fields_(fields), random_(random), store_(run.checks.lanes.size()) {}

// ---- life and death

void GateModel::start() {
    ++life_;
    ledger_ = std::make_unique<lane::UsageLedger>();
    actions_left_ = run_.plan.actions_a_life == 0 ? 0 : random_.between(1, 2 * run_.plan.actions_a_life);
    run_.trace.line(run_.agenda.now(), "gate", [&] { return "== process " + std::to_string(life_) + " starts"; });
    const auto seed = random_.next();
    auto ids = [random = std::make_shared<Random>(seed)] { return random->bytes(); };
    const auto& settings = run_.checks.lanes;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        lanes_.push_back(std::make_unique<lane::Lane>(settings[i], lane::LaneHome{"g07", BootId{}}, *ledger_, ids,
                                                      store_.memory(i), run_.now()));
    }
    deadlines_.assign(settings.size(), std::nullopt);
    for (std::size_t i = 0; i < settings.size(); ++i) {
        run_.checks.audit.began(i, lanes_[i]->view());
        auto actions = lanes_[i]->start(run_.now());
        if (audited_) {
            run_.checks.audit.answered(i, name(i), actions, lanes_[i]->view());
        }
        for (auto& action : actions) {
            if (!perform(i, action)) {
                return;
            }
        }
    }
    for (auto& field : fields_) {
        field->listen(true);
    }
    if (full_) {
        for (std::size_t i = 0; i < settings.size() && alive(); ++i) {
            feed(i, lane::JournalLost{});
        }
    }
}

void GateModel::kill(std::string_view why) {
    run_.trace.line(run_.agenda.now(), "gate",
                    [&] { return "== process " + std::to_string(life_) + " killed " + std::string{why}; });
    run_.trace.digest().number(life_);
    // What was on its way to the disk is there or is not: nobody knows.
    if (store_.under_way() && !full_ && random_.chance(500)) {
        commit();
    }
    store_.kill();
    run_.checks.killed();
    lanes_.clear();
    deadlines_.clear();
    queued_.clear();
    withdrawn_.clear();
    for (auto& field : fields_) {
        field->listen(false);
        field->host_lost();
    }
    run_.agenda.after(random_.millis(500, 4000), [this] { start(); });
}

// ---- one input

std::vector<lane::Action> GateModel::ask(std::size_t lane, const lane::Input& input) {
    auto actions = lanes_[lane]->handle(input, run_.now());
    if (sabotage_) {
        sabotage_(lane, actions);
    }
    if (audited_ && full_) {
        run_.checks.audit.began(lane, lanes_[lane]->view());
    } else if (audited_) {
        run_.checks.audit.answered(lane, name(lane), actions, lanes_[lane]->view());
    }
    return actions;
}

void GateModel::perform_all(std::size_t lane, std::vector<lane::Action>& actions) {
    for (auto& action : actions) {
        if (!perform(lane, action)) {
            return;
        }
    }
    deadlines_[lane] = lanes_[lane]->deadline();
}

void GateModel::feed(std::size_t lane, const lane::Input& input) {
    if (alive()) {
        auto actions = ask(lane, input);
        perform_all(lane, actions);
    }
}

void GateModel::feed_input(std::size_t lane, Role role, InputSeen seen) {
    if (!alive()) {
        return;
    }
    auto actions = ask(lane, lane::Observed{role, {DeviceName{"io"}, PointName{"di"}, run_.agenda.now(), seen}});
    run_.checks.observation.input(lane, role, seen, record_in(actions), !full_);
    perform_all(lane, actions);
}

void GateModel::feed_health(std::size_t lane, Role role, const DeviceName& device, DeviceState state) {
    if (alive() && kind_of(role) == RoleKind::input && state == DeviceState::offline) {
        run_.checks.observation.lost(lane, role);
    }
    feed(lane, lane::Observed{role, {device, PointName{}, run_.agenda.now(), HealthChanged{state, "simulated"}}});
}

void GateModel::feed_reading(std::size_t lane, Role reader, const Reading& reading) {
    if (!alive()) {
        return;
    }
    run_.trace.line(run_.agenda.now(), name(lane),
                    [&] { return std::string{text_of(reader)} + " reads '" + reading.raw + '\''; });
    auto actions = ask(
        lane,
        lane::Observed{reader, {DeviceName{std::string{text_of(reader)}}, PointName{}, run_.agenda.now(), reading}});
    if (!full_ && !reading.raw.empty()) {
        run_.checks.observation.reading(lane, reader, reading.raw, record_in(actions), run_.agenda.now());
    }
    perform_all(lane, actions);
}

bool GateModel::perform(std::size_t lane, lane::Action& action) {
    if (may_die_ && actions_left_ > 0 && --actions_left_ == 0) {
        kill("between two actions");
        return false;
    }
    if (auto* entry = std::get_if<lane::Record>(&action)) {
        record(lane, std::move(*entry));
    } else if (const auto* given = std::get_if<lane::Perform>(&action)) {
        give(lane, given->command);
    } else if (const auto* withdrawal = std::get_if<lane::Withdraw>(&action)) {
        withdraw(lane, *withdrawal);
    } else if (auto* question = std::get_if<lane::Decide>(&action)) {
        look_up(lane, std::move(*question));
    } else if (const auto* capture = std::get_if<lane::Capture>(&action)) {
        run_.trace.digest().text("capture");
        run_.trace.digest().number(capture->readers.size());
    }
    return true;
}

std::optional<Instant> GateModel::deadline() const {
    std::optional<Instant> first;
    for (const auto& one : deadlines_) {
        if (one && (!first || *one < *first)) {
            first = one;
        }
    }
    return first;
}

void GateModel::deadlines_due() {
    for (std::size_t i = 0; i < deadlines_.size(); ++i) {
        if (deadlines_[i] && *deadlines_[i] <= run_.agenda.now()) {
            feed(i, lane::DeadlineReached{});
        }
    }
}

// ---- records

void GateModel::record(std::size_t lane, lane::Record record) {
    auto& digest = run_.trace.digest();
    digest.number(record.ticket.number);
    digest.number(record.events.size() << 16U | record.usage.size() << 8U | record.memory.size());
    run_.checks.emitted(lane, record);
    store_.enqueue(lane, std::move(record));
    begin_transaction();
}

void GateModel::begin_transaction() {
    if (full_ || !store_.begin()) {
        return;
    }
    const auto takes = slow_ ? random_.millis(1500, 3500) : random_.millis(4, 25);
    run_.agenda.after(takes, life_, [this, transaction = ++transaction_] { end_transaction(transaction); });
}

std::vector<StoreModel::Waiting> GateModel::commit() {
    const auto before = store_.rows().size();
    auto records = store_.commit(
        [this](std::size_t lane, const Event& event, std::int64_t sequence) {
            detections_ += event.type == "passage.detected" ? 1 : 0;
            run_.trace.event(run_.agenda.now(), name(lane), sequence, event);
            run_.checks.committed(lane, event, sequence);
            if (run_.plan.manifest) {
                run_.plan.manifest->told(event, sequence);
            }
        },
        [this](const lane::UsageChange& change) { run_.checks.usage.committed(change); });
    for (auto row = before; row < store_.rows().size(); ++row) {
        run_.trace.digest().number(store_.rows()[row]);
    }
    return records;
}

void GateModel::end_transaction(std::uint64_t transaction) {
    if (full_ || transaction != transaction_) {
        return;  // rolled back meanwhile
    }
    const auto records = commit();
    const auto life = life_;
    for (const auto& waiting : records) {
        feed(waiting.lane, lane::Committed{waiting.record.ticket, orders_.cursor()});
        if (life != life_ || !alive()) {
            return;
        }
    }
    begin_transaction();
}

void GateModel::journal_full(bool full) {
    if (full == full_) {
        return;
    }
    full_ = full;
    run_.trace.line(run_.agenda.now(), "gate", [&] { return full ? "journal is full" : "journal has room again"; });
    if (full) {
        store_.roll_back();
        ++transaction_;
    } else if (run_.plan.commits_before_back && alive() && store_.begin()) {
        end_transaction(++transaction_);
    }
    const auto life = life_;
    for (std::size_t i = 0; i < lanes_.size() && life == life_; ++i) {
        if (full) {
            feed(i, lane::JournalLost{});
        } else {
            feed(i, lane::JournalBack{});
        }
    }
    if (alive()) {
        begin_transaction();
    }
}

// ---- commands

WriteOutcome GateModel::outcome_of(const Command& command) {
    const auto& chances = run_.plan.chances;
    if (run_.agenda.now() >= command.not_after) {
        return WriteOutcome::expired;
    }
    if (random_.chance(chances.write_failed)) {
        return WriteOutcome::failed;
    }
    return random_.chance(chances.write_unknown) ? WriteOutcome::unknown : WriteOutcome::done;
}

void GateModel::give(std::size_t lane, const Command& command) {
    run_.trace.digest().number(command.id.number);
    run_.trace.digest().number(static_cast<std::uint64_t>(command.output) << 8U |
                               static_cast<std::uint64_t>(command.act));
    run_.trace.line(run_.agenda.now(), name(lane), [&] {
        return "command " + std::to_string(command.id.number) + ' ' + std::string{text_of(command.output)} + ' ' +
               std::string{text_of(command.act)};
    });
    run_.checks.performed(lane, command, run_.agenda.now());
    queued_.insert(command.id);
    const bool slow = random_.chance(run_.plan.chances.write_slow);
    run_.agenda.after(slow ? random_.millis(1500, 4000) : random_.millis(5, 60), life_,
                      [this, lane, command] { write(lane, command, outcome_of(command)); });
}

void GateModel::withdraw(std::size_t lane, const lane::Withdraw& withdrawal) {
    const bool waits = queued_.contains(withdrawal.command);
    run_.trace.digest().number(withdrawal.command.number << 1U | (waits ? 1U : 0U));
    run_.trace.line(run_.agenda.now(), name(lane), [&] {
        return "takes back command " + std::to_string(withdrawal.command.number) + (waits ? "" : ", too late");
    });
    if (waits) {
        withdrawn_.insert(withdrawal.command);
    }
}

/// What a driver does right before it moves a wire (design.md 3, deadlines).
void GateModel::write(std::size_t lane, const Command& command, WriteOutcome outcome) {
    auto& field = *fields_[lane];
    const bool offline = field.any_fault() && outcome == WriteOutcome::done && !field.freshly_clear();
    if (command.needs_clear_arm && outcome != WriteOutcome::expired && !field.freshly_clear()) {
        outcome = WriteOutcome::withdrawn;
    }
    queued_.erase(command.id);
    if (withdrawn_.erase(command.id) > 0 && outcome != WriteOutcome::expired) {
        outcome = WriteOutcome::withdrawn;
    }
    const bool acts = outcome == WriteOutcome::done || (outcome == WriteOutcome::unknown && random_.chance(500));
    run_.trace.digest().number(static_cast<std::uint64_t>(outcome) << 1U | (acts ? 1U : 0U));
    run_.trace.line(run_.agenda.now(), name(lane), [&] {
        return "write " + std::to_string(command.id.number) + ' ' + std::string{text_of(command.output)} + ": " +
               std::string{text_of(outcome)} + (acts ? ", moved" : ", not moved");
    });
    if (acts) {
        run_.checks.written(lane, command, run_.agenda.now(), {field.world().under_arm(), field.arm_inputs_lie()});
        field.write(command);
    }
    // An arm that a hand lifts at the moment of the command opens for the vehicle that it was commanded for: that the
    // write came too late is known when it may be through.
    if (acts || !field.world().barrier().is_down()) {
        open_for_vehicle(lane, command);
    }
    CommandResult result;
    result.id = command.id;
    result.write = outcome;
    result.took = milliseconds{20};
    result.cause = outcome == WriteOutcome::done ? "" : std::string{text_of(outcome)};
    const bool lit = command.act == OutputAct::on;
    result.readback = outcome == WriteOutcome::done && !offline ? (lit ? Signal::on : Signal::off) : Signal::unknown;
    answer(lane, result);
}

void GateModel::open_for_vehicle(std::size_t lane, const Command& command) {
    if (!is_up(command) || !command.permission) {
        return;
    }
    const auto* permission = run_.checks.book.permission(*command.permission);
    const auto vehicle = fields_[lane]->vehicle_at_line();
    if (permission != nullptr && vehicle) {
        run_.checks.usage.opened(permission->passage, static_cast<int>(lane) * 1000000 + *vehicle);
    }
}

void GateModel::answer(std::size_t lane, const CommandResult& result) {
    const auto& chances = run_.plan.chances;
    if (random_.chance(chances.answer_lost)) {
        return;
    }
    const bool late = random_.chance(chances.answer_late);
    run_.agenda.after(late ? random_.millis(500, 6000) : random_.millis(1, 20), life_,
                      [this, lane, result] { feed(lane, lane::CommandEnded{result}); });
}

// ---- decisions

}  // namespace portcullis::simulation
