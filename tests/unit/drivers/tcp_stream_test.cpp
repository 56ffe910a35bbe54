#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "device_rig.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using boost::asio::ip::tcp;
using portcullis::testing::DeviceRig;

namespace {

/// A terminal server on the test's own context.
struct Rig : DeviceRig {
    tcp::acceptor acceptor{main, tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0}};
    std::unique_ptr<tcp::socket> client;
    Device& device = add("plate", "{ tcp: 127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + " }", "{ }",
                         "plate-line-utf8");

    Rig() { accept(); }
    ~Rig() { stop(); }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    void accept() {
        acceptor.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
            if (!error) {
                client = std::make_unique<tcp::socket>(std::move(socket));
                accept();
            }
        });
    }
    void send(const std::string& bytes) { boost::asio::write(*client, boost::asio::buffer(bytes)); }
    [[nodiscard]] std::vector<Reading> readings() const { return all<Reading>("plate"); }
};

const std::string frame =
    "\x02"
    "2026091408150203"
    "1ABC234\x03";

}  // namespace

TEST_CASE("frames come over TCP, and what a terminal server replays at the connect is dropped") {
    Rig rig;
    rig.start();
    rig.until([&] { return rig.client != nullptr; });
    rig.send(
        "\x02"
        "2026091408000003"
        "9OLD999\x03");
    rig.until([&] {
        rig.send(frame);
        return !rig.readings().empty();
    });
    CHECK(rig.readings().front().raw == "1ABC234");
    CHECK(rig.readings().front().device_time == "20260914081502");
    CHECK(rig.is("plate", DeviceState::online));
    rig.send(
        "\x02"
        "2026091408150303"
        "Not defined\x03");
    rig.until([&] { return rig.readings().back().raw.empty(); });
}

TEST_CASE("a connection that is cut in the middle of a frame is lost once and made again") {
    Rig rig;
    rig.start();
    rig.until([&] { return rig.client != nullptr; });
    rig.until([&] {
        rig.send(frame);
        return !rig.readings().empty();
    });
    rig.send(frame.substr(0, 10));
    rig.client.reset();
    rig.until([&] { return rig.is("plate", DeviceState::offline); });
    const auto before = rig.readings().size();
    rig.until([&] { return rig.client != nullptr; });
    rig.until([&] {
        rig.send(frame);
        return rig.readings().size() > before;
    });
    for (const auto& reading : rig.readings()) {
        CHECK(reading.raw == "1ABC234");
    }
    CHECK(rig.all<HealthChanged>("plate").size() == 3);
}
