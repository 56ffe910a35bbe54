#include "drivers/unit_care/care_profile.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace portcullis::drivers {

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t last_address = 0xFFFF;

std::uint16_t word_of(const ConfigNode& node, std::string_view key, ConfigProblems& problems, std::int64_t least = 0,
                      std::int64_t most = last_address) {
    const auto* member = node.require(key, problems);
    return member == nullptr ? static_cast<std::uint16_t>(least)
                             : static_cast<std::uint16_t>(member->integer(problems, least, most));
}

CareRegisters read_registers(const ConfigNode& node, ConfigProblems& problems) {
    CareRegisters registers;
    if (const auto* function = node.require("function", problems)) {
        registers.function = static_cast<ModbusFunction>(function->integer(problems, 3, 4));
    }
    registers.address = word_of(node, "address", problems);
    if (const auto* count = node.find("count")) {
        registers.count = static_cast<std::uint16_t>(count->integer(problems, 1, most_registers_read));
    }
    const auto* number = node.find("number");
    const auto* text = node.find("text");
    if (number != nullptr && text != nullptr) {
        text->report(problems, "these registers are a number already", "write `number` or `text`");
    } else if (number != nullptr) {
        registers.as = read_number_field(*number, registers.count, problems);
    } else if (text != nullptr) {
        registers.as = read_text_field(*text, registers.count, problems);
    }
    return registers;
}

/// The same, where only a number can be meant.
CareRegisters read_number_registers(const ConfigNode& node, ConfigProblems& problems) {
    auto registers = read_registers(node, problems);
    if (!std::holds_alternative<NumberField>(registers.as)) {
        if (node.find("number") == nullptr) {
            node.report(problems, "nothing says how these registers are a number", "add `number: { at: 0 }`");
        }
        registers.as = NumberField{};
    }
    return registers;
}

std::optional<std::int64_t> bound(const ConfigNode& node, std::string_view key, ConfigProblems& problems) {
    const auto* member = node.find(key);
    return member == nullptr ? std::nullopt
                             : std::optional{member->integer(problems, std::numeric_limits<std::int64_t>::min(),
                                                             std::numeric_limits<std::int64_t>::max())};
}

IdentityProbe read_probe(const ConfigNode& node, ConfigProblems& problems) {
    IdentityProbe probe;
    if (const auto* tells = node.require("tells", problems)) {
        probe.tells = tells->word<ProbeTells>(problems).value_or(ProbeTells::product);
    }
    probe.registers = read_registers(node, problems);
    if (const auto* expect = node.find("expect")) {
        probe.expect = expect->text(problems);
    }
    probe.least = bound(node, "least", problems);
    probe.most = bound(node, "most", problems);
    if (const auto* count = node.find("expect_count")) {
        probe.expect_count = count->word<PointCount>(problems);
    }
    const bool ranged = probe.least || probe.most || probe.expect_count;
    if (ranged && !std::holds_alternative<NumberField>(probe.registers.as)) {
        node.report(problems, "`least`, `most` and `expect_count` are of numbers", "add `number: { at: 0 }`");
    }
    const bool judged = ranged || !probe.expect.empty();
    if (!judged && probe.tells == ProbeTells::layout) {
        node.report(problems, "nothing says what must be read there", "add `expect`, or `least` and `most`");
    }
    return probe;
}

ModuleSetting read_setting(const ConfigNode& node, ConfigProblems& problems) {
    ModuleSetting setting;
    if (const auto* name = node.require("name", problems)) {
        setting.name = name->text(problems);
    }
    setting.address = word_of(node, "address", problems);
    setting.value = word_of(node, "value", problems);
    return setting;
}

std::vector<ModuleSetting> read_settings(const ConfigNode* node, ConfigProblems& problems) {
    std::vector<ModuleSetting> settings;
    if (node != nullptr && node->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& item : node->items()) {
            settings.push_back(read_setting(item, problems));
        }
    }
    return settings;
}

