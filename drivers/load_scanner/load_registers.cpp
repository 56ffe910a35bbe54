#include "drivers/load_scanner/load_registers.hpp"

#include <boost/asio/post.hpp>
#include <charconv>
#include <utility>

#include "drivers/buses.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::int64_t most_of_a_request = 125;  // by the Modbus specification
constexpr std::int64_t highest_address = 0xFFFF;

ModbusRequest request_of(const LoadRegistersSettings& settings) {
    return {.unit = settings.unit.unit,
            .function = settings.function,
            .address = settings.address,
            .operand = settings.count};
}

void read_values(const ConfigNode& profile, LoadRegistersSettings& settings, ConfigProblems& problems) {
    const auto* values = profile.require("values", problems);
    if (values == nullptr || !values->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    for (const auto& [text, node] : values->members()) {
        std::int64_t value = 0;
        const auto* const end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, value);
        if (parsed.ec != std::errc{} || parsed.ptr != end) {
            node.report(problems, "`" + text + "` is no whole number", "write what the registers hold");
        }
        settings.values.emplace(value, read_load(node, problems));
    }
}

LoadRegistersSettings read_load_registers(const ConfigNode& options, const ConfigNode& profile,
                                          ConfigProblems& problems) {
    LoadRegistersSettings settings;
    std::vector<std::string_view> parts{"registers", "values"};
    add_care_parts(profile, parts);
    settings.facts = read_profile_facts(profile, parts, problems);
    settings.care = read_care_profile(profile, problems);
    expect_serial(settings.care, options);
    settings.unit = read_modbus_unit(options, settings.unit.poll, problems);
    if (const auto* function = profile.require("function", problems)) {
        settings.function = static_cast<ModbusFunction>(function->integer(problems, 3, 4));
    }
    if (const auto* address = profile.require("address", problems)) {
        settings.address = static_cast<std::uint16_t>(address->integer(problems, 0, highest_address));
    }
    if (const auto* count = profile.require("count", problems)) {
        settings.count = static_cast<std::uint16_t>(count->integer(problems, 1, most_of_a_request));
    }
    if (const auto* result = profile.require("result", problems)) {
        settings.result = read_number_field(*result, settings.count, problems);
    }
    read_values(profile, settings, problems);
    return settings;
}

class LoadRegistersPlan final : public DevicePlan {
public:
    explicit LoadRegistersPlan(LoadRegistersSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.facts; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        return written(settings_.unit);
    }
    [[nodiscard]] std::chrono::milliseconds idle_poll() const override { return settings_.unit.idle_poll; }
    [[nodiscard]] BusShare bus_share(const std::vector<PointSetup>& /*setups*/) const override {
        return share_of(settings_.unit, settings_.care, {request_of(settings_)});
    }
    [[nodiscard]] bool sees_load() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<LoadRegisters>(buses.modbus(bus), context, settings_);
    }

private:
    LoadRegistersSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_load_registers(const ConfigNode& options, const ConfigNode& profile,
                                                ConfigProblems& problems) {
    return std::make_unique<LoadRegistersPlan>(read_load_registers(options, profile, problems));
}

LoadRegisters::LoadRegisters(ModbusBus& bus, const DeviceContext& context, LoadRegistersSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      unit_(bus, context, settings_.unit, poll(), settings_.care),
      teller_(unit_.reporter()) {}

ModbusUnit::Poll LoadRegisters::poll() {
    ModbusUnit::Poll poll;
    poll.priority = ModbusBus::Priority::slow;
    poll.request = request_of(settings_);
    poll.good = [this](const ModbusAnswer& answer) {
        read(answer);
        return false;
    };
    poll.stale = [this](Instant at) { teller_.gone(at); };
    return poll;
}

void LoadRegisters::read(const ModbusAnswer& answer) {
    const auto value = number_in(settings_.result, answer.values.registers);
    const auto meant = value ? settings_.values.find(*value) : settings_.values.end();
    if (meant != settings_.values.end()) {
        teller_.saw(meant->second, answer.at);
        return;
    }
    unit_.reporter().bad_frame({.kind = value ? std::string_view{"value"} : value.error(),
                                .bytes = register_bytes(answer.values.registers, ByteOrder::high_first),
                                .at = answer.at});
    teller_.gone(answer.at);
}

void LoadRegisters::disable() {
    unit_.disable();
    teller_.forget();
}

void LoadRegisters::perform(const PointCommand& command, CommandDone done) {
    boost::asio::post(main_, [id = command.id, done = std::move(done)] {
        done({.id = id, .write = WriteOutcome::failed, .cause = "a scanner has no outputs"});
    });
}

}  // namespace portcullis::drivers
