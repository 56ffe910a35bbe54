#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace portcullis::rig {

/// A program that runs beside us with its output in a file. It dies with us: nothing is left running.
class ChildProcess {
public:
    /// Starts `arguments[0]` (looked up in PATH) with `environment` added to ours. Throws std::system_error.
    ChildProcess(std::vector<std::string> arguments, const std::filesystem::path& output,
                 const std::map<std::string, std::string>& environment = {});
    /// Kills what still runs.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    void signal(int number) const;
    /// The exit code (128 + signal when killed), or nothing while it runs.
    [[nodiscard]] std::optional<int> ended();
    /// Waits for the end at most `patience`; the exit code, or nothing when it still runs.
    [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds patience);

private:
    pid_t pid_ = -1;
    std::optional<int> exit_code_;
};

/// A TCP port on loopback that was free a moment ago.
[[nodiscard]] int free_port();

}  // namespace portcullis::rig
