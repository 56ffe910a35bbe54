#include "gate/service_manager.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using Protocol = boost::asio::local::datagram_protocol;

/// What systemd listens to, for this process, until the end of the test.
class NotifySocket {
public:
    NotifySocket() {
        std::filesystem::remove(path_);
        socket_.open();
        socket_.bind(Protocol::endpoint{path_});
        socket_.non_blocking(true);
        ::setenv("NOTIFY_SOCKET", path_.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
    }
    ~NotifySocket() {
        ::unsetenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): one thread
        std::filesystem::remove(path_);
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;
    NotifySocket(NotifySocket&&) = delete;
    NotifySocket& operator=(NotifySocket&&) = delete;

    /// Every message that has come since the last call.
    std::vector<std::string> heard() {
        std::vector<std::string> messages;
        std::array<char, 1024> bytes{};
        boost::system::error_code none;
        while (true) {
            const auto size = socket_.receive(boost::asio::buffer(bytes), 0, none);
            if (none) {
                return messages;
            }
            messages.emplace_back(bytes.data(), size);
        }
    }

private:
    std::string path_ = (std::filesystem::temp_directory_path() / ("notify-" + std::to_string(::getpid()))).string();
    boost::asio::io_context context_;
    Protocol::socket socket_{context_};
};

}  // namespace

TEST_CASE("systemd hears what the daemon is doing, and a line again only when it is another") {
    NotifySocket systemd;
    ServiceManager manager;
    manager.ready("out-1 recovering");
    manager.status("out-1 recovering");
    manager.status("out-1 automatic");
    manager.status("out-1 automatic");
    manager.alive();
    manager.stopping();
    CHECK(systemd.heard() == std::vector<std::string>{"READY=1\nSTATUS=out-1 recovering", "STATUS=out-1 automatic",
                                                      "WATCHDOG=1", "STOPPING=1\nSTATUS=stopping"});
}

TEST_CASE("systemd is asked for the time that a slow disk needs to read a file and not for less than a minute") {
    NotifySocket systemd;
    const ServiceManager manager;
    manager.checking("journal.db", 0);
    manager.checking("journal.db", 1'000'000'000);
    CHECK(systemd.heard() == std::vector<std::string>{"EXTEND_TIMEOUT_USEC=60000000\nSTATUS=checking journal.db",
                                                      "EXTEND_TIMEOUT_USEC=160000000\nSTATUS=checking journal.db"});
}

}  // namespace portcullis::gate
