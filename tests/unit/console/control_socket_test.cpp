#include "console/control_socket.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <fstream>
#include <string>
#include <thread>

#include "tests/support/catch.hpp"

namespace portcullis::console {
namespace {

namespace asio = boost::asio;

/// A socket in a folder of its own, served by a thread until the end of the test.
struct Served {
    std::filesystem::path folder = std::filesystem::temp_directory_path() / ("control-" + std::to_string(::getpid()));
    std::filesystem::path path = folder / "control";
    asio::io_context context;
    std::unique_ptr<ControlSocket> socket;
    std::thread thread;

    Served() {
        std::filesystem::create_directories(folder);
        std::ofstream{path} << "left by a killed daemon";
        socket = std::make_unique<ControlSocket>(
            context, path, [](std::string_view question) { return "you asked " + std::string{question}; });
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
};

}  // namespace

TEST_CASE("a question gets its answer, again and again") {
    const Served served;
    for (int i = 0; i < 20; ++i) {
        CHECK(ask_control_socket(served.path, "status") == "you asked status");
    }
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
