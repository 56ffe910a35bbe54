#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "runtime/clock.hpp"
#include "runtime/worker.hpp"
#include "simulators/devices/io_module.hpp"
#include "simulators/devices/line_reader.hpp"

namespace portcullis::bench {

/// The floor: a bare program that does only the raw work of a passage. It waits for the edge (polled with libmodbus
/// every 20 ms, or a line on a serial port), commits the same bytes to SQLite with FULL sync, and writes the coil.
class BareLoop {
public:
    using Measured = std::function<void(double milliseconds)>;

    /// Its I/O module runs on `context`. Throws std::runtime_error when its database or module cannot be opened.
    BareLoop(boost::asio::io_context& context, const runtime::Clock& clock, const std::filesystem::path& folder,
             bool pushed);
    ~BareLoop();
    BareLoop(const BareLoop&) = delete;
    BareLoop& operator=(const BareLoop&) = delete;
    BareLoop(BareLoop&&) = delete;
    BareLoop& operator=(BareLoop&&) = delete;

    /// What it commits from the next edge on.
    void set_commit_bytes(std::size_t bytes) { commit_bytes_ = bytes; }
    /// Gives it one edge; `measured` is called on the context.
    void edge(Measured measured);

private:
    void run();
    void poll_for_edge();
    void wait_for_line();
    [[nodiscard]] bool line_came() const;
    void act();

    const runtime::Clock& clock_;
    bool pushed_;
    std::atomic<std::size_t> commit_bytes_ = 0;
    simulators::IoModule io_;
    simulators::LineReader line_;
    Instant began_;
    Measured measured_;
    struct Handles;
    std::unique_ptr<Handles> handles_;
    std::atomic<bool> stop_ = false;
    runtime::Worker worker_;
};

}  // namespace portcullis::bench
