#include "drivers/unit_care/unit_care.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

namespace {

/// A person changes a module in minutes: until then it is asked now and then.
constexpr std::chrono::seconds product_again_after{10};
constexpr std::chrono::seconds settings_again_after{2};

std::string words_of(const IdentityProbe& probe) {
    return std::string{portcullis::text_of(probe.tells)};
}

/// What was to be read, in words.
std::string expected(const IdentityProbe& probe, std::int64_t count) {
    if (probe.expect_count) {
        return std::to_string(count) + " " + std::string{portcullis::text_of(*probe.expect_count)};
    }
    if (!probe.expect.empty()) {
        return "`" + probe.expect + "`";
    }
    return (probe.least ? "at least " + std::to_string(*probe.least) : std::string{}) +
           (probe.least && probe.most ? " and " : "") + (probe.most ? "at most " + std::to_string(*probe.most) : "");
}

bool fits(const IdentityProbe& probe, const std::string& text, std::optional<std::int64_t> number, std::int64_t count) {
    if (probe.expect_count && number != count) {
        return false;
    }
    if ((probe.least && number < probe.least) || (probe.most && number > probe.most)) {
        return false;
    }
    return probe.expect.empty() || probe.expect == text;
}

}  // namespace

UnitCare::UnitCare(CareProfile profile, std::uint8_t unit, Points points)
    : profile_(std::move(profile)), unit_(unit), points_(points) {
    begin();
}

void UnitCare::begin() {
    tasks_.clear();
    proven_ = false;
    known_ = profile_.identity.empty();
    confirming_ = false;
    for (std::size_t i = 0; i < profile_.identity.size(); ++i) {
        tasks_.push_back({Kind::probe, i});
    }
    plan_watch();
    if (!profile_.restart.watchdog) {
        plan_settings();
    }
    if (tasks_.empty()) {
        proven_ = true;
    }
}

void UnitCare::plan_watch() {
    if (profile_.restart.uptime) {
        tasks_.push_back({Kind::uptime, 0});
    }
    if (profile_.restart.watchdog) {
        tasks_.push_back({Kind::state, 0});
    }
}

void UnitCare::plan_settings() {
    for (std::size_t i = 0; i < profile_.settings.size(); ++i) {
        tasks_.push_back({Kind::look, i});
    }
    if (profile_.heartbeat) {
        tasks_.push_back({Kind::beat, 0});
    }
    if (profile_.restart.watchdog) {
        confirming_ = true;
        tasks_.push_back({Kind::state, 0});
    }
}

void UnitCare::plan_clear() {
    const auto& clear = profile_.restart.watchdog->clear;
    for (std::size_t i = clear.size(); i > 0; --i) {
        tasks_.push_front({Kind::clear, i - 1});
    }
}

UnitCare::Due UnitCare::due(Instant now) {
    const bool paused = now < again_at_;
    if (tasks_.empty() && !paused) {
        if (!proven_) {
            begin();
        } else if (profile_.heartbeat && now >= beat_due_) {
            tasks_.push_back({Kind::beat, 0});
        } else if (profile_.watches() && now >= watch_due_) {
            plan_watch();
        }
    }
    if (!tasks_.empty() && !paused) {
        return {.turn = Turn::ask, .request = request_for(tasks_.front())};
    }
    return known_ ? Due{.turn = Turn::poll} : Due{.turn = Turn::wait, .until = again_at_};
}

std::optional<Instant> UnitCare::next_ask() const {
    if (!proven_ || !tasks_.empty()) {
        return again_at_;
    }
    std::optional<Instant> next;
    if (profile_.heartbeat) {
        next = beat_due_;
    }
    if (profile_.watches()) {
        next = next ? std::min(*next, watch_due_) : watch_due_;
    }
    return next;
}

