#include "drivers/modbus_points/modbus_points.hpp"

#include <algorithm>
#include <utility>

#include "drivers/buses.hpp"

namespace portcullis::drivers {

namespace {

/// Between two looks at a host watchdog that has fired, or of which nothing is known: a person clears it meanwhile.
constexpr std::chrono::seconds watch_again_after{2};

Signal signal_of(bool bit, bool reads_when_on) {
    return bit == reads_when_on ? Signal::on : Signal::off;
}

/// What an input's bit reads while it is `on` (occupied, limit reached): the open contact's bit when an open wire
/// means occupied, else the other.
bool bit_when_on(const PointSetup& setup, const PointsSettings& settings) {
    const auto& inputs = *settings.profile.inputs;
    const bool open_reads = settings.contact == Contact::dry ? inputs.dry_open_reads : inputs.wet_open_reads;
    return setup.wire_open_means == WireOpen::occupied ? open_reads : !open_reads;
}

class PointsPlan final : public DevicePlan {
public:
    explicit PointsPlan(PointsSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.profile.facts; }

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        auto keys = written(settings_.unit);
        keys.emplace_back("contact", portcullis::text_of(settings_.contact));
        std::string lost;
        for (const auto& [point, value] : settings_.on_host_lost) {
            lost += (lost.empty() ? "{ " : ", ") + point.text() + ": " + std::string{portcullis::text_of(value)};
        }
        if (!lost.empty()) {
            keys.emplace_back("on_host_lost", lost + " }");
        }
        return keys;
    }

    [[nodiscard]] std::chrono::milliseconds stale_after() const override { return settings_.unit.stale_after; }

    [[nodiscard]] std::vector<std::string> remarks() const override {
        auto all = DevicePlan::remarks();
        if (settings_.contact_assumed) {
            all.emplace_back(
                "inputs are taken for wet contacts; write `contact: wet` or `contact: dry` as they are wired");
        }
        return all;
    }

