#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "core/time.hpp"
#include "runtime/clock.hpp"

namespace portcullis::runtime {

/// Rings once at an Instant, on the context's thread. Set again as often as wanted: only the last one counts. Never
/// rings after `cancel` or after its end, and never before the Instant by its own clock.
class Alarm {
public:
    Alarm(boost::asio::io_context& context, const Clock& clock, std::function<void()> ring);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    void set(Instant at);
    void set(std::optional<Instant> at);  ///< nothing = cancel: a deadline as lanes and devices give it
    void cancel();
    [[nodiscard]] std::optional<Instant> set_for() const;

private:
    class State;
    std::shared_ptr<State> state_;
};

}  // namespace portcullis::runtime
