#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/rig/child_process.hpp"
#include "tests/integration/daemon_status.hpp"

namespace portcullis::testing {

/// The built daemon without broker and central, beside simulated devices in `context`: for what is between it and its
/// devices alone.
class LoneDaemon {
public:
    LoneDaemon();
    ~LoneDaemon();
    LoneDaemon(const LoneDaemon&) = delete;
    LoneDaemon& operator=(const LoneDaemon&) = delete;

    /// Buses, devices and lanes in YAML; the rest is written before them. Who carries nothing is released.
    void settings(const std::string& devices_and_lanes) const;
    void start();
    void signal(int number) const { daemon_->signal(number); }

    [[nodiscard]] std::optional<DaemonStatus> status() const { return DaemonStatus::ask(socket()); }
    /// Fails the test when it is not so within a minute.
    void until(const std::string& what, const std::function<bool()>& so);
    void in_service();
    void wait(std::chrono::milliseconds time);
    /// Runs `portcullis …` while the devices go on, and gives what it printed; it must end well.
    std::string portcullis(std::vector<std::string> arguments);
    /// Events of the journal, one line of JSON each.
    std::string events(const std::string& type);

    [[nodiscard]] std::filesystem::path socket() const { return folder_ / "control"; }
    [[nodiscard]] std::filesystem::path log() const { return folder_ / "log"; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;

public:
    boost::asio::io_context context;

private:
    runtime::SystemClock clock_;
    std::unique_ptr<rig::ChildProcess> daemon_;
    int runs_ = 0;
};

/// How often `part` stands in `text`.
[[nodiscard]] std::size_t times_in(const std::string& text, const std::string& part);

}  // namespace portcullis::testing
