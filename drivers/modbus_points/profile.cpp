#include "drivers/modbus_points/profile.hpp"

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

PointsProfile::Inputs read_inputs(const ConfigNode& node, ConfigProblems& problems) {
    PointsProfile::Inputs inputs;
    if (const auto* function = node.require("function", problems)) {
        inputs.function = static_cast<ModbusFunction>(function->integer(problems, 1, 2));
    }
    inputs.address = word(node, "address", last_address, problems);
    inputs.count = word(node, "count", most_bits, problems);
    inputs.dry_open_reads = bit(node, "dry_open_reads", problems);
    inputs.wet_open_reads = bit(node, "wet_open_reads", problems);
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
    settings.unit = read_modbus_unit(options, std::chrono::milliseconds{20}, problems);
    if (const auto* contact = options.find("contact")) {
        settings.contact = contact->word<Contact>(problems).value_or(Contact::wet);
    } else if (const auto& inputs = settings.profile.inputs) {
        settings.contact_assumed = inputs->dry_open_reads != inputs->wet_open_reads;
    }
    if (const auto* lost = options.find("on_host_lost")) {
        read_on_host_lost(*lost, settings, problems);
    }
    const auto silence = settings.profile.longest_silence;
    if (silence && settings.unit.poll >= *silence) {
        options.report(problems,
                       "this module cuts a connection that is silent for " + std::to_string(silence->count()) + " ms",
                       "poll faster");
    }
    return settings;
}

}  // namespace portcullis::drivers
