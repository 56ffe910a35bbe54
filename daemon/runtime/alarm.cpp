#include "runtime/alarm.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace portcullis::runtime {

/// Shared with the timer's handler, which may run after the Alarm is gone and then finds `at_` empty.
class Alarm::State : public std::enable_shared_from_this<Alarm::State> {
public:
    State(boost::asio::io_context& context, const Clock& clock, std::function<void()> ring)
        : timer_(context), clock_(clock), ring_(std::move(ring)) {}

    void set(Instant at) {
        if (at_ == at) {
            return;
        }
        at_ = at;
        wait();
    }

    void cancel() {
        at_.reset();
        ++generation_;
        timer_.cancel();
    }

    [[nodiscard]] std::optional<Instant> at() const { return at_; }

private:
    void wait() {
        // Asio's timer counts on CLOCK_MONOTONIC and knows no Instant: it is given what is left by our clock.
        const auto left = std::max(*at_ - clock_.now().instant, Instant::duration::zero());
        timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(left));
        timer_.async_wait([self = shared_from_this(), generation = ++generation_](const boost::system::error_code&) {
            self->woken(generation);
        });
    }

    void woken(std::uint64_t generation) {
        if (generation != generation_ || !at_) {
            return;  // set anew or cancelled after this wait had already completed
        }
        if (clock_.now().instant < *at_) {
            wait();
            return;
        }
        at_.reset();
        const auto ring = ring_;  // ringing may end the Alarm
        ring();
    }

    boost::asio::steady_timer timer_;
    const Clock& clock_;
    std::function<void()> ring_;
    std::optional<Instant> at_;
    std::uint64_t generation_ = 0;
};

Alarm::Alarm(boost::asio::io_context& context, const Clock& clock, std::function<void()> ring)
    : state_(std::make_shared<State>(context, clock, std::move(ring))) {}

Alarm::~Alarm() {
    state_->cancel();
}

void Alarm::set(Instant at) {
    state_->set(at);
}

void Alarm::set(std::optional<Instant> at) {
    if (at) {
        state_->set(*at);
    } else {
        state_->cancel();
    }
}

void Alarm::cancel() {
    state_->cancel();
}

std::optional<Instant> Alarm::set_for() const {
    return state_->at();
}

}  // namespace portcullis::runtime
