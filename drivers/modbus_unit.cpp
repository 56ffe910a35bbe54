#include "drivers/modbus_unit.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace portcullis::drivers {

ModbusUnit::ModbusUnit(ModbusBus& bus, const DeviceContext& context, ModbusUnitSettings settings, Poll poll)
    : bus_(bus),
      clock_(context.clock),
      settings_(settings),
      poll_(std::move(poll)),
      reporter_(context.name, context.main, context.clock),
      due_(context.main, context.clock, [this] { submit(); }),
      age_due_(context.main, context.clock, [this] { check_age(); }),
      self_(std::make_shared<ModbusUnit*>(this)) {}

void ModbusUnit::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    last_good_ = last_due_ = now();
    due_.set(last_due_);
    age_due_.set(last_good_ + settings_.stale_after);
}

void ModbusUnit::stop() {
    stopped_ = true;
    due_.cancel();
    age_due_.cancel();
    reporter_.stop();
}

void ModbusUnit::submit() {
    using Answer = Result<ModbusAnswer, ModbusFault>;
    const bool taken = submit_for<Answer>(
        bus_, poll_.priority,
        [request = poll_.request, timeout = settings_.timeout, at_wire = poll_.at_wire](ModbusLink& link) {
            auto answer = link.exchange(request, timeout);
            if (at_wire && answer) {
                at_wire(*answer);
            }
            return answer;
        },
        [weak = std::weak_ptr{self_}](const Answer& answer, const std::vector<BadFrame>& frames) {
            if (const auto self = weak.lock()) {
                (*self)->answered(answer, frames);
            }
        });
    if (!taken && !stopped_) {
        failed({.kind = ModbusFault::Kind::not_sent, .cause = "too many requests wait for the bus"});
    }
}

void ModbusUnit::answered(const Result<ModbusAnswer, ModbusFault>& result, const std::vector<BadFrame>& frames) {
    if (stopped_) {
        return;
    }
    reporter_.bad_frames(frames);
    if (result) {
        good(*result);
    } else {
        failed(result.error());
    }
}

void ModbusUnit::good(const ModbusAnswer& answer) {
    reporter_.good_exchange(answer.at, answer.took);
    back_off_.reset();
    last_good_ = answer.at;
    fresh_ = true;
    gone_stale_ = false;
    if (!age_due_.set_for()) {
        age_due_.set(last_good_ + settings_.stale_after);
    }
    if (fault_.empty()) {
        reporter_.health(DeviceState::online, "answers", answer.at);
    }
    const bool again = poll_.good(answer);
    if (stopped_) {
        return;
    }
    if (again && !repeated_) {  // at most one read out of turn, however fast a contact chatters
        repeated_ = true;
        submit();
        return;
    }
    repeated_ = false;
    // From the time at which it was due, not at which it was done: the rate stays. What was missed is not made up for.
    last_due_ = std::max(last_due_ + settings_.poll, now());
    due_.set(last_due_);
}

void ModbusUnit::failed(const ModbusFault& fault) {
    reporter_.failed_exchange();
    last_cause_ = fault.cause;
    repeated_ = false;
    refused_ = fault.kind == ModbusFault::Kind::exception;
    if (refused_) {
        reporter_.health(DeviceState::fault, fault.cause, now());
    } else if (gone_stale_) {
        reporter_.health(DeviceState::offline, fault.cause, now());
    }
    last_due_ = now() + std::max(back_off_.fail(), settings_.poll);
    due_.set(last_due_);
}

void ModbusUnit::check_age() {
    const auto stale_at = last_good_ + settings_.stale_after;
    if (now() < stale_at) {
        age_due_.set(stale_at);
        return;
    }
    if (std::exchange(gone_stale_, true)) {
        return;
    }
    fresh_ = false;
    poll_.stale(stale_at);
    if (!stopped_ && !refused_) {
        reporter_.health(DeviceState::offline, last_cause_, stale_at);
    }
}

void ModbusUnit::set_fault(std::string cause) {
    fault_ = std::move(cause);
    reporter_.health(DeviceState::fault, fault_, now());
}

void ModbusUnit::clear_fault() {
    fault_.clear();
}

}  // namespace portcullis::drivers
