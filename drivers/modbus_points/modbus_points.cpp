#include "drivers/modbus_points/modbus_points.hpp"

#include <algorithm>
#include <span>
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

unsigned counter_bits(const PointsSettings& settings) {
    const auto& inputs = settings.profile.inputs;
    return inputs && inputs->counters ? inputs->counters->field.registers * 16U : 32U;
}

UnitCare::Points points_of(const PointsSettings& settings) {
    return {.inputs = settings.profile.inputs ? settings.profile.inputs->count : 0,
            .outputs = settings.profile.outputs ? settings.profile.outputs->count : 0};
}

}  // namespace

ModbusPoints::ModbusPoints(ModbusBus& bus, const DeviceContext& context, const PointsSettings& settings,
                           const std::vector<PointSetup>& setups)
    : settings_(settings),
      plan_(plan_poll(settings, setups)),
      unit_(bus, context, settings.unit, (add_inputs(context, setups), poll()), settings.profile.care,
            points_of(settings)),
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
                           .bit = static_cast<std::uint16_t>(*index - plan_.first_bit),
                           .reads_when_on = bit_when_on(setup, settings_),
                           .tracker = {},
                           .counter = PulseCounter{counter_bits(settings_)},
                           .read_at = std::nullopt,
                           .cell = &context.image.add({context.name, setup.point}, settings_.unit.stale_after)});
    }
}

std::uint64_t ModbusPoints::counted(const ModbusAnswer& answer, const Input& input) const {
    const auto& field = settings_.profile.inputs->counters->field;
    const std::span all{answer.values.registers};
    const auto number = number_in(field, all.subspan(std::size_t{input.bit} * field.registers, field.registers));
    return number ? static_cast<std::uint64_t>(*number) : 0;
}

ModbusUnit::Poll ModbusPoints::poll() {
    ModbusUnit::Poll poll;
    poll.before = plan_.before;
    poll.request = plan_.request;
    poll.after = plan_.after;
    poll.at_wire = at_wire();
    poll.good = [this](const ModbusAnswer& answer) { return read(answer); };
    poll.stale = [this](Instant at) { stale(at); };
    poll.restarted = [this] { restarted(); };
    poll.tell_again = [this] {
        for (auto& input : inputs_) {
            input.tracker.forget();
        }
    };
    return poll;
}

std::function<void(const ModbusAnswer&)> ModbusPoints::at_wire() const {
    struct WireInput {
        InputImage::Cell* cell;
        std::uint16_t bit;
        bool reads_when_on;
    };
    std::vector<WireInput> inputs;
    for (const auto& input : inputs_) {
        inputs.push_back({input.cell, input.bit, input.reads_when_on});
    }
    // A count that has moved since the read before: the input was not what it seems for two reads.
    const auto before = std::make_shared<std::vector<std::uint16_t>>();
    const std::size_t per_input = plan_.counts ? settings_.profile.inputs->counters->field.registers : 0;
    return [inputs, before, per_input](const ModbusAnswer& answer) {
        const auto& counts = answer.values.registers;
        for (const auto& input : inputs) {
            const auto at = static_cast<std::ptrdiff_t>(input.bit * per_input);
            if (before->size() == counts.size() &&
                !std::equal(counts.begin() + at, counts.begin() + at + static_cast<std::ptrdiff_t>(per_input),
                            before->begin() + at)) {
                input.cell->store(Signal::on, answer.at);
            }
            input.cell->store(signal_of(answer.values.bits[input.bit], input.reads_when_on), answer.at);
        }
        *before = counts;
    };
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

void ModbusPoints::disable() {
    outputs_.park();  // while the device is known to answer
    unit_.disable();
}

void ModbusPoints::enable() {
    outputs_.unpark();
    unit_.enable();
}

void ModbusPoints::restarted() {
    outputs_.device_restarted();
    for (auto& input : inputs_) {
        input.counter.forget();
    }
}

void ModbusPoints::tell(Input& input, Signal signal, Instant at) {
    if (const auto seen = input.tracker.read(signal)) {
        unit_.reporter().input(input.name, *seen, at);
    }
}

bool ModbusPoints::read(const ModbusAnswer& answer) {
    look_at_watchdog(answer);
    outputs_.device_answers();
    bool unconfirmed = false;
    for (auto& input : inputs_) {
        input.read_at = answer.at;
        const bool bit = answer.values.bits[input.bit];
        if (plan_.counts) {
            for (const bool missed : input.counter.read(counted(answer, input), bit)) {
                tell(input, signal_of(missed, input.reads_when_on), answer.at);
            }
        }
        tell(input, signal_of(bit, input.reads_when_on), answer.at);
        unconfirmed = unconfirmed || input.tracker.unconfirmed();
    }
    return unconfirmed;
}

void ModbusPoints::stale(Instant at) {
    watched_connection_.reset();  // the module may have missed us, and its connection stand all the same
    for (auto& input : inputs_) {
        input.counter.forget();  // what it counted meanwhile was at no known time
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
