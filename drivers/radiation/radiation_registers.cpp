#include "drivers/radiation/radiation_registers.hpp"

#include <algorithm>
#include <charconv>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

using namespace std::chrono_literals;

/// A vehicle is in the beam for a second at least: two polls see it.
constexpr auto slowest_poll = 500ms;

std::uint16_t mask_of(const ConfigNode& node, ConfigProblems& problems) {
    const auto text = node.text(problems);
    std::uint16_t mask = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, mask, 16);
    if (read.ec != std::errc{} || read.ptr != end || mask == 0) {
        node.report(problems, "no bits of a register", "write them in hex, in quotes, as in \"000F\"");
    }
    return mask;
}

std::vector<FaultBits> read_faults(const ConfigNode& parent, ConfigProblems& problems) {
    std::vector<FaultBits> faults;
    const auto* const node = parent.find("faults");
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return faults;
    }
    for (const auto& [cause, bits] : node->members()) {
        faults.push_back({cause, mask_of(bits, problems)});
    }
    return faults;
}

std::uint16_t place_of(const ConfigNode* node, std::uint16_t count, ConfigProblems& problems) {
    return node == nullptr || count == 0 ? std::uint16_t{0}
                                         : static_cast<std::uint16_t>(node->integer(problems, 0, count - 1));
}

DetectorRegisters read_detector(const ConfigNode& profile, std::string_view key, std::uint16_t count,
                                ConfigProblems& problems) {
    DetectorRegisters detector;
    const auto* const node = profile.require(key, problems);
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return detector;
    }
    detector.status_at = place_of(node->require("status_at", problems), count, problems);
    const auto bits = [&](std::string_view name, std::uint16_t& mask) {
        if (const auto* const member = node->find(name)) {
            mask = mask_of(*member, problems);
        }
    };
    if (node->require("alarm", problems) != nullptr) {
        bits("alarm", detector.alarm);
    }
    bits("overload", detector.overload);
    bits("ready", detector.ready);
    detector.faults = read_faults(*node, problems);
    if (const auto* const number = node->require("count", problems)) {
        detector.count = read_number_field(*number, count, problems);
    }
    if (const auto* const number = node->require("background", problems)) {
        detector.background = read_number_field(*number, count, problems);
        if (!detector.background.least || !detector.background.most) {
            number->report(problems, "without `least` and `most` a wrong word order is not seen",
                           "write what a background can be, as in least: 0, most: 100000");
        }
    }
    return detector;
}

RadiationRegistersSettings read_radiation_registers(const ConfigNode& options, const ConfigNode& profile,
                                                    ConfigProblems& problems) {
    RadiationRegistersSettings settings;
    static_cast<RegisterBlock&>(settings) = read_register_block(
        options, profile, &profile, {"registers", "word_order", "status_bits", "object_counter"}, 200ms, problems);
    if (settings.unit.poll > slowest_poll || settings.unit.idle_poll > slowest_poll) {
        options.report(problems, "a vehicle could pass between two reads of the monitor",
                       "let `poll` and `idle_poll` be at most 500 ms");
    }
    if (const auto* const inputs = profile.require("inputs", problems);
        inputs != nullptr && inputs->expect(ConfigNode::Kind::map, problems)) {
        settings.inputs_at = place_of(inputs->require("at", problems), settings.count, problems);
        if (const auto* const occupied = inputs->require("occupied", problems)) {
            settings.occupied = mask_of(*occupied, problems);
        }
        settings.faults = read_faults(*inputs, problems);
    }
    settings.gamma = read_detector(profile, "gamma", settings.count, problems);
    settings.neutron = read_detector(profile, "neutron", settings.count, problems);
    settings.object_at = place_of(profile.require("object_at", problems), settings.count, problems);
    return settings;
}

class RadiationRegistersPlan final : public RegisterBlockPlan<RadiationRegistersSettings> {
public:
    using RegisterBlockPlan::RegisterBlockPlan;

    [[nodiscard]] bool measures_radiation() const override { return true; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<RadiationRegisters>(buses.modbus(bus), context, settings());
    }
};

/// The first that is set, or empty.
std::string fault_in(const std::vector<FaultBits>& faults, std::uint16_t bits) {
    const auto found =
        std::find_if(faults.begin(), faults.end(), [bits](const FaultBits& one) { return (bits & one.mask) != 0; });
    return found == faults.end() ? std::string{} : found->cause;
}

/// What a detector is not fit for while nothing is there. In an occupancy its status speaks of the vehicle.
std::string detector_fault(const DetectorRegisters& detector, std::uint16_t status, bool occupied,
                           std::string_view kind) {
    if (detector.ready != 0 && (status & detector.ready) == 0) {
        return std::string{kind} + "_not_ready";
    }
    if (occupied) {
        return {};
    }
    if ((status & detector.overload) != 0) {
        return std::string{kind} + "_overload";
    }
    const auto fault = fault_in(detector.faults, status);
    return fault.empty() ? fault : std::string{kind} + "_" + fault;
}

}  // namespace

