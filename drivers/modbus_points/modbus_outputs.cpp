#include "drivers/modbus_points/modbus_outputs.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <utility>

namespace portcullis::drivers {

namespace {

/// Between two attempts to end a pulse on a device that answers.
constexpr std::chrono::milliseconds end_again_after{100};
/// The same on a device that is out of service, of which nobody knows whether it answers.
constexpr std::chrono::milliseconds parked_end_again_after{2000};
/// Between two attempts to write the start's safe state on a device that answers.
constexpr std::chrono::milliseconds safe_state_again_after{1000};
/// One line in this many of the same trouble.
constexpr std::uint64_t log_every = 100;

bool coil_value(const PointSetup& setup, bool on) {
    return (setup.sense == OutputSense::inverted) != on;
}

Signal signal_of(const PointSetup& setup, bool coil) {
    return coil_value(setup, true) == coil ? Signal::on : Signal::off;
}

}  // namespace

ModbusOutputs::ModbusOutputs(ModbusUnit& unit, const DeviceContext& context, const PointsSettings& settings,
                             const std::vector<PointSetup>& setups)
    : unit_(unit),
      main_(context.main),
      clock_(context.clock),
      log_(context.log),
      image_(context.image),
      trouble_(log_every),
      pulse_due_(context.main, context.clock, [this] { end_pulses(); }) {
    for (const auto& setup : setups) {
        if (setup.direction != Direction::output) {
            continue;
        }
        const auto index = settings.index_of(setup.point, Direction::output);
        if (!index) {
            throw std::invalid_argument(context.name.text() + " has no output " + setup.point.text());
        }
        Output output{.setup = setup};
        output.coil = static_cast<std::uint16_t>(settings.profile.outputs->address + *index);
        output.readback = static_cast<std::uint16_t>(settings.profile.outputs->readback + *index);
        device_pulse_ = settings.profile.outputs->pulse;
        if (device_pulse_) {
            output.pulse_address = static_cast<std::uint16_t>(device_pulse_->address + *index);
        }
        outputs_.emplace(setup.point, std::move(output));
    }
    owe_safe_state();
}

void ModbusOutputs::owe_safe_state() {
    for (const auto& [point, output] : outputs_) {
        if (!output.commanded && output.setup.safe != SafeOutput::keep) {
            safe_state_due_.emplace(point, output.setup.safe);
        }
    }
}

std::string ModbusOutputs::why_not(const PointCommand& command, const Output* output) const {
    if (output == nullptr) {
        return "no lane has wired output " + command.point.text();
    }
    if (*stopping_) {
        return "stopping";
    }
    if (parked_) {
        return "the device is out of service by hand";
    }
    if (!unit_.fresh()) {
        return "the device is offline";
    }
    if (!unit_.proven()) {
        return unit_.doubt().empty() ? "the device's settings are not read back yet" : unit_.doubt();
    }
    if (command.act == OutputAct::pulse && output->pulse_ends) {
        return "the pulse before it has not ended";
    }
    return {};
}

CoilWrite ModbusOutputs::coil_write(const Output& output, bool on) const {
    CoilWrite write;
    write.unit = unit_.settings().unit;
    write.coil = output.coil;
    write.readback = output.readback;
    write.on = coil_value(output.setup, on);
    write.timeout = unit_.settings().timeout;
    write.read_back_within = unit_.care().read_back_within();
    return write;
}

void ModbusOutputs::answer(const Pending& pending, CommandResult result) const {
    result.id = pending.command.id;
    result.took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().instant - pending.asked);
    pending.done(result);
}

void ModbusOutputs::perform(const PointCommand& command, CommandDone done) {
    const auto found = outputs_.find(command.point);
    auto* output = found == outputs_.end() ? nullptr : &found->second;
    Pending pending{.command = command, .done = std::move(done), .asked = clock_.now().instant};
    if (auto cause = why_not(command, output); !cause.empty()) {
        boost::asio::post(main_, [pending = std::move(pending), cause = std::move(cause)] {
            pending.done({.id = pending.command.id, .write = WriteOutcome::failed, .cause = cause});
        });
        return;
    }
    submit(std::move(pending), *output);
}

void ModbusOutputs::withdraw(CommandId command) {
    const auto found = pending_.find(command);
    if (found != pending_.end()) {
        *found->second.withdrawn = true;
    }
}

