#include "random_lane.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "lane_bench.hpp"
#include "random_radiation.hpp"

namespace portcullis::lane {

namespace {

using simulation::Random;

/// Answers to one input, and to what came of them: far more than a lane that comes to rest needs.
constexpr int most_turns = 400;
constexpr int inputs_a_seed = 120;
/// Long enough for every passage to be given up.
constexpr auto rest = 30min;
/// Deadlines that `rest` may have: a verdict is asked for again every 5 s, a close at most every minute.
constexpr int most_deadlines = 500;

constexpr std::array texts{"闽D12345",    "闽DA1234",    "闽D1234挂", "CSQU3054383", "MSKU6011672",
                           "CSQU3054380", "TCKZ1234567", "45G1",      "22G1",        "",
                           "?",           "ABC"};

template <class Enum>
Enum any_of_enum(Random& random) {
    return random.of(enum_texts<Enum>).value;
}

}  // namespace

RandomLane::RandomLane(std::uint64_t seed)
    : random_(seed),
      settings_(any_settings()),
      verdict_cursor_(static_cast<Cursor>(random_.below(3))),
      commit_cursor_(static_cast<Cursor>(random_.below(3))),
      answers_at_once_(random_.of(std::array{1000, 1000, 700, 200})),
      writes_(static_cast<int>(random_.of(std::array{0, 0, 0, 1, 2, 3, 4, 5, 5}))),
      watch_(settings_) {}

LaneSettings RandomLane::any_settings() {
    auto settings = out_lane();
    settings.way = random_.of(std::array{LaneWay::in, LaneWay::out});
    settings.arm.control = any_of_enum<ArmControl>(random_);
    settings.arm.close = any_of_enum<ArmClose>(random_);
    settings.on_inspect = any_of_enum<OnInspect>(random_);
    settings.on_hold = any_of_enum<OnHold>(random_);
    settings.load = any_of_enum<LoadPolicy>(random_);
    if (settings.load == LoadPolicy::beams) {
        settings.roles.insert({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft, Role::empty_seen});
    }
    for (const auto role : {Role::arm_stop, Role::arm_beam, Role::container_front, Role::radiation}) {
        if (random_.chance(500)) {
            settings.roles.insert(role);
        }
    }
    for (const auto role : {Role::light_lane, Role::light_go, Role::arm_down_request, Role::plate_front}) {
        if (random_.chance(200)) {
            settings.roles.erase(role);
        }
    }
    return settings;
}

void RandomLane::run() {
    start();
    all_quiet();
    for (int i = 0; i < inputs_a_seed; ++i) {
        anything();
        settle();
    }
    come_to_rest();
}

// ---- any input

void RandomLane::anything() {
    switch (random_.below(24)) {
        case 0:
            return all_quiet();
        case 1:
        case 2:
        case 3:
            return truck_arrives();
        case 4:
        case 5:
            return arm_goes(true);
        case 6:
            return arm_goes(false);
        case 7:
        case 8:
            return truck_leaves();
        case 9:
        case 10:
        case 11:
        case 12:
            return any_input_seen();
        case 13:
            return any_reading();
        case 14:
            return any_health();
        case 15:
        case 16:
            return any_answer();
        case 17:
            return random_.chance(850) ? give(OrdersChanged{random_.between(0, 20)}) : give(RadiationAcknowledged{});
        case 18:
            return random_.chance(300) ? restart() : give(DeadlineReached{});
        case 19:
            return random_.chance(300) ? give(JournalLost{}) : give(JournalBack{});
        case 20:
        case 21:
            return any_radiation();
        default:
            return time_passes();
    }
}

Observation RandomLane::observation(Role role, decltype(Observation::what) what) {
    return {DeviceName{random_.chance(900) ? std::string{text_of(role)} : "io"}, PointName{"di0"}, now_,
            std::move(what)};
}

void RandomLane::any_input_seen() {
    const auto role = any_of_enum<Role>(random_);
    const auto reads = static_cast<std::uint8_t>(random_.between(1, 3));
    give(Observed{role, observation(role, InputSeen{any_of_enum<Signal>(random_), reads})});
}

void RandomLane::any_reading() {
    const auto role = any_of_enum<Role>(random_);
    Reading reading;
    reading.kind = any_of_enum<ReadingKind>(random_);
    reading.face = any_of_enum<Face>(random_);
    reading.raw = random_.of(texts);
    if (random_.chance(500)) {
        reading.confidence = static_cast<int>(random_.between(0, 100));
    }
    give(Observed{role, observation(role, reading)});
}

void RandomLane::any_health() {
    const auto role = any_of_enum<Role>(random_);
    switch (random_.below(6)) {
        case 0:
            return give(Observed{role, observation(role, BadFrames{"crc", 3, {}})});
        case 1:
            return give(Observed{role, observation(role, DeviceSummary{})});
        default:
            return give(Observed{role, observation(role, HealthChanged{any_of_enum<DeviceState>(random_), "any"})});
    }
}

void RandomLane::any_radiation() {
    give(Observed{Role::radiation, observation(Role::radiation, random_radiation(random_))});
}

PassageId RandomLane::some_passage() {
    const auto& known = watch_.passages();
    if (known.empty() || random_.chance(100)) {
        return PassageId{random_.bytes()};
    }
    return PassageId::parse(random_.of(std::vector<std::string>{known.begin(), known.end()})).value();
}

/// One that is due, or one that nobody has asked for.
void RandomLane::any_answer() {
    if (!later_.empty() && random_.chance(600)) {
        const auto which = static_cast<std::ptrdiff_t>(random_.below(std::ssize(later_)));
        const auto input = later_[static_cast<std::size_t>(which)];
        if (random_.chance(800)) {
            later_.erase(later_.begin() + which);
        }
        return give(input);
    }
    switch (random_.below(4)) {
        case 0:
            return give(Committed{{random_.next()}, random_.between(0, 20)});
        case 1: {
            auto verdict = any_verdict({});
            return give(VerdictReady{some_passage(), static_cast<std::uint32_t>(random_.below(6)), verdict});
        }
        case 2: {
            CommandResult result;
            result.id = commands_.empty() ? CommandId{7} : random_.of(commands_);
            result.write = any_of_enum<WriteOutcome>(random_);
            result.readback = any_of_enum<Signal>(random_);
            return give(CommandEnded{result});
        }
        default:
            return commit();
    }
}

void RandomLane::time_passes() {
    pass(random_.of(std::array<std::chrono::milliseconds, 7>{1ms, 20ms, 300ms, 1s, 2500ms, 9s, 130s}));
}

void RandomLane::start() {
    ledger_ = std::make_unique<UsageLedger>();
    auto ids = [random = std::make_shared<Random>(random_.next())] { return random->bytes(); };
    const Now now{now_, WallTime{now_.time_since_epoch() / 1ms * 1ms}, ClockState::synchronised};
    lane_ = std::make_unique<Lane>(settings_, LaneHome{"g07", BootId{}}, *ledger_, ids, watch_.memory(), now);
    take(lane_->start(now));
    settle();
}

void RandomLane::restart() {
    while (random_.chance(500) && watch_.commit()) {
    }
    watch_.killed();
    answers_.clear();
    later_.clear();
    commits_due_ = 0;
    start();
}

// ---- what makes sense for a while

void RandomLane::set(Role role, bool on) {
    const auto signal = on ? Signal::on : Signal::off;
    for (const auto reads : std::array<std::uint8_t, 2>{1, 2}) {
        give(Observed{role, observation(role, InputSeen{signal, reads})});
        settle();
        pass(20ms);
    }
}

void RandomLane::all_quiet() {
    for (const auto& row : enum_texts<Role>) {
        if (settings_.has(row.value) && kind_of(row.value) == RoleKind::input) {
            set(row.value, row.value == Role::arm_closed_limit);
        }
    }
    pass(1500ms);
}

void RandomLane::truck_arrives() {
    set(Role::arrival_loop, true);
    pass(random_.millis(0, 1500));
    for (const auto& [role, text] :
         {std::pair{Role::plate_front, texts[0]}, std::pair{Role::container_rear, texts[3]}}) {
        Reading reading;
        reading.kind = role == Role::plate_front ? ReadingKind::plate : ReadingKind::container;
        reading.raw = text;
        give(Observed{role, observation(role, reading)});
        settle();
    }
}

void RandomLane::arm_goes(bool up) {
    set(up ? Role::arm_closed_limit : Role::arm_open_limit, false);
    pass(random_.millis(100, 2000));
    set(up ? Role::arm_open_limit : Role::arm_closed_limit, true);
}

void RandomLane::truck_leaves() {
    struct Step {
        Role role;
        bool on;
    };
    constexpr std::array steps{Step{Role::arm_loop, true}, Step{Role::arrival_loop, false}, Step{Role::exit_loop, true},
                               Step{Role::arm_loop, false}, Step{Role::exit_loop, false}};
    for (const auto& step : steps) {
        if (random_.chance(950)) {
            set(step.role, step.on);
            pass(random_.millis(0, 2000));
        }
    }
}

// ---- answers

std::int64_t RandomLane::next_cursor(Cursor how, std::int64_t& last) {
    switch (how) {
        case Cursor::steady:
            break;
        case Cursor::rising:
            ++last;
            break;
        case Cursor::any:
            last = random_.between(0, 20);
            break;
    }
    return last;
}

Verdict RandomLane::any_verdict(const PassageFacts& facts) {
    auto verdict = random_.chance(700)   ? release_of(facts)
                   : random_.chance(500) ? inspect()
                                         : hold_for(any_of_enum<ReasonCode>(random_));
    if (random_.chance(100) && !verdict.claims.empty()) {
        verdict.claims.front().uses = 0;
    }
    verdict.order_cursor = next_cursor(verdict_cursor_, last_verdict_cursor_);
    return verdict;
}

void RandomLane::give(const Input& input) {
    watch_.before(input, now_);
    const Now now{now_, WallTime{now_.time_since_epoch() / 1ms * 1ms}, ClockState::synchronised};
    take(lane_->handle(input, now));
}

void RandomLane::take(const std::vector<Action>& actions) {
    watch_.after(actions, *lane_, now_);
    for (const auto& action : actions) {
        answer(action);
    }
}

void RandomLane::answer(const Action& action) {
    const bool at_once = random_.chance(answers_at_once_);
    const auto put = [&](Input input) {
        if (at_once) {
            answers_.push_back(std::move(input));
        } else {
            later_.push_back(std::move(input));
        }
    };
    if (std::holds_alternative<Record>(action)) {
        commits_due_ += at_once ? 1 : 0;
    } else if (const auto* question = std::get_if<Decide>(&action)) {
        put(VerdictReady{question->passage, question->ask, any_verdict(question->facts)});
    } else if (const auto* perform = std::get_if<Perform>(&action)) {
        commands_.push_back(perform->command.id);
        CommandResult result;
        result.id = perform->command.id;
        const bool any = writes_ >= std::ssize(enum_texts<WriteOutcome>);
        result.write = any ? any_of_enum<WriteOutcome>(random_) : static_cast<WriteOutcome>(writes_);
        result.readback = perform->command.act == OutputAct::off ? Signal::off : Signal::on;
        put(CommandEnded{result});
    }
}

void RandomLane::commit() {
    if (const auto ticket = watch_.commit()) {
        give(Committed{*ticket, next_cursor(commit_cursor_, last_commit_cursor_)});
    }
}

void RandomLane::settle() {
    int turns = 0;
    while (commits_due_ > 0 || !answers_.empty()) {
        if (++turns > most_turns) {
            throw std::runtime_error{"the lane does not come to rest: " + lane_->view().why};
        }
        if (!answers_.empty()) {
            const auto input = std::move(answers_.front());
            answers_.pop_front();
            give(input);
        } else {
            --commits_due_;
            commit();
        }
    }
}

// ---- time

void RandomLane::pass(std::chrono::milliseconds time) {
    const auto end = now_ + time;
    int deadlines = 0;
    for (auto due = lane_->deadline(); due && *due <= end; due = lane_->deadline()) {
        if (++deadlines > most_deadlines) {
            throw std::runtime_error{"deadlines without end"};
        }
        now_ = *due;
        give(DeadlineReached{});
        settle();
    }
    now_ = end;
}

/// The journal writes, every device answers, and nothing is there any more.
void RandomLane::come_to_rest() {
    answers_at_once_ = 1000;
    give(JournalBack{});
    while (!later_.empty()) {
        const auto input = std::move(later_.back());
        later_.pop_back();
        give(input);
        settle();
    }
    for (std::size_t open = 0; open <= Lane::most_passages; ++open) {
        all_quiet();
        pass(rest / 8);
    }
    pass(rest);
    for (auto ticket = watch_.commit(); ticket; ticket = watch_.commit()) {
        give(Committed{*ticket, last_commit_cursor_});
        settle();
    }
    watch_.at_rest();
}

}  // namespace portcullis::lane
