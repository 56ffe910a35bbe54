#include "drivers/modbus_unit.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace portcullis::drivers {

namespace {

void append(ModbusValues& to, const ModbusValues& from) {
    to.bits.insert(to.bits.end(), from.bits.begin(), from.bits.end());
    to.registers.insert(to.registers.end(), from.registers.begin(), from.registers.end());
}

/// All requests of a poll as one answer, which has the time of the middle one.
Result<ModbusAnswer, ModbusFault> read_all(ModbusLink& link, const std::vector<ModbusRequest>& before,
                                           const ModbusRequest& request, const std::vector<ModbusRequest>& after,
                                           std::chrono::milliseconds timeout) {
    ModbusValues values;
    for (const auto& one : before) {
        auto answer = link.exchange(one, timeout);
        if (!answer) {
            return answer;
        }
        append(values, answer->values);
    }
    auto all = link.exchange(request, timeout);
    if (!all) {
        return all;
    }
    append(values, all->values);
    for (const auto& one : after) {
        auto answer = link.exchange(one, timeout);
        if (!answer) {
            return answer;
        }
        append(values, answer->values);
    }
    all->values = std::move(values);
    return all;
}

}  // namespace

ModbusUnit::ModbusUnit(ModbusBus& bus, const DeviceContext& context, ModbusUnitSettings settings, Poll poll,
                       CareProfile care, UnitCare::Points points)
    : bus_(bus),
      clock_(context.clock),
      settings_(settings),
      poll_(std::move(poll)),
      care_(std::move(care), settings.unit, points),
      reporter_(context.name, context.main, context.clock),
      due_(context.main, context.clock, [this] { next(); }),
      age_due_(context.main, context.clock, [this] { check_age(); }),
      self_(std::make_shared<ModbusUnit*>(this)) {}

void ModbusUnit::start(ObservationSink sink) {
    reporter_.start(std::move(sink));
    last_good_ = poll_due_ = now();
    due_.set(poll_due_);
    age_due_.set(last_good_ + settings_.stale_after);
}

void ModbusUnit::stop() {
    stopped_ = true;
    due_.cancel();
    age_due_.cancel();
    reporter_.stop();
}

void ModbusUnit::disable() {
    if (std::exchange(disabled_, true)) {
        return;
    }
    ++life_;
    due_.cancel();
    age_due_.cancel();
    fresh_ = false;
    poll_.stale(now());
    reporter_.forget_health();
}

void ModbusUnit::enable() {
    if (!std::exchange(disabled_, false) || stopped_) {
        return;
    }
    asking_ = gone_stale_ = refused_ = repeated_ = false;
    back_off_.reset();
    care_.away();
    last_cause_ = "never answered";
    not_before_ = {};
    last_good_ = poll_due_ = now();
    due_.set(poll_due_);
    age_due_.set(last_good_ + settings_.stale_after);
}

std::chrono::milliseconds ModbusUnit::every() const {
    return pace_ == Pace::busy ? settings_.poll : settings_.idle_poll;
}

void ModbusUnit::pace(Pace pace) {
    if (std::exchange(pace_, pace) == pace || stopped_ || disabled_) {
        return;
    }
    if (pace == Pace::busy) {
        poll_due_ = std::min(poll_due_, now());
        if (!asking_) {
            due_.set(std::max(poll_due_, not_before_));
        }
    }
}

void ModbusUnit::next() {
    if (stopped_ || disabled_ || asking_) {
        return;
    }
    const auto at = now();
    if (at < not_before_) {
        due_.set(not_before_);
        return;
    }
    const auto due = care_.due(at);
    if (due.turn == UnitCare::Turn::ask) {
        ask_care(due.request);
    } else if (due.turn == UnitCare::Turn::wait) {
        due_.set(std::max(due.until, at + settings_.poll));
    } else if (at >= poll_due_) {
        ask_poll();
    } else {
        const auto care = care_.next_ask();
        due_.set(care && *care > at ? std::min(poll_due_, *care) : poll_due_);
    }
}

void ModbusUnit::ask(ModbusBus::Priority priority, std::function<Answer(ModbusLink&)> work, Answered answered) {
    asking_ = true;
    const bool taken = submit_for<Answer>(bus_, priority, std::move(work),
                                          [weak = std::weak_ptr{self_}, life = life_, answered](
                                              const Answer& answer, const std::vector<BadFrame>& frames) {
                                              const auto self = weak.lock();
                                              if (self && !(*self)->stopped_ && (*self)->life_ == life) {
                                                  (*self)->asking_ = false;
                                                  ((*self)->*answered)(answer, frames);
                                              }
                                          });
    if (!taken && !stopped_) {
        asking_ = false;
        failed({.kind = ModbusFault::Kind::not_sent, .cause = "too many requests wait for the bus"});
    }
}