void ModbusOutputs::submit(Pending pending, Output& output) {
    const auto id = pending.command.id;
    auto write = coil_write(output, pending.command.act != OutputAct::off);
    write.not_after = pending.command.not_after;
    write.must_be_clear = pending.command.must_be_clear;
    write.withdrawn = pending.withdrawn;
    write.proof = unit_.write_proof();
    if (device_pulse_ && pending.command.act == OutputAct::pulse) {
        write.pulse =
            DevicePulse{output.pulse_address, static_cast<std::uint16_t>(pending.command.pulse / device_pulse_->step)};
    }
    output.commanded = true;
    pending_.emplace(id, std::move(pending));
    const bool taken = submit_for<CoilWritten>(
        unit_.bus(), ModbusBus::Priority::write,
        [write = std::move(write), stopping = stopping_, &clock = clock_, &image = image_](ModbusLink& link) {
            return *stopping ? CoilWritten{.outcome = WriteOutcome::failed, .cause = "stopping"}
                             : write_and_read_back(link, write, clock, image);
        },
        [weak = std::weak_ptr{self_}, id](const CoilWritten& written, const std::vector<BadFrame>& frames) {
            if (const auto self = weak.lock()) {
                (*self)->unit_.reporter().bad_frames(frames);
                (*self)->command_written(id, written);
            }
        });
    if (!taken) {
        boost::asio::post(main_, [weak = std::weak_ptr{self_}, id] {
            if (const auto self = weak.lock()) {
                (*self)->command_written(id, {.outcome = WriteOutcome::failed, .cause = "too many writes wait"});
            }
        });
    }
}

void ModbusOutputs::read_back(Output& output, const CoilWritten& written) const {
    output.read_back = written.read ? signal_of(output.setup, *written.read) : Signal::unknown;
    output.read_at = clock_.now().instant;
}

void ModbusOutputs::command_written(CommandId id, const CoilWritten& written) {
    const auto node = pending_.extract(id);
    if (node.empty()) {
        return;  // answered by stop()
    }
    const auto& pending = node.mapped();
    auto& output = outputs_.at(pending.command.point);
    if (written.may_have_acted()) {
        read_back(output, written);
        // Also when nothing is known of the write: it may have acted, and then it must end.
        const bool pulse = pending.command.act == OutputAct::pulse;
        // A device that ends it is given its time, and is made sure of afterwards.
        const auto longer = device_pulse_ ? device_pulse_->step : std::chrono::milliseconds{0};
        output.pulse_ends = pulse ? std::optional{*written.began + pending.command.pulse + longer} : std::nullopt;
        end_pulses();
    }
    answer(pending, {.id = id,
                     .write = written.outcome,
                     .readback = written.read ? signal_of(output.setup, *written.read) : Signal::unknown,
                     .took = {},
                     .cause = written.cause});
}

bool ModbusOutputs::write_all(const std::vector<std::pair<PointName, CoilWrite>>& writes, Written written) {
    // A job each: together they may take longer than a job may. Once nobody answers the others are not tried, because
    // each would wait for as long again.
    const auto nobody_answers = std::make_shared<std::atomic<bool>>(false);
    bool taken = true;
    for (const auto& [point, write] : writes) {
        taken &= submit_for<std::optional<CoilWritten>>(
            unit_.bus(), ModbusBus::Priority::write,
            [nobody_answers, write = write, &clock = clock_,
             &image = image_](ModbusLink& link) -> std::optional<CoilWritten> {
                if (*nobody_answers) {
                    return std::nullopt;
                }
                auto result = write_and_read_back(link, write, clock, image);
                *nobody_answers = !result.began || result.outcome == WriteOutcome::unknown;
                return result;
            },
            [weak = std::weak_ptr{self_}, point = point, written](const std::optional<CoilWritten>& result,
                                                                  const std::vector<BadFrame>& frames) {
                const auto self = weak.lock();
                if (self && result) {
                    (*self)->unit_.reporter().bad_frames(frames);
                    ((*self)->*written)(point, *result);
                }
            });
    }
    return taken;
}

