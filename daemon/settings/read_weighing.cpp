#include <charconv>
#include <chrono>

#include "core/time_text.hpp"
#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

/// `100 kg`: whole kilograms.
std::int64_t read_kilograms(const ConfigNode& node, std::int64_t least, std::int64_t most, ConfigProblems& problems) {
    constexpr std::string_view unit = " kg";
    const auto text = node.text(problems);
    std::int64_t value = 0;
    const auto number = std::string_view{text}.substr(0, text.size() - std::min(text.size(), unit.size()));
    const auto end = std::from_chars(number.data(), number.data() + number.size(), value);
    const bool whole = text.ends_with(unit) && end.ec == std::errc{} && end.ptr == number.data() + number.size();
    if (!whole || value < least || value > most) {
        node.report(problems, "`" + text + "` is no mass",
                    "write whole kilograms from " + std::to_string(least) + " to " + std::to_string(most) +
                        " with their unit, as in 100 kg");
        return least;
    }
    return value;
}

void read_words(const ConfigNode& node, WeighSettings& weigh, ConfigProblems& problems) {
    constexpr std::int64_t most_off = 1000;
    if (const auto* const whole = node.find("holds_whole_vehicle")) {
        weigh.holds_whole_vehicle = whole->flag(problems);
    }
    if (const auto* const stable = node.find("stable_for")) {
        weigh.stable_for = stable->duration(problems, 500ms, 30s);
    }
    if (const auto* const zero = node.find("zero_within")) {
        weigh.zero_within_kg = read_kilograms(*zero, 0, most_off, problems);
    }
    if (const auto* const after = node.find("not_zero_after")) {
        weigh.not_zero_after = after->duration(problems, 1min, 24h);
    }
}

/// The device of a role; nothing, and a problem, when it is another thing.
const DeviceFacts* read_device(const ConfigNode& node, Role role, bool DeviceFacts::*is, const char* drivers,
                               WiredLane& wired, LoadContext& context) {
    const auto name = node.text(context.problems);
    if (name.empty()) {
        return nullptr;
    }
    const auto* const facts = facts_of(name, node, context);
    if (facts != nullptr && !(facts->*is)) {
        node.report(context.problems, "`" + name + "` is no " + std::string{text_of(role)},
                    std::string{"name a device whose driver is "} + drivers);
    }
    wired.readers.push_back({role, DeviceName{name}});
    return facts;
}

}  // namespace

void read_weighbridge_role(const ConfigNode& node, WiredLane& wired, LoadContext& context) {
    const bool is_map = node.kind() == ConfigNode::Kind::map;
    const auto* const device =
        is_map ? require_because(node, "device", "name the indicator, as in `device: scale`", context.problems) : &node;
    auto& weigh = wired.lane.weigh;
    if (is_map) {
        read_words(node, weigh, context.problems);
    }
    const auto* const facts = device == nullptr ? nullptr
                                                : read_device(*device, Role::weighbridge, &DeviceFacts::weighs,
                                                              "weighbridge or weight_registers", wired, context);
    if (facts != nullptr && !facts->verified_until.empty()) {
        weigh.verified_until = facts->verified_until;
        if (const auto day = time_from_text(facts->verified_until + "T00:00:00.000Z")) {
            weigh.verified_to = *day + 24h;
        }
    }
}

void read_load_scanner_role(const ConfigNode& node, WiredLane& wired, LoadContext& context) {
    read_device(node, Role::load_scanner, &DeviceFacts::sees_load, "load_scanner or load_registers", wired, context);
}

}  // namespace portcullis::settings