void ModbusUnit::ask_care(const ModbusRequest& request) {
    const bool writes = request.function == ModbusFunction::write_register;
    ask(
        writes ? ModbusBus::Priority::write : poll_.priority,
        [request, timeout = settings_.timeout](ModbusLink& link) { return link.exchange(request, timeout); },
        &ModbusUnit::care_answered);
}

void ModbusUnit::ask_poll() {
    ask(
        poll_.priority,
        [before = poll_.before, request = poll_.request, after = poll_.after, timeout = settings_.timeout,
         at_wire = poll_.at_wire](ModbusLink& link) {
            auto answer = read_all(link, before, request, after, timeout);
            if (at_wire && answer) {
                at_wire(*answer);
            }
            return answer;
        },
        &ModbusUnit::poll_answered);
}

void ModbusUnit::heard(const ModbusAnswer& answer) {
    reporter_.good_exchange(answer.at, answer.took);
    back_off_.reset();
    refused_ = false;
    if (std::exchange(connection_, answer.connection) != answer.connection) {
        care_.reconnected();
    }
}

void ModbusUnit::care_answered(const Answer& result, const std::vector<BadFrame>& frames) {
    reporter_.bad_frames(frames);
    if (result) {
        heard(*result);
        care_.answered(result->values, result->at);
        look_at_care(result->at);
    } else if (result.error().kind == ModbusFault::Kind::exception) {
        reporter_.failed_exchange();
        care_.refused(result.error().cause, now());
        look_at_care(now());
    } else {
        failed(result.error());
        return;
    }
    next();
}

void ModbusUnit::look_at_care(Instant at) {
    if (auto how = care_.take_restart()) {
        reporter_.health(DeviceState::restarted, *how, at);
        if (poll_.restarted) {
            poll_.restarted();
        }
    }
    if (!care_.fault().empty()) {
        reporter_.health(DeviceState::fault, care_.fault(), at);
    }
    if (care_.proven()) {
        reporter_.identity(care_.identity(), at);
    }
}

void ModbusUnit::poll_answered(const Answer& result, const std::vector<BadFrame>& frames) {
    reporter_.bad_frames(frames);
    if (result) {
        good(*result);
    } else {
        failed(result.error());
    }
}

void ModbusUnit::good(const ModbusAnswer& answer) {
    heard(answer);
    last_good_ = answer.at;
    fresh_ = true;
    gone_stale_ = false;
    if (!age_due_.set_for()) {
        age_due_.set(last_good_ + settings_.stale_after);
    }
    if (fault_.empty() && care_.fault().empty()) {
        const bool was_faulty = reporter_.state() == DeviceState::fault;
        reporter_.health(DeviceState::online, "answers", answer.at);
        if (was_faulty && poll_.tell_again) {
            poll_.tell_again();
        }
    }
    const bool again = poll_.good(answer);
    if (stopped_ || disabled_) {
        return;
    }
    if (again && !repeated_) {  // at most one read out of turn, however fast a contact chatters
        repeated_ = true;
        ask_poll();
        return;
    }
    repeated_ = false;
    // From the time at which it was due, not at which it was done: the rate stays. What was missed is not made up for.
    poll_due_ = std::max(poll_due_ + every(), now());
    const auto care = care_.next_ask();
    due_.set(care && *care > now() ? std::min(poll_due_, *care) : poll_due_);
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
    not_before_ = poll_due_ = now() + std::max(back_off_.fail(), settings_.poll);
    due_.set(poll_due_);
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
    if (stopped_ || disabled_ || refused_ || !care_.fault().empty()) {
        return;  // it is there and says so, or nobody asks
    }
    care_.away();
    reporter_.health(DeviceState::offline, last_cause_, stale_at);
}

std::optional<WriteProof> ModbusUnit::write_proof() const {
    auto request = care_.proof_request();
    return request ? std::optional{WriteProof{std::move(*request), care_.proof()}} : std::nullopt;
}

void ModbusUnit::set_fault(std::string cause) {
    fault_ = std::move(cause);
    reporter_.health(DeviceState::fault, fault_, now());
}

void ModbusUnit::clear_fault() {
    fault_.clear();
}

}  // namespace portcullis::drivers