void ModbusOutputs::end_pulses() {
    const auto now = clock_.now().instant;
    std::optional<Instant> next;
    for (auto& [point, output] : outputs_) {
        if (!output.pulse_ends || output.ending) {
            continue;
        }
        if (*output.pulse_ends > now) {
            next = next ? std::min(*next, *output.pulse_ends) : *output.pulse_ends;
        } else {
            output.ending = write_all({{point, coil_write(output, false)}}, &ModbusOutputs::pulse_ended);
        }
    }
    pulse_due_.set(next);
}

void ModbusOutputs::pulse_ended(const PointName& point, const CoilWritten& written) {
    auto& output = outputs_.at(point);
    output.ending = false;
    read_back(output, written);
    if (!output.pulse_ends) {
        return;  // a command has taken the output over meanwhile
    }
    if (written.outcome == WriteOutcome::done) {
        output.pulse_ends.reset();
        ++pulses_ended_;
    } else {
        if (trouble_.admit()) {
            log_.warning("pulse not ended", {{"point", point}, {"cause", written.cause}});
        }
        output.pulse_ends = clock_.now().instant + (parked_ ? parked_end_again_after : end_again_after);
    }
    if (unit_.fresh() || parked_) {
        end_pulses();  // else device_answers() does it
    }
}

void ModbusOutputs::device_answers() {
    write_safe_state();
    end_pulses();
}

void ModbusOutputs::device_restarted() {
    for (auto& [point, output] : outputs_) {
        output.read_back = Signal::unknown;
    }
    owe_safe_state();
}

void ModbusOutputs::park() {
    for (const auto& [id, pending] : pending_) {
        *pending.withdrawn = true;
    }
    rest();
    parked_ = true;
}

void ModbusOutputs::unpark() {
    parked_ = false;
    for (auto& [point, output] : outputs_) {
        output.commanded = false;
        output.read_back = Signal::unknown;
    }
    owe_safe_state();
}

void ModbusOutputs::write_safe_state() {
    std::erase_if(safe_state_due_, [this](const auto& due) { return outputs_.at(due.first).commanded; });
    if (safe_state_due_.empty() || safe_state_waits_ || clock_.now().instant < safe_state_not_before_) {
        return;
    }
    safe_state_not_before_ = clock_.now().instant + safe_state_again_after;
    std::vector<std::pair<PointName, CoilWrite>> writes;
    for (const auto& [point, safe] : safe_state_due_) {
        writes.emplace_back(point, coil_write(outputs_.at(point), safe == SafeOutput::on));
    }
    safe_state_waits_ = write_all(writes, &ModbusOutputs::safe_state_written);
}

void ModbusOutputs::safe_state_written(const PointName& point, const CoilWritten& written) {
    safe_state_waits_ = false;
    read_back(outputs_.at(point), written);
    if (written.outcome == WriteOutcome::done) {
        safe_state_due_.erase(point);
    } else if (trouble_.admit()) {
        log_.warning("safe state not written", {{"point", point}, {"cause", written.cause}});
    }
}

void ModbusOutputs::stop() {
    *stopping_ = true;
    pulse_due_.cancel();
    for (const auto& [id, pending] : std::exchange(pending_, {})) {
        answer(pending, {.id = id, .write = WriteOutcome::unknown, .cause = "stopped before it was answered"});
    }
    rest();
}

void ModbusOutputs::rest() {
    std::vector<std::pair<PointName, CoilWrite>> writes;
    for (const auto& [point, output] : outputs_) {
        const bool pulsing = output.pulse_ends.has_value();
        if (pulsing || (unit_.fresh() && output.setup.safe != SafeOutput::keep)) {
            // A pulse ends before anything else is said of its output.
            writes.emplace_back(point, coil_write(output, !pulsing && output.setup.safe == SafeOutput::on));
        }
        if (pulsing && output.setup.safe == SafeOutput::on) {
            writes.emplace_back(point, coil_write(output, true));
        }
    }
    if (!writes.empty() && !write_all(writes, &ModbusOutputs::safe_state_written)) {
        log_.error("safe state not written", {{"cause", "too many writes wait"}});
    }
}

void ModbusOutputs::add_to(DeviceView& view) const {
    view.pulses_ended += pulses_ended_;
    for (const auto& [point, output] : outputs_) {
        view.points.push_back(
            {.point = point, .direction = Direction::output, .signal = output.read_back, .at = output.read_at});
    }
}

}  // namespace portcullis::drivers