Result<RadiationScan, std::string_view> scan_of(const RadiationRegistersSettings& settings,
                                                std::span<const std::uint16_t> registers) {
    RadiationScan scan;
    const auto inputs = registers[settings.inputs_at];
    const auto gamma = registers[settings.gamma.status_at];
    const auto neutron = registers[settings.neutron.status_at];
    scan.occupied = (inputs & settings.occupied) != 0;
    scan.object = registers[settings.object_at];
    const auto is_alarm = [&](const DetectorRegisters& detector, std::uint16_t status) {
        return (status & detector.alarm) != 0 || (scan.occupied && (status & detector.overload) != 0);
    };
    scan.gamma_alarm = is_alarm(settings.gamma, gamma);
    scan.neutron_alarm = is_alarm(settings.neutron, neutron);
    for (const auto& fault :
         {fault_in(settings.faults, inputs), detector_fault(settings.gamma, gamma, scan.occupied, "gamma"),
          detector_fault(settings.neutron, neutron, scan.occupied, "neutron")}) {
        scan.fault = scan.fault.empty() ? fault : scan.fault;
    }
    const auto gamma_cps = number_in(settings.gamma.count, registers);
    const auto background = number_in(settings.gamma.background, registers);
    const auto neutrons = number_in(settings.neutron.count, registers);
    const auto neutron_background = number_in(settings.neutron.background, registers);
    for (const auto* const number : {&gamma_cps, &background, &neutrons, &neutron_background}) {
        if (!*number && number->error() != no_value::absent) {
            return Failure{number->error()};
        }
    }
    scan.gamma_cps = gamma_cps ? std::optional{*gamma_cps} : std::nullopt;
    scan.gamma_background_cps = background ? std::optional{*background} : std::nullopt;
    scan.neutrons = neutrons ? std::optional{*neutrons} : std::nullopt;
    return scan;
}

std::unique_ptr<DevicePlan> plan_radiation_registers(const ConfigNode& options, const ConfigNode& profile,
                                                     ConfigProblems& problems) {
    return std::make_unique<RadiationRegistersPlan>(read_radiation_registers(options, profile, problems));
}

RadiationRegisters::RadiationRegisters(ModbusBus& bus, const DeviceContext& context,
                                       RadiationRegistersSettings settings)
    : main_(context.main),
      clock_(context.clock),
      settings_(std::move(settings)),
      teller_([this](const RadiationSeen& seen, Instant at) { unit_.reporter().radiation(seen, at); }),
      unit_(bus, context, settings_.unit, poll(), settings_.care) {}

ModbusUnit::Poll RadiationRegisters::poll() {
    ModbusUnit::Poll poll;
    poll.priority = ModbusBus::Priority::slow;
    poll.request = settings_.request();
    poll.good = [this](const ModbusAnswer& answer) {
        read(answer);
        return false;
    };
    poll.stale = [this](Instant at) {
        teller_.lost("offline", at);
        object_.reset();
    };
    return poll;
}

void RadiationRegisters::disable() {
    teller_.lost("disabled", clock_.now().instant);
    object_.reset();
    unit_.disable();
}

void RadiationRegisters::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a radiation monitor");
}

void RadiationRegisters::read(const ModbusAnswer& answer) {
    const auto scan = scan_of(settings_, answer.values.registers);
    if (scan) {
        follow(*scan, answer.at);
        return;
    }
    // What it says of its background is no number: it cannot know what is too much.
    unit_.reporter().bad_frame({.kind = scan.error(),
                                .bytes = register_bytes(answer.values.registers, ByteOrder::high_first),
                                .at = answer.at});
    teller_.lost("no_number", answer.at);
}

void RadiationRegisters::follow(const RadiationScan& scan, Instant at) {
    teller_.watch(scan.fault, at);
    if (scan.gamma_background_cps && !teller_.open()) {
        teller_.background(*scan.gamma_background_cps);
    }
    const bool first = !object_;
    const bool went_on = object_ && *object_ != scan.object;
    object_ = scan.object;
    const bool was_open = teller_.open();
    // A bit that outlives its beam is of the occupancy that was told.
    const bool gamma_is_news = scan.gamma_alarm && (scan.occupied || was_open || !told_gamma_);
    const bool neutron_is_news = scan.neutron_alarm && (scan.occupied || was_open || !told_neutron_);
    told_gamma_ = scan.gamma_alarm;
    told_neutron_ = scan.neutron_alarm;
    counted_ = went_on || (was_open && counted_);
    most_neutrons_ = was_open ? most_neutrons_ : 0;
    if (scan.occupied) {
        first ? teller_.begin_not_seen(at) : teller_.began(at);
    } else if (went_on && !was_open && !std::exchange(count_owed_, false)) {
        // A vehicle was counted, and no read saw it.
        teller_.began(at);
        teller_.alarm(scan.gamma_alarm, scan.neutron_alarm, at);
        teller_.incomplete("between_two_reads", at);
        return;
    }
    if (gamma_is_news || neutron_is_news) {
        teller_.alarm(gamma_is_news, neutron_is_news, at);
    }
    if (scan.gamma_cps) {
        teller_.gamma(*scan.gamma_cps);
    }
    if (scan.neutrons && *scan.neutrons > most_neutrons_) {
        teller_.neutrons(*scan.neutrons - most_neutrons_);
        most_neutrons_ = *scan.neutrons;
    }
    if (!scan.occupied && teller_.open()) {
        teller_.ended(at);
        count_owed_ = !counted_;
    }
}

}  // namespace portcullis::drivers
