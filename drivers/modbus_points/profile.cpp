#include "drivers/modbus_points/profile.hpp"

#include <algorithm>
#include <charconv>

namespace portcullis::drivers {

namespace {

constexpr std::int64_t last_address = 0xFFFF;
constexpr std::int64_t most_bits = 2000;  // of one request, by the Modbus specification

std::uint16_t word(const ConfigNode& node, std::string_view key, std::int64_t most, ConfigProblems& problems) {
    const auto* member = node.require(key, problems);
    return member == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(member->integer(problems, 0, most));
}

bool bit(const ConfigNode& node, std::string_view key, ConfigProblems& problems) {
    return word(node, key, 1, problems) != 0;
}

/// A request is at most one of three of a poll.
constexpr int most_requests = 3;

PointsProfile::Inputs::Counters read_counters(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile::Inputs::Counters counters;
    if (const auto* function = node.require("function", problems)) {
        counters.function = static_cast<ModbusFunction>(function->integer(problems, 3, 4));
    }
    counters.address = word(node, "address", last_address, problems);
    if (const auto* number = node.require("number", problems)) {
        counters.field = read_number_field(*number, most_registers_read, problems);
        const auto type = counters.field.type;
        const bool counts = type == NumberType::uint16 || type == NumberType::uint32;
        if (!counts || counters.field.at != 0) {
            number->report(problems, "a counter begins at 0 and is a uint16 or a uint32");
        }
    }
    return counters;
}

PointsProfile::Outputs::Pulse read_pulse(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile::Outputs::Pulse pulse;
    pulse.address = word(node, "address", last_address, problems);
    if (const auto* step = node.require("step", problems)) {
        pulse.step = step->duration(problems, std::chrono::milliseconds{10}, std::chrono::milliseconds{10'000});
    }
    if (const auto* most = node.require("most_steps", problems)) {
        pulse.most = static_cast<std::uint16_t>(most->integer(problems, 1, last_address));
    }
    return pulse;
}

PointsProfile::Inputs read_inputs(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile::Inputs inputs;
    if (const auto* function = node.require("function", problems)) {
        inputs.function = static_cast<ModbusFunction>(function->integer(problems, 1, 2));
    }
    inputs.address = word(node, "address", last_address, problems);
    inputs.count = word(node, "count", most_bits, problems);
    inputs.dry_open_reads = bit(node, "dry_open_reads", problems);
    inputs.wet_open_reads = bit(node, "wet_open_reads", problems);
    if (const auto* counters = node.find("counters")) {
        inputs.counters = read_counters(*counters, problems);
    }
    return inputs;
}

PointsProfile::Outputs read_outputs(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile::Outputs outputs;
    outputs.address = word(node, "address", last_address, problems);
    outputs.count = word(node, "count", most_bits, problems);
    outputs.readback = word(node, "readback", last_address, problems);
    if (const auto* lost = node.find("on_host_lost")) {
        outputs.on_host_lost = lost->word<SafeOutput>(problems);
    }
    if (const auto* watchdog = node.find("host_watchdog")) {
        outputs.host_watchdog = watchdog->flag(problems);
    }
    if (const auto* pulse = node.find("pulse")) {
        outputs.pulse = read_pulse(*pulse, problems);
    }
    return outputs;
}

void read_watchdog(const ConfigNode& node, PointsProfile& profile, ConfigProblems& problems) {
    if (node.find("alarm_coil") != nullptr) {
        profile.alarm = PointsProfile::Alarm{.coil = word(node, "alarm_coil", last_address, problems)};
        if (const auto* then = node.require("on_alarm", problems)) {
            profile.alarm->then = then->word<OnWatchdogAlarm>(problems).value_or(OnWatchdogAlarm::fault);
        }
    }
    if (const auto* silence = node.find("longest_silence")) {
        profile.longest_silence =
            silence->duration(problems, std::chrono::milliseconds{100}, std::chrono::milliseconds{3'600'000});
    }
}

void check_requests(const ConfigNode& node, const PointsProfile& profile, ConfigProblems& problems) {
    if (!profile.inputs) {
        return;
    }
    const auto& inputs = *profile.inputs;
    const auto rounded_up = [](int amount, int most) { return (amount + most - 1) / most; };
    const int bits = rounded_up(inputs.count, profile.care.limits.bits);
    const int counters =
        inputs.counters ? rounded_up(inputs.count * inputs.counters->field.registers, profile.care.limits.registers)
                        : 0;
    if (bits + counters > most_requests || counters > 1) {
        node.report(problems,
                    "one poll would be " + std::to_string(bits + counters) + " requests of the size in `limits`",
                    "a poll has at most 3, of which one reads counters: split the module into two devices");
    }
}

/// A module that is put together at the site has as many points as the device says.
void read_site_count(const ConfigNode& options, std::string_view key, const CareProfile& care, std::uint16_t& count,
                     ConfigProblems& problems) {
    if (const auto* given = options.find(key)) {
        count = static_cast<std::uint16_t>(given->integer(problems, 1, count));
        return;
    }
    const bool counted = std::any_of(care.identity.begin(), care.identity.end(), [key](const IdentityProbe& probe) {
        return probe.expect_count && portcullis::text_of(*probe.expect_count) == key;
    });
    if (counted) {
        options.report(
            problems,
            "this module is put together at the site, and nothing says how many " + std::string{key} + " it has",
            "count them on the modules that are plugged in, and write `" + std::string{key} + ": 8`");
    }
}

PointsProfile read_profile(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile profile;
    std::vector<std::string_view> parts;
    if (const auto* inputs = node.find("inputs")) {
        parts.emplace_back("inputs");
        profile.inputs = read_inputs(*inputs, problems);
    }
    if (const auto* outputs = node.find("outputs")) {
        parts.emplace_back("outputs");
        profile.outputs = read_outputs(*outputs, problems);
    }
    if (const auto* watchdog = node.find("watchdog")) {
        parts.emplace_back("watchdog");
        read_watchdog(*watchdog, profile, problems);
    }
    profile.care = read_care_profile(node, problems);
    add_care_parts(node, parts);
    check_requests(node, profile, problems);
    if (!profile.inputs && !profile.outputs) {
        node.report(problems, "no points", "give inputs, outputs or both");
    }
    profile.facts = read_profile_facts(node, parts, problems);
    return profile;
}

void read_on_host_lost(const ConfigNode& node, PointsSettings& settings, ConfigProblems& problems) {
    for (const auto& [name, value] : node.members()) {
        const PointName point{name};
        if (!settings.index_of(point, Direction::output)) {
            value.report(problems, "the module has no output " + name);
        } else if (const auto word = value.word<SafeOutput>(problems)) {
            settings.on_host_lost[point] = *word;
        }
    }
}

}  // namespace

std::optional<std::uint16_t> PointsSettings::index_of(const PointName& point, Direction direction) const {
    const std::string_view prefix = direction == Direction::input ? "di" : "do";
    const int count = direction == Direction::input ? (profile.inputs ? profile.inputs->count : 0)
                                                    : (profile.outputs ? profile.outputs->count : 0);
    const std::string_view text = point.text();
    if (!text.starts_with(prefix) || text.size() == prefix.size() || (text.size() > 3 && text[2] == '0')) {
        return std::nullopt;
    }
    std::uint16_t index = 0;
    const auto* const end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data() + prefix.size(), end, index);
    return failed == std::errc{} && last == end && index < count ? std::optional{index} : std::nullopt;
}

PointsSettings read_points_settings(const ConfigNode& options, const ConfigNode& profile, ConfigProblems& problems) {
    PointsSettings settings;
    settings.profile = read_profile(profile, problems);
    expect_serial(settings.profile.care, options);
    // While nothing is there a vehicle of 15 km/h comes 0.2 m farther in a poll of 50 ms; a loop is 1 m and more.
    constexpr std::chrono::milliseconds idle{50};
    constexpr std::chrono::milliseconds inputs_poll{20};
    constexpr std::chrono::milliseconds outputs_poll{200};  // of a module without inputs: only its health
    settings.unit = read_modbus_unit(options, settings.profile.inputs ? inputs_poll : outputs_poll, problems, idle);
    if (settings.profile.inputs) {
        read_site_count(options, "inputs", settings.profile.care, settings.profile.inputs->count, problems);
    }
    if (settings.profile.outputs) {
        read_site_count(options, "outputs", settings.profile.care, settings.profile.outputs->count, problems);
    }
    if (const auto* counters = options.find("counters")) {
        settings.counters = counters->flag(problems);
    }
    if (const auto* contact = options.find("contact")) {
        settings.contact = contact->word<Contact>(problems).value_or(Contact::wet);
    } else if (const auto& inputs = settings.profile.inputs) {
        settings.contact_assumed = inputs->dry_open_reads != inputs->wet_open_reads;
    }
    if (const auto* lost = options.find("on_host_lost")) {
        read_on_host_lost(*lost, settings, problems);
    }
    const auto silence = settings.profile.longest_silence;
    if (silence && settings.unit.idle_poll >= *silence) {
        options.report(problems,
                       "this module cuts a connection that is silent for " + std::to_string(silence->count()) + " ms",
                       "poll faster");
    }
    return settings;
}

}  // namespace portcullis::drivers