    [[nodiscard]] std::vector<PointFact> points() const override {
        std::vector<PointFact> facts;
        const int inputs = settings_.profile.inputs ? settings_.profile.inputs->count : 0;
        for (int i = 0; i < inputs; ++i) {
            facts.push_back({.name = PointName{"di" + std::to_string(i)},
                             .direction = Direction::input,
                             .on_host_lost = std::nullopt});
        }
        const int outputs = settings_.profile.outputs ? settings_.profile.outputs->count : 0;
        for (int i = 0; i < outputs; ++i) {
            const PointName name{"do" + std::to_string(i)};
            const auto found = settings_.on_host_lost.find(name);
            facts.push_back({.name = name,
                             .direction = Direction::output,
                             .on_host_lost = found != settings_.on_host_lost.end()
                                                 ? std::optional{found->second}
                                                 : settings_.profile.outputs->on_host_lost});
        }
        return facts;
    }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& setups) const override {
        return std::make_unique<ModbusPoints>(buses.modbus(bus), context, settings_, setups);
    }

private:
    PointsSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_modbus_points(const ConfigNode& options, const ConfigNode& profile,
                                               ConfigProblems& problems) {
    return std::make_unique<PointsPlan>(read_points_settings(options, profile, problems));
}

ModbusPoints::ModbusPoints(ModbusBus& bus, const DeviceContext& context, const PointsSettings& settings,
                           const std::vector<PointSetup>& setups)
    : settings_(settings),
      // Without an input in use the outputs are read, so that the device's health still rests on good reads.
      first_(settings.profile.outputs ? settings.profile.outputs->readback : std::uint16_t{0}),
      count_(1),
      unit_(bus, context, settings.unit, (add_inputs(context, setups), poll())),
      outputs_(unit_, context, settings, setups) {}

void ModbusPoints::add_inputs(const DeviceContext& context, const std::vector<PointSetup>& setups) {
    for (const auto& setup : setups) {
        const bool known = std::any_of(inputs_.begin(), inputs_.end(),
                                       [&setup](const Input& input) { return input.name == setup.point; });
        if (setup.direction != Direction::input || known) {
            continue;  // an input that two lanes share is read and told once
        }
        const auto index = settings_.index_of(setup.point, Direction::input);
        if (!index) {
            throw std::invalid_argument(context.name.text() + " has no input " + setup.point.text());
        }
        inputs_.push_back({.name = setup.point,
                           .bit = *index,
                           .reads_when_on = bit_when_on(setup, settings_),
                           .tracker = {},
                           .read_at = std::nullopt,
                           .cell = &context.image.add({context.name, setup.point}, settings_.unit.stale_after)});
    }
    if (inputs_.empty()) {
        return;
    }
    const auto by_bit = [](const Input& left, const Input& right) { return left.bit < right.bit; };
    const auto [least, most] = std::minmax_element(inputs_.begin(), inputs_.end(), by_bit);
    const auto from = least->bit;
    first_ = static_cast<std::uint16_t>(settings_.profile.inputs->address + from);
    count_ = static_cast<std::uint16_t>(most->bit - from + 1);
    for (auto& input : inputs_) {
        input.bit = static_cast<std::uint16_t>(input.bit - from);
    }
}

ModbusUnit::Poll ModbusPoints::poll() {
    struct WireInput {
        InputImage::Cell* cell;
        std::uint16_t bit;
        bool reads_when_on;
    };
    std::vector<WireInput> at_wire;
    for (const auto& input : inputs_) {
        at_wire.push_back({input.cell, input.bit, input.reads_when_on});
    }
    return {.priority = ModbusBus::Priority::input,
            .request = {.unit = settings_.unit.unit,
                        .function = inputs_.empty() ? ModbusFunction::read_coils : settings_.profile.inputs->function,
                        .address = first_,
                        .operand = count_},
            .at_wire =
                [at_wire](const ModbusAnswer& answer) {
                    for (const auto& input : at_wire) {
                        input.cell->store(signal_of(answer.values.bits[input.bit], input.reads_when_on), answer.at);
                    }
                },
            .good = [this](const ModbusAnswer& answer) { return read(answer); },
            .stale = [this](Instant at) { stale(at); }};
}

void ModbusPoints::start(ObservationSink sink) {
    unit_.start(std::move(sink));
}

void ModbusPoints::stop() {
    unit_.stop();
    outputs_.stop();
}

void ModbusPoints::perform(const PointCommand& command, CommandDone done) {
    outputs_.perform(command, std::move(done));
}

void ModbusPoints::withdraw(CommandId command) {
    outputs_.withdraw(command);
}

bool ModbusPoints::read(const ModbusAnswer& answer) {
    look_at_watchdog(answer);
    outputs_.device_answers();
    bool unconfirmed = false;
    for (auto& input : inputs_) {
        input.read_at = answer.at;
        if (const auto seen = input.tracker.read(signal_of(answer.values.bits[input.bit], input.reads_when_on))) {
            unit_.reporter().input(input.name, *seen, answer.at);
        }
        unconfirmed = unconfirmed || input.tracker.unconfirmed();
    }
    return unconfirmed;
}

void ModbusPoints::stale(Instant at) {
    watched_connection_.reset();  // the module may have missed us, and its connection stand all the same
    for (auto& input : inputs_) {
        if (const auto seen = input.tracker.lost()) {
            unit_.reporter().input(input.name, *seen, at);
        }
    }
}

void ModbusPoints::look_at_watchdog(const ModbusAnswer& answer) {
    const auto& alarm = settings_.profile.alarm;
    const bool again = watch_again_ && answer.at >= *watch_again_;
    if (!alarm || (watched_connection_ == answer.connection && !again)) {
        return;
    }
    watched_connection_ = answer.connection;
    watch_again_ = answer.at + watch_again_after;  // until it is known that it has not fired
    const ModbusRequest ask{
        .unit = settings_.unit.unit, .function = ModbusFunction::read_coils, .address = alarm->coil, .operand = 1};
    const bool clear = alarm->then == OnWatchdogAlarm::clear;
    const bool taken = submit_for<std::optional<bool>>(
        unit_.bus(), ModbusBus::Priority::write,
        [ask, clear, timeout = settings_.unit.timeout](ModbusLink& link) -> std::optional<bool> {
            auto state = link.exchange(ask, timeout);
            if (state && state->values.bits.front() && clear) {
                (void)link.exchange(write_coil(ask.unit, ask.address, true), timeout);
                state = link.exchange(ask, timeout);
            }
            return state ? std::optional<bool>{state->values.bits.front()} : std::nullopt;
        },
        [weak = std::weak_ptr{self_}](std::optional<bool> fired, const std::vector<BadFrame>& frames) {
            if (const auto self = weak.lock()) {
                (*self)->unit_.reporter().bad_frames(frames);
                (*self)->watchdog_seen(fired);
            }
        });
    if (!taken) {
        watched_connection_.reset();
    }
}

void ModbusPoints::watchdog_seen(std::optional<bool> fired) {
    if (!fired) {
        return;
    }
    if (*fired) {
        unit_.set_fault("the module's host watchdog has fired: outputs stand at their safe values and refuse writes");
    } else {
        unit_.clear_fault();
        watch_again_.reset();
    }
}

DeviceView ModbusPoints::view() const {
    auto view = unit_.reporter().view();
    for (const auto& input : inputs_) {
        view.points.push_back({.point = input.name,
                               .direction = Direction::input,
                               .signal = input.tracker.signal(),
                               .at = input.read_at});
    }
    outputs_.add_to(view);
    return view;
}

}  // namespace portcullis::drivers
