#include "drivers/weighbridge/weight_registers.hpp"

#include <cstdlib>
#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using namespace std::chrono_literals;

void read_status(const ConfigNode& profile, WeightRegistersSettings& settings, ConfigProblems& problems) {
    const auto* status = profile.find("status");
    if (status == nullptr || !status->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    const auto bit = [&](std::string_view name, std::optional<NumberField>& field) {
        if (const auto* node = status->find(name)) {
            field = read_number_field(*node, settings.count, problems);
        }
    };
    bit("works", settings.works);
    bit("over", settings.over);
    bit("under", settings.under);
    bit("net", settings.net);
    bit("motion", settings.motion);
}

WeightRegistersSettings read_weight_registers(const ConfigNode& options, const ConfigNode& profile,
                                              ConfigProblems& problems) {
    WeightRegistersSettings settings;
    static_cast<RegisterBlock&>(settings) =
        read_register_block(options, profile, &profile, {"registers", "word_order"}, 200ms, problems);
    if (const auto* weight = profile.require("weight", problems)) {
        settings.weight = read_number_field(*weight, settings.count, problems);
        if (!settings.weight.least || !settings.weight.most) {
            weight->report(problems, "without `least` and `most` a wrong word order is not seen",
                           "write the kilograms that the bridge can show, as in least: -500, most: 120000");
        }
    }
    read_status(profile, settings, problems);
    if (const auto* steady = profile.find("steady_for")) {
        settings.steady_for = steady->duration(problems, 500ms, 10s);
    }
    if (settings.motion.has_value() == settings.steady_for.has_value()) {
        profile.report(problems, "how does it tell that the weight stands?",
                       "write either the bit `motion` in `status`, or `steady_for: 1 s` for one that has none");
    }
    return settings;
}

class WeightRegistersPlan final : public RegisterBlockPlan<WeightRegistersSettings> {
public:
    using RegisterBlockPlan::RegisterBlockPlan;

    [[nodiscard]] bool weighs() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<WeightRegisters>(buses.modbus(bus), context, settings());
    }
};

/// A float that is next to nothing and not nothing: no bridge shows that, and one whose registers come in another order
/// does.
bool is_too_small(NumberField field, std::span<const std::uint16_t> registers) {
    constexpr unsigned shift = 40;
    constexpr std::int64_t gram = (std::int64_t{1} << shift) / 1000;
    if (field.type != NumberType::float32 && field.type != NumberType::float64) {
        return false;
    }
    field.multiply *= std::int64_t{1} << shift;
    field.least.reset();
    field.most.reset();
    const auto scaled = number_in(field, registers);
    return scaled && *scaled != 0 && std::abs(*scaled) < gram;
}

}  // namespace

Result<WeightFrame, std::string_view> weight_in(const WeightRegistersSettings& settings,
                                                std::span<const std::uint16_t> registers) {
    const auto is_set = [&](const std::optional<NumberField>& field) {
        const auto number = field ? number_in(*field, registers) : Result<std::int64_t, std::string_view>{0};
        return number && *number != 0;
    };
    if (settings.works && !is_set(settings.works)) {
        return WeightFrame{{WeightState::fault, std::nullopt}, "it says that its data are not good"};
    }
    if (is_set(settings.net)) {
        return WeightFrame{{WeightState::absent, std::nullopt}, "it shows the net weight"};
    }
    if (is_set(settings.over)) {
        return WeightFrame{{WeightState::over, std::nullopt}, {}};
    }
    if (is_set(settings.under)) {
        return WeightFrame{{WeightState::under, std::nullopt}, {}};
    }
    const auto kg = number_in(settings.weight, registers);
    if (!kg) {
        return Failure{kg.error()};
    }
    if (is_too_small(settings.weight, registers)) {
        return Failure{no_value::range};
    }
    return WeightFrame{{is_set(settings.motion) ? WeightState::moving : WeightState::stable, *kg}, {}};
}

std::unique_ptr<DevicePlan> plan_weight_registers(const ConfigNode& options, const ConfigNode& profile,
                                                  ConfigProblems& problems) {
    return std::make_unique<WeightRegistersPlan>(read_weight_registers(options, profile, problems));
}

WeightRegisters::WeightRegisters(ModbusBus& bus, const DeviceContext& context, WeightRegistersSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      unit_(bus, context, settings_.unit, poll(), settings_.care),
      teller_(context, unit_.reporter(), settings_.steady_for) {}

ModbusUnit::Poll WeightRegisters::poll() {
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

void WeightRegisters::read(const ModbusAnswer& answer) {
    const auto found = weight_in(settings_, answer.values.registers);
    if (!found) {
        unit_.reporter().bad_frame({.kind = found.error(),
                                    .bytes = register_bytes(answer.values.registers, ByteOrder::high_first),
                                    .at = answer.at});
        return;
    }
    if (found->fault.empty()) {
        unit_.clear_fault();
    } else {
        unit_.set_fault(found->fault);
    }
    teller_.saw(found->seen, answer.at);
}

void WeightRegisters::stop() {
    unit_.stop();
    teller_.forget();
}

void WeightRegisters::disable() {
    unit_.disable();
    teller_.forget();
}

void WeightRegisters::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a weighbridge");
}

}  // namespace portcullis::drivers
