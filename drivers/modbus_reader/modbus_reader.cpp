#include "drivers/modbus_reader/modbus_reader.hpp"

#include <utility>

#include "drivers/buses.hpp"
#include "drivers/no_outputs.hpp"

namespace portcullis::drivers {

namespace {

class ModbusReaderPlan final : public RegisterBlockPlan<ModbusReaderSettings> {
public:
    using RegisterBlockPlan::RegisterBlockPlan;

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        auto keys = RegisterBlockPlan::options();
        keys.emplace_back("face", portcullis::text_of(settings().face));
        return keys;
    }
    [[nodiscard]] std::optional<ReadingKind> reads() const override { return settings().kind; }
    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& /*setups*/) const override {
        return std::make_unique<ModbusReader>(buses.modbus(bus), context, settings());
    }
};

}  // namespace

std::unique_ptr<DevicePlan> plan_modbus_reader(const ConfigNode& options, const ConfigNode& profile,
                                               ConfigProblems& problems) {
    return std::make_unique<ModbusReaderPlan>(read_modbus_reader_settings(options, profile, problems));
}

ModbusReader::ModbusReader(ModbusBus& bus, const DeviceContext& context, ModbusReaderSettings settings)
    : main_(context.main),
      settings_(std::move(settings)),
      decoder_(settings_.encoding),
      unit_(bus, context, settings_.unit, poll(), settings_.care) {}

ModbusUnit::Poll ModbusReader::poll() {
    ModbusUnit::Poll poll;
    poll.priority = ModbusBus::Priority::slow;
    poll.request = settings_.request();
    poll.good = [this](const ModbusAnswer& answer) {
        read(answer);
        return false;
    };
    poll.stale = [this](Instant) { sequence_.reset(); };
    return poll;
}

void ModbusReader::perform(const PointCommand& command, CommandDone done) {
    refuse_output(main_, command, std::move(done), "a reader");
}

void ModbusReader::read(const ModbusAnswer& answer) {
    const auto now = answer.values.registers[settings_.sequence_at];
    const auto before = std::exchange(sequence_, now);
    // What stands there when we come is given back too: a reader may wait for that before it shows its next.
    const auto step = before ? step_of(*before, now) : SequenceStep::restarted;
    if (step != SequenceStep::same) {
        acknowledged_.reset();
        acknowledge_not_before_ = answer.at;
    }
    if (step == SequenceStep::next) {
        take(answer);
    }
    if (now != 0 && acknowledged_ != now && answer.at >= acknowledge_not_before_) {
        acknowledge(now, answer.at);
    }
}

void ModbusReader::take(const ModbusAnswer& answer) {
    auto found = reading_in(settings_, answer.values.registers, decoder_);
    if (auto* reading = std::get_if<Reading>(&found)) {
        unit_.reporter().reading(std::move(*reading), answer.at);
        return;
    }
    BadFrame frame{.kind = std::get<std::string_view>(found), .bytes = {}, .at = answer.at};
    for (const auto word : answer.values.registers) {
        frame.bytes.push_back(static_cast<std::uint8_t>(word >> 8U));
        frame.bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
    }
    unit_.reporter().bad_frame(frame);
}

void ModbusReader::acknowledge(std::uint16_t sequence, Instant at) {
    if (!settings_.acknowledge) {
        return;
    }
    const ModbusRequest write{.unit = settings_.unit.unit,
                              .function = ModbusFunction::write_register,
                              .address = *settings_.acknowledge,
                              .operand = sequence};
    const bool taken = submit_for<bool>(
        unit_.bus(), ModbusBus::Priority::slow,
        [write, timeout = settings_.unit.timeout](ModbusLink& link) { return link.exchange(write, timeout).ok(); },
        [weak = std::weak_ptr{self_}, sequence, at](bool written, const std::vector<BadFrame>& frames) {
            if (const auto self = weak.lock()) {
                (*self)->unit_.reporter().bad_frames(frames);
                (*self)->acknowledge_written(sequence, at, written);
            }
        });
    if (!taken) {
        unit_.reporter().failed_exchange();
    }
}

void ModbusReader::acknowledge_written(std::uint16_t sequence, Instant asked, bool written) {
    if (written) {
        acknowledged_ = sequence;
        back_off_.reset();
        return;
    }
    unit_.reporter().failed_exchange();
    acknowledge_not_before_ = asked + back_off_.fail();
}

}  // namespace portcullis::drivers
