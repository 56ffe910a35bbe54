#include "console/control_socket.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <fstream>
#include <future>
#include <string>
#include <thread>

#include "tests/support/catch.hpp"

namespace portcullis::console {
namespace {

namespace asio = boost::asio;

runtime::Log quiet() {
    return runtime::Log{runtime::Log::Form::plain, runtime::LogLevel::error};
}

/// A socket in a folder of its own, served by a thread until the end of the test.
struct Served {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("control-" + std::to_string(::getpid()));
    std::filesystem::path path = folder / "control";
    asio::io_context context;
    std::unique_ptr<ControlSocket> socket;
    ControlSocket::Reply kept;  ///< of a question that asked to be answered later
    std::thread thread;

    Served() {
        std::filesystem::create_directories(folder);
        std::ofstream{path} << "left by a killed daemon";
        socket = std::make_unique<ControlSocket>(context, quiet(), path,
                                                 [this](std::string_view question, ControlSocket::Reply reply) {
                                                     answer(std::string{question}, std::move(reply));
                                                 });
        thread = std::thread{[this] { context.run(); }};
    }
    ~Served() {
        asio::post(context, [this] { socket->stop(); });
        thread.join();
        std::filesystem::remove_all(folder);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;
    Served(Served&&) = delete;
    Served& operator=(Served&&) = delete;

private:
    /// `later` waits for the next question, which answers both; `big` is answered with more than a line may hold.
    void answer(const std::string& question, ControlSocket::Reply reply) {
        if (question == "later") {
            kept = std::move(reply);
            return;
        }
        if (kept) {
            kept("late");
            kept("later still");
        }
        reply(question == "big" ? std::string(std::size_t{2} * 1024 * 1024, 'x') : "you asked " + question);
        reply("a second answer");
    }
};

/// As long as it lives, the process may open no further descriptor.
class NoDescriptorLeft {
public:
    NoDescriptorLeft() {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto none = before_;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~NoDescriptorLeft() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoDescriptorLeft(const NoDescriptorLeft&) = delete;
    NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;
    NoDescriptorLeft(NoDescriptorLeft&&) = delete;
    NoDescriptorLeft& operator=(NoDescriptorLeft&&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("a question gets its answer, again and again") {
    const Served served;
    for (int i = 0; i < 20; ++i) {
        CHECK(ask_control_socket(served.path, "status") == "you asked status");
    }
}

TEST_CASE("an answer may come later, while others are answered") {
    const Served served;
    auto late = std::async(std::launch::async, [&] { return ask_control_socket(served.path, "later"); });
    while (late.wait_for(std::chrono::milliseconds{1}) != std::future_status::ready) {
        CHECK(ask_control_socket(served.path, "now") == "you asked now");
    }
    CHECK(late.get() == "late");
}

TEST_CASE("an answer for a client that has gone, or a longer one than a line may be, harms nobody") {
    const Served served;
    {
        asio::io_context context;
        asio::local::stream_protocol::socket client{context};
        client.connect(asio::local::stream_protocol::endpoint{served.path.string()});
        asio::write(client, asio::buffer(std::string{"later\n"}));
    }
    CHECK(ask_control_socket(served.path, "now") == "you asked now");
    CHECK(ask_control_socket(served.path, "big").empty());
    CHECK(ask_control_socket(served.path, "now") == "you asked now");
}

TEST_CASE("an endless question is closed without an answer and harms nobody") {
    const Served served;
    asio::io_context context;
    asio::local::stream_protocol::socket client{context};
    client.connect(asio::local::stream_protocol::endpoint{served.path.string()});
    boost::system::error_code error;
    asio::write(client, asio::buffer(std::string(100000, 'x')), error);
    char byte = 0;
    client.read_some(asio::buffer(&byte, 1), error);
    CHECK(error);
    CHECK(ask_control_socket(served.path, "still there?") == "you asked still there?");
}

TEST_CASE("a path that cannot be bound is named, with what to do") {
    asio::io_context context;
    const auto open = [&context](const std::string& path) -> std::string {
        try {
            const ControlSocket socket{context, quiet(), path, {}};
        } catch (const ControlSocketUnusable& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(open("/nonexistent/folder/control"),
               testing::contains_text("cannot listen at /nonexistent/folder/control (") &&
                   testing::contains_text("make its folder, writable for the daemon's user"));
    CHECK_THAT(open("/" + std::string(200, 'x')), testing::contains_text("cannot listen at /xxx"));
}

TEST_CASE("a daemon that keeps silent is given up") {
    const auto path = std::filesystem::temp_directory_path() / ("silent-" + std::to_string(::getpid()));
    asio::io_context context;
    const asio::local::stream_protocol::acceptor silent{context, asio::local::stream_protocol::endpoint{path.string()}};
    boost::system::error_code code;
    try {
        (void)ask_control_socket(path, "status", std::chrono::milliseconds{20});
    } catch (const boost::system::system_error& error) {
        code = error.code();
    }
    std::filesystem::remove(path);
    CHECK(code == asio::error::timed_out);
}

#ifndef __SANITIZE_ADDRESS__  // UBSan opens a pipe to look at an object's type: without one it finds fault with any
TEST_CASE("without a descriptor left the socket waits instead of asking for ever, and then answers") {
    const auto path = std::filesystem::temp_directory_path() / ("exhausted-" + std::to_string(::getpid()));
    asio::io_context context;
    ControlSocket socket{context, quiet(), path,
                         [](std::string_view, const ControlSocket::Reply& reply) { reply("here"); }};
    asio::local::stream_protocol::socket client{context};
    client.connect(asio::local::stream_protocol::endpoint{path.string()});
    asio::write(client, asio::buffer(std::string{"status\n"}));
    std::size_t attempts = 0;
    {
        const NoDescriptorLeft exhausted;
        while (attempts < 1000 && context.poll_one() > 0) {
            ++attempts;
        }
    }
    CHECK(attempts < 1000);
    std::string answer;
    asio::async_read_until(client, asio::dynamic_buffer(answer), '\n',
                           [&socket](const boost::system::error_code&, std::size_t) { socket.stop(); });
    context.restart();
    context.run_for(std::chrono::seconds{60});
    CHECK(answer == "here\n");
}
#endif

TEST_CASE("the socket file is private to the daemon's group and goes with the daemon") {
    std::filesystem::path path;
    {
        const Served served;
        path = served.path;
        using std::filesystem::perms;
        CHECK((std::filesystem::status(path).permissions() & (perms::others_all | perms::group_exec)) == perms::none);
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

}  // namespace portcullis::console
