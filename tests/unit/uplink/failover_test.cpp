// A broker that cannot be had is left for the next one, however it fails.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::contains_text;
using testing::Mosquitto;

/// A port that drops every SYN, as a host behind a firewall that drops: its queue of connections is full and nobody
/// takes one out. Linux then answers nothing.
class BlackHole {
public:
    BlackHole() {
        acceptor_.open(tcp::v4());
        acceptor_.bind({boost::asio::ip::address_v4::loopback(), 0});
        acceptor_.listen(0);
        for (auto& filler : fillers_) {
            filler = std::make_unique<tcp::socket>(context_);
            filler->async_connect(acceptor_.local_endpoint(), [](const boost::system::error_code&) {});
        }
    }
    [[nodiscard]] std::string uri() const {
        return "mqtt://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }

private:
    boost::asio::io_context context_;
    tcp::acceptor acceptor_{context_};
    std::array<std::unique_ptr<tcp::socket>, 4> fillers_;
};

TEST_CASE("A host that drops every SYN is left for the next broker within the time of an attempt") {
    const BlackHole hole;
    const Mosquitto second;
    UplinkBench bench{hole.uri()};
    bench.settings().brokers.push_back(second.uri());
    bench.settings().attempt_most = 9s;
    const runtime::SystemClock clock;
    const auto since = clock.now().instant;
    bench.make();
    bench.pass(1s);
    CHECK(bench.uplink().view().broker == hole.uri());  // it hangs there, and was not refused
    CHECK(bench.connections == 1);
    REQUIRE(bench.until_online());
    CHECK(clock.now().instant - since <= bench.settings().attempt_most);
    CHECK(bench.uplink().view().broker == second.uri());
    CHECK(bench.connections == 2);
    CHECK_FALSE(bench.worker_hangs());
}

TEST_CASE("A broker whose name no server answers for is left for the next one and holds nobody up") {
    std::promise<std::string> end_of_silence;
    const auto silence = end_of_silence.get_future().share();
    const Mosquitto second;
    UplinkBench bench{"mqtt://dead.example:1883"};
    bench.settings().brokers.push_back(second.uri());
    bench.settings().attempt_most = 900ms;
    bench.ask_for_name = [silence](const std::string&) { return silence.get(); };
    bench.make();
    REQUIRE(bench.until([&] { return bench.connections == 2; }));
    CHECK_THAT(bench.uplink().view().cause, contains_text("cannot look up dead.example: no answer within 300 ms"));
    REQUIRE(bench.until_online());
    CHECK(bench.uplink().view().broker == second.uri());
    bench.destroy();  // while the look-up still hangs
    end_of_silence.set_value("nobody knows it");
}

TEST_CASE("A broker is reached by its name") {
    const Mosquitto broker;
    UplinkBench bench{"mqtt://localhost:" + std::to_string(broker.port())};
    bench.make();
    REQUIRE(bench.until_online());
    CHECK(bench.connections == 1);
}

}  // namespace
}  // namespace portcullis::uplink
