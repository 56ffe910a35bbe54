#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace portcullis::testing {

/// A real mosquitto on a free port of the loopback, ended with its object. What it holds is in memory only: a restart
/// forgets sessions, queues and retained messages.
class Mosquitto {
public:
    /// `settings`: more lines of mosquitto.conf, as `max_inflight_messages 20`. Starts it and waits until it listens.
    explicit Mosquitto(std::string settings = {});
    ~Mosquitto();
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;
    Mosquitto(Mosquitto&&) = delete;
    Mosquitto& operator=(Mosquitto&&) = delete;

    /// Other lines of mosquitto.conf, from the next start on.
    void set(std::string settings) { settings_ = std::move(settings); }
    /// On the same port as before. Throws std::runtime_error when it does not come up.
    void start();
    /// SIGTERM, and waits for its end.
    void stop();
    /// SIGKILL, and waits for its end.
    void kill();
    /// SIGSTOP and SIGCONT: a broker that is there and does not answer.
    void freeze();
    void thaw();
    /// Reads its files of access rights again.
    void reload();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// `mqtt://127.0.0.1:<port>`
    [[nodiscard]] std::string uri() const;

private:
    void end(int signal);
    [[nodiscard]] bool try_start();

    std::filesystem::path configuration_;
    std::string settings_;
    std::uint16_t port_ = 0;
    pid_t process_ = -1;
    int output_ = -1;  ///< what it says; kept open, or its next line would meet a closed pipe
};

}  // namespace portcullis::testing