ModbusRequest UnitCare::request_for(const Task& task) {
    const auto read = [this](const CareRegisters& registers) {
        return ModbusRequest{
            .unit = unit_, .function = registers.function, .address = registers.address, .operand = registers.count};
    };
    const auto read_one = [this](std::uint16_t address) {
        return ModbusRequest{
            .unit = unit_, .function = ModbusFunction::read_holding_registers, .address = address, .operand = 1};
    };
    switch (task.kind) {
        case Kind::probe:
            return read(profile_.identity[task.index].registers);
        case Kind::uptime:
            return read(*profile_.restart.uptime);
        case Kind::state:
            return read(profile_.restart.watchdog->registers);
        case Kind::clear: {
            const auto& clear = profile_.restart.watchdog->clear[task.index];
            return write_register(unit_, clear.address, clear.value);
        }
        case Kind::look:
        case Kind::check:
            return read_one(profile_.settings[task.index].address);
        case Kind::write:
            return write_register(unit_, profile_.settings[task.index].address, profile_.settings[task.index].value);
        case Kind::beat:
            break;
    }
    // Another value each time, and never 0, which would be none.
    return write_register(unit_, profile_.heartbeat->address,
                          static_cast<std::uint16_t>(beat_ == 0xFFFF ? 1 : beat_ + 1));
}

void UnitCare::answered(const ModbusValues& values, Instant at) {
    if (tasks_.empty()) {
        return;  // the device was called away meanwhile
    }
    const auto task = tasks_.front();
    tasks_.pop_front();
    switch (task.kind) {
        case Kind::probe:
            probe_told(profile_.identity[task.index], values.registers, at);
            break;
        case Kind::uptime:
            uptime_told(values.registers, at);
            break;
        case Kind::state:
            state_told(values.registers, at);
            break;
        case Kind::look:
        case Kind::check:
            setting_told(task, values.registers, at);
            break;
        case Kind::write:
            tasks_.push_front({Kind::check, task.index});
            break;
        case Kind::beat:
            beat_ = static_cast<std::uint16_t>(beat_ == 0xFFFF ? 1 : beat_ + 1);
            beat_due_ = at + profile_.heartbeat->every;
            break;
        case Kind::clear:
            break;
    }
    settle(at);
}

void UnitCare::settle(Instant at) {
    if (!tasks_.empty() || at < again_at_) {
        return;
    }
    known_ = true;
    proven_ = true;
    confirming_ = false;
    fault_.clear();
}

void UnitCare::probe_told(const IdentityProbe& probe, const std::vector<std::uint16_t>& values, Instant at) {
    const auto count = probe.expect_count == PointCount::outputs ? points_.outputs : points_.inputs;
    const auto text = value_text(probe.registers, values);
    if (!text) {
        give_up("its " + words_of(probe) + " cannot be read", product_again_after, at);
        return;
    }
    switch (probe.tells) {
        case ProbeTells::product:
            identity_.model = *text;
            break;
        case ProbeTells::firmware:
            identity_.firmware = *text;
            break;
        case ProbeTells::serial:
            identity_.serial = *text;
            break;
        case ProbeTells::layout:
            break;
    }
    if (!fits(probe, *text, value_number(probe.registers, values), count)) {
        known_ = false;
        give_up("another device: its " + words_of(probe) + " is `" + *text + "`, and the profile of " +
                    profile_.product + " needs " + expected(probe, count),
                product_again_after, at);
        return;
    }
    const bool more = !tasks_.empty() && tasks_.front().kind == Kind::probe;
    known_ = known_ || !more;
}

void UnitCare::uptime_told(const std::vector<std::uint16_t>& values, Instant at) {
    watch_due_ = at + profile_.restart.every;
    const auto now = value_number(*profile_.restart.uptime, values);
    if (!now) {
        give_up("its uptime cannot be read", settings_again_after, at);
        return;
    }
    const auto before = std::exchange(uptime_, now);
    if (before && *now < *before) {
        restarted("its uptime went back from " + std::to_string(*before) + " to " + std::to_string(*now));
    }
}