Heartbeat read_heartbeat(const ConfigNode& node, ConfigProblems& problems) {
    Heartbeat heartbeat{.address = word_of(node, "address", problems)};
    milliseconds within{};
    if (const auto* watchdog = node.require("watchdog", problems)) {
        within = watchdog->duration(problems, milliseconds{300}, milliseconds{60'000});
    }
    if (const auto* every = node.require("every", problems)) {
        heartbeat.every = every->duration(problems, milliseconds{100}, milliseconds{20'000});
        if (within.count() > 0 && heartbeat.every * 3 > within) {
            every->report(problems,
                          "two late beats would let the module's watchdog of " + duration_text(within) + " fire",
                          "write at most a third of it");
        }
    }
    return heartbeat;
}

WatchdogState read_watchdog(const ConfigNode& node, ConfigProblems& problems) {
    WatchdogState state;
    state.registers = read_number_registers(node, problems);
    if (const auto* running = node.require("running", problems)) {
        state.running = running->integer(problems, 0, last_address);
    }
    if (const auto* fired = node.require("fired", problems)) {
        state.fired = fired->integer(problems, 0, last_address);
    }
    if (const auto* then = node.require("on_alarm", problems)) {
        state.then = then->word<OnWatchdogAlarm>(problems).value_or(OnWatchdogAlarm::fault);
    }
    state.clear = read_settings(node.find("clear"), problems);
    if (state.then == OnWatchdogAlarm::clear && state.clear.empty()) {
        node.report(problems, "`on_alarm: clear`, and nothing says how", "add `clear`: what is written");
    }
    return state;
}

RestartWatch read_restart(const ConfigNode& node, ConfigProblems& problems) {
    RestartWatch restart;
    if (const auto* uptime = node.find("uptime")) {
        restart.uptime = read_number_registers(*uptime, problems);
    }
    if (const auto* watchdog = node.find("watchdog")) {
        restart.watchdog = read_watchdog(*watchdog, problems);
    }
    if (const auto* every = node.find("every")) {
        restart.every = every->duration(problems, milliseconds{100}, milliseconds{60'000});
    }
    if (!restart.uptime && !restart.watchdog) {
        node.report(problems, "nothing by which a restart is seen", "give `uptime`, `watchdog` or both");
    }
    return restart;
}

RequestLimits read_limits(const ConfigNode& node, ConfigProblems& problems) {
    RequestLimits limits;
    if (const auto* bits = node.find("bits")) {
        limits.bits = static_cast<std::uint16_t>(bits->integer(problems, 1, most_bits_read));
    }
    if (const auto* registers = node.find("registers")) {
        limits.registers = static_cast<std::uint16_t>(registers->integer(problems, 1, most_registers_read));
    }
    return limits;
}

Workaround read_workaround(const ConfigNode& node, ConfigProblems& problems) {
    Workaround workaround;
    if (const auto* name = node.require("name", problems)) {
        workaround.kind = name->word<WorkaroundKind>(problems).value_or(WorkaroundKind::read_back_within);
    }
    if (const auto* time = node.require("time", problems)) {
        workaround.time = time->duration(problems, milliseconds{1}, milliseconds{500});
    }
    if (const auto* why = node.require("why", problems)) {
        workaround.why = why->text(problems);
    }
    return workaround;
}

void check_limits(const CareProfile& care, const ConfigNode& profile, ConfigProblems& problems) {
    for (const auto& probe : care.identity) {
        if (probe.registers.count > care.limits.registers) {
            profile.report(problems, "a probe reads more registers than `limits` allows in one request");
        }
    }
}

}  // namespace

milliseconds CareProfile::read_back_within() const {
    milliseconds time{};
    for (const auto& workaround : workarounds) {
        if (workaround.kind == WorkaroundKind::read_back_within) {
            time = workaround.time;
        }
    }
    return time;
}

CareProfile read_care_profile(const ConfigNode& profile, ConfigProblems& problems) {
    CareProfile care;
    if (const auto* product = profile.find("product")) {
        ConfigProblems told_elsewhere;
        care.product = product->text(told_elsewhere);
    }
    if (const auto* identity = profile.find("identity");
        identity != nullptr && identity->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& item : identity->items()) {
            care.identity.push_back(read_probe(item, problems));
        }
    }
    care.settings = read_settings(profile.find("settings"), problems);
    if (const auto* heartbeat = profile.find("heartbeat")) {
        care.heartbeat = read_heartbeat(*heartbeat, problems);
    }
    if (const auto* restart = profile.find("restart")) {
        care.restart = read_restart(*restart, problems);
    }
    if (const auto* limits = profile.find("limits")) {
        care.limits = read_limits(*limits, problems);
    }
    if (const auto* workarounds = profile.find("workarounds");
        workarounds != nullptr && workarounds->expect(ConfigNode::Kind::sequence, problems)) {
        for (const auto& item : workarounds->items()) {
            care.workarounds.push_back(read_workaround(item, problems));
        }
    }
    if (!care.settings.empty() && !care.watches()) {
        profile.report(problems, "`settings` are written, and nothing says when the module has lost them",
                       "add `restart`: its uptime, or the state of its watchdog");
    }
    check_limits(care, profile, problems);
    return care;
}

void expect_serial(CareProfile& care, const ConfigNode& options) {
    const auto* serial = options.find("serial_number");
    if (serial == nullptr) {
        return;
    }
    ConfigProblems told_elsewhere;
    for (auto& probe : care.identity) {
        if (probe.tells == ProbeTells::serial) {
            probe.expect = serial->text(told_elsewhere);
        }
    }
}

void add_care_parts(const ConfigNode& profile, std::vector<std::string_view>& parts) {
    static constexpr std::array names{"identity", "settings", "heartbeat", "restart"};
    for (const auto* name : names) {
        if (profile.find(name) != nullptr) {
            parts.emplace_back(name);
        }
    }
}

std::vector<std::string> workaround_remarks(const CareProfile& care) {
    std::vector<std::string> remarks;
    for (const auto& workaround : care.workarounds) {
        remarks.push_back("works round " + std::string{portcullis::text_of(workaround.kind)} + " (" +
                          duration_text(workaround.time) + "): " + workaround.why);
    }
    return remarks;
}

std::optional<std::int64_t> value_number(const CareRegisters& registers, const std::vector<std::uint16_t>& values) {
    const auto* field = std::get_if<NumberField>(&registers.as);
    if (field == nullptr) {
        return std::nullopt;
    }
    const auto number = number_in(*field, values);
    return number ? std::optional{*number} : std::nullopt;
}

std::optional<std::string> value_text(const CareRegisters& registers, const std::vector<std::uint16_t>& values) {
    if (std::holds_alternative<NumberField>(registers.as)) {
        const auto number = value_number(registers, values);
        return number ? std::optional{std::to_string(*number)} : std::nullopt;
    }
    if (const auto* field = std::get_if<TextField>(&registers.as)) {
        const auto text = text_in(*field, values);
        return text ? std::optional{*text} : std::nullopt;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string words;
    for (const auto value : values) {
        words += words.empty() ? "" : " ";
        for (const unsigned shift : {12U, 8U, 4U, 0U}) {
            words += digits[unsigned{value} >> shift & 15U];
        }
    }
    return words;
}

}  // namespace portcullis::drivers
