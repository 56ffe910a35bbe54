#include "drivers/load_scanner/load_registers.hpp"

#include <charconv>
#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

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
    static_cast<RegisterBlock&>(settings) = read_register_block(options, profile, &profile, {"registers", "values"},
                                                                std::chrono::milliseconds{200}, problems);
    if (const auto* result = profile.require("result", problems)) {
        settings.result = read_number_field(*result, settings.count, problems);
    }
    read_values(profile, settings, problems);
    return settings;
}

class LoadRegistersPlan final : public RegisterBlockPlan<LoadRegistersSettings> {
public:
    using RegisterBlockPlan::RegisterBlockPlan;

    [[nodiscard]] bool sees_load() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<LoadRegisters>(buses.modbus(bus), context, settings());
    }
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
    poll.request = settings_.request();
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
    refuse_output(main_, command, std::move(done), "a scanner");
}

}  // namespace portcullis::drivers