void UnitCare::state_told(const std::vector<std::uint16_t>& values, Instant at) {
    watch_due_ = at + profile_.restart.every;
    const auto& watchdog = *profile_.restart.watchdog;
    const auto state = value_number(watchdog.registers, values);
    if (!state) {
        give_up("the state of its watchdog cannot be read", settings_again_after, at);
        return;
    }
    const bool ran = std::exchange(runs_, *state == watchdog.running);
    if (*state == watchdog.fired) {
        proven_ = false;
        if (watchdog.then == OnWatchdogAlarm::fault) {
            give_up("the module's host watchdog has fired: outputs stand at their safe values and refuse writes",
                    settings_again_after, at);
            return;
        }
        if (confirming_) {
            give_up("the module's host watchdog fires again right after it was cleared", settings_again_after, at);
            return;
        }
        fault_ =
            "the module's host watchdog had fired: outputs stood at their safe values; it is cleared and set again";
        tasks_.clear();
        plan_clear();
        plan_settings();
    } else if (*state == watchdog.running) {
        if (!proven_ && !confirming_) {
            plan_settings();  // it runs, by whose settings nobody knows yet
        }
    } else if (confirming_) {
        give_up("the module's host watchdog does not run though it was started (state " + std::to_string(*state) + ")",
                settings_again_after, at);
    } else if (ran) {
        restarted("its host watchdog does not run any more");
    } else {
        plan_settings();
    }
}

void UnitCare::setting_told(const Task& task, const std::vector<std::uint16_t>& values, Instant at) {
    const auto& setting = profile_.settings[task.index];
    const bool holds = values.size() == 1 && values.front() == setting.value;
    if (holds) {
        return;
    }
    if (task.kind == Kind::look) {
        tasks_.push_front({Kind::write, task.index});
        if (std::exchange(runs_, false)) {
            plan_clear();  // a watchdog that runs may refuse other settings: it is stopped first
        }
        return;
    }
    give_up("its setting `" + setting.name + "` reads back " +
                (values.empty() ? "nothing" : std::to_string(values.front())) + " and not " +
                std::to_string(setting.value),
            settings_again_after, at);
}

void UnitCare::refused(const std::string& cause, Instant at) {
    if (tasks_.empty()) {
        return;
    }
    const auto task = tasks_.front();
    const bool probes = task.kind == Kind::probe;
    if (probes) {
        known_ = false;
    }
    const auto what = probes ? "another device: it does not tell its " + words_of(profile_.identity[task.index])
                      : task.kind == Kind::write || task.kind == Kind::look || task.kind == Kind::check
                          ? "its setting `" + profile_.settings[task.index].name + "`"
                      : task.kind == Kind::beat ? std::string{"its heartbeat"}
                                                : std::string{"what tells whether it has restarted"};
    give_up(what + ": " + cause, probes ? std::chrono::seconds{product_again_after} : settings_again_after, at);
}

void UnitCare::restarted(std::string how) {
    restart_ = std::move(how);
    proven_ = false;
    confirming_ = false;
    tasks_.clear();
    plan_settings();
}

void UnitCare::give_up(std::string why, std::chrono::milliseconds pause, Instant at) {
    fault_ = std::move(why);
    proven_ = false;
    confirming_ = false;
    tasks_.clear();
    again_at_ = at + pause;
}

void UnitCare::away() {
    fault_.clear();
    again_at_ = {};
    begin();
}

std::optional<ModbusRequest> UnitCare::proof_request() const {
    const auto& restart = profile_.restart;
    if (!profile_.watches()) {
        return std::nullopt;
    }
    const auto& registers = restart.watchdog ? restart.watchdog->registers : *restart.uptime;
    return ModbusRequest{
        .unit = unit_, .function = registers.function, .address = registers.address, .operand = registers.count};
}

std::function<bool(const std::vector<std::uint16_t>&)> UnitCare::proof() const {
    if (const auto& watchdog = profile_.restart.watchdog) {
        return [registers = watchdog->registers, running = watchdog->running](const auto& values) {
            return value_number(registers, values) == running;
        };
    }
    return [registers = *profile_.restart.uptime, before = uptime_](const auto& values) {
        const auto now = value_number(registers, values);
        return now && (!before || *now >= *before);
    };
}

std::optional<std::string> UnitCare::take_restart() {
    return std::exchange(restart_, std::nullopt);
}

}  // namespace portcullis::drivers
