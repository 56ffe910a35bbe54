#include "tests/support/mosquitto.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string_view>

// NOLINTNEXTLINE(readability-redundant-declaration,cppcoreguidelines-avoid-non-const-global-variables): of POSIX
extern char** environ;

namespace portcullis::testing {
namespace {

std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), length) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    ::close(socket);
    if (!bound) {
        throw std::runtime_error("no free port on the loopback");
    }
    return ntohs(address.sin_port);
}

/// Debian keeps daemons in /usr/sbin, which is not on a user's path.
const char* mosquitto_program() {
    return ::access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto";
}

/// Reads what mosquitto says until it runs; false when it ends, or is silent for ten seconds.
bool wait_until_running(int output) {
    std::string said;
    std::array<char, 512> buffer{};
    constexpr int patience_ms = 10'000;
    pollfd wait{output, POLLIN, 0};
    while (::poll(&wait, 1, patience_ms) == 1) {
        const auto count = ::read(output, buffer.data(), buffer.size());
        if (count <= 0) {
            return false;
        }
        said.append(buffer.data(), static_cast<std::size_t>(count));
        if (said.find(" running") != std::string::npos) {
            return true;
        }
    }
    return false;
}

bool ends_soon(pid_t process) {
    constexpr int patience_ms = 2000;
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    pollfd wait{handle, POLLIN, 0};
    const bool ended = handle >= 0 && ::poll(&wait, 1, patience_ms) == 1;
    ::close(handle);
    return ended;
}

}  // namespace

Mosquitto::Mosquitto(std::string settings) : settings_(std::move(settings)) {
    constexpr int tries = 5;  // another program may take the free port first
    for (int i = 0; i < tries; ++i) {
        port_ = free_port();
        if (try_start()) {
            return;
        }
    }
    throw std::runtime_error("mosquitto does not start: is the package installed?");
}

Mosquitto::~Mosquitto() {
    end(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove(configuration_, ignored);
}

void Mosquitto::start() {
    if (process_ < 0 && !try_start()) {
        throw std::runtime_error("mosquitto does not start again on port " + std::to_string(port_));
    }
}

bool Mosquitto::try_start() {
    configuration_ = std::filesystem::temp_directory_path() / ("mosquitto-" + std::to_string(port_) + ".conf");
    std::ofstream{configuration_} << "listener " << port_ << " 127.0.0.1\nallow_anonymous true\npersistence false\n"
                                  << "log_dest stderr\nlog_type error\nlog_type warning\nlog_type information\n"
                                  << "connection_messages false\n"
                                  << settings_ << "\n";
    std::array<int, 2> output{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe for mosquitto");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDERR_FILENO);
    std::string program = mosquitto_program();
    std::string option = "-c";
    std::string file = configuration_.string();
    std::array<char*, 4> arguments{program.data(), option.data(), file.data(), nullptr};
    const int failed = posix_spawnp(&process_, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    output_ = output[0];
    if (failed != 0) {
        process_ = -1;
    }
    const bool running = failed == 0 && wait_until_running(output_);
    if (!running) {
        end(SIGKILL);
    }
    return running;
}

void Mosquitto::stop() {
    end(SIGTERM);
}

void Mosquitto::kill() {
    end(SIGKILL);
}

void Mosquitto::freeze() {
    ::kill(process_, SIGSTOP);
}

void Mosquitto::thaw() {
    ::kill(process_, SIGCONT);
}

void Mosquitto::reload() {
    ::kill(process_, SIGHUP);
}

void Mosquitto::end(int signal) {
    if (process_ > 0) {
        ::kill(process_, signal);
        ::kill(process_, SIGCONT);
        if (!ends_soon(process_)) {
            ::kill(process_, SIGKILL);  // mosquitto 2.0.11 misses a SIGTERM that comes in its first moments
        }
        ::waitpid(process_, nullptr, 0);
        process_ = -1;
    }
    if (output_ >= 0) {
        ::close(output_);
        output_ = -1;
    }
}

std::string Mosquitto::uri() const {
    return "mqtt://127.0.0.1:" + std::to_string(port_);
}

}  // namespace portcullis::testing
