#include "simulators/rig/broker.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <utility>

namespace portcullis::rig {

namespace {

using namespace std::chrono_literals;

constexpr auto between_looks = 20ms;
constexpr int most_looks = 500;

/// Debian keeps daemons in /usr/sbin, which is not on a user's path.
std::string mosquitto_program() {
    return ::access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto";
}

}  // namespace

Broker::Broker(std::filesystem::path folder) : folder_(std::move(folder)), port_(free_port()) {
    start();
}

void Broker::start() {
    if (process_) {
        return;
    }
    const auto configuration = folder_ / "mosquitto.conf";
    std::ofstream{configuration} << "listener " << port_ << " 127.0.0.1\n"
                                 << "allow_anonymous true\n"
                                 << "persistence false\n"
                                 << "max_inflight_messages 1000\n"
                                 << "max_queued_messages 100000\n";
    process_.emplace(std::vector<std::string>{mosquitto_program(), "-c", configuration.string()},
                     folder_ / "mosquitto.log");
    for (int look = 0; look < most_looks; ++look) {
        if (process_->wait(between_looks)) {
            break;
        }
        if (listens()) {
            return;
        }
    }
    throw std::runtime_error{"mosquitto does not listen on port " + std::to_string(port_) + ": see " +
                             (folder_ / "mosquitto.log").string()};
}

void Broker::stop() {
    if (process_) {
        process_->signal(SIGTERM);
        if (!process_->wait(2s)) {
            process_->signal(SIGKILL);  // mosquitto 2.0.11 misses a SIGTERM that comes in its first moments
        }
        process_.reset();
    }
}

bool Broker::listens() const {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool there = probe >= 0 && ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(probe);
    return there;
}

}  // namespace portcullis::rig
