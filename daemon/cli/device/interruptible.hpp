#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <optional>

#include "runtime/clock.hpp"

namespace portcullis::cli {

/// A command that goes on until its time is over or the person has had enough (Ctrl-C): then it ends in order.
class Interruptible {
public:
    /// Nothing = no end of its own.
    explicit Interruptible(std::optional<std::chrono::milliseconds> most = std::nullopt);

    [[nodiscard]] bool over();
    /// Waits so long, or until it is over.
    void wait(std::chrono::milliseconds time);

private:
    runtime::SystemClock clock_;
    std::optional<Instant> end_;
    boost::asio::io_context context_;
    boost::asio::signal_set signals_;
    bool interrupted_ = false;
};

}  // namespace portcullis::cli
