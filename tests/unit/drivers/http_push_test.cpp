#include "drivers/http_push/http_push.hpp"

#include "device_rig.hpp"
#include "drivers/http/digest_auth.hpp"
#include "simulators/devices/json_pusher.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::drivers {
namespace {

using simulators::JsonPusher;
using simulators::Push;
using namespace std::chrono_literals;

PushedMeaning plates() {
    PushedMeaning meaning;
    meaning.fields = {"/result/plate", "/result/0/confidence", "/time", "/alive"};
    meaning.fields.confidence = "/confidence";
    meaning.unread = {"", "none"};
    return meaning;
}

std::string kind_of_failure(std::string_view body) {
    const auto reading = pushed_reading(body, plates());
    return reading ? "good" : std::string{reading.error()};
}

/// One reader that pushes to a real socket.
class PushRig {
public:
    explicit PushRig(const Credential& credential = {}) : server({"127.0.0.1", free_port()}, credential, main, clock) {
        settings.meaning = plates();
        settings.path = "/lpr/front";
    }
    ~PushRig() {
        if (device) {
            device->stop();
        }
    }
    PushRig(const PushRig&) = delete;
    PushRig& operator=(const PushRig&) = delete;

    static std::uint16_t free_port() {
        boost::asio::io_context context;
        const boost::asio::ip::tcp::acceptor taken{context, {boost::asio::ip::address_v4::loopback(), 0}};
        return taken.local_endpoint().port();
    }
    void start() {
        device =
            std::make_unique<HttpPush>(server, DeviceContext{DeviceName{"lpr"}, main, clock, log, image}, settings);
        device->start([this](const Observation& seen) { observations.push_back(seen); });
        until([this] { return server.port() != 0; });
    }
    unsigned push(const Push& what) {
        std::optional<unsigned> status;
        JsonPusher{main, server.port()}.push(what, [&](unsigned got) { status = got; });
        until([&] { return status.has_value(); });
        return *status;
    }
    void until(const std::function<bool()>& so) {
        const auto give_up = clock.now().instant + 30s;
        while (!so()) {
            REQUIRE(clock.now().instant < give_up);
            main.restart();
            main.run_one_for(5ms);
        }
    }
    template <class What>
    [[nodiscard]] std::vector<What> all() const {
        std::vector<What> found;
        for (const auto& seen : observations) {
            if (const auto* what = std::get_if<What>(&seen.what)) {
                found.push_back(*what);
            }
        }
        return found;
    }

    boost::asio::io_context main;
    runtime::SystemClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    InputImage image;
    PushServer server;
    HttpPushSettings settings;
    std::unique_ptr<HttpPush> device;
    std::vector<Observation> observations;
};

constexpr const char* good = R"({"result":{"plate":"沪A12345"},"confidence":97,"time":"2026-11-23T09:00:00"})";

}  // namespace

TEST_CASE("a pushed text is read by the profile's pointers") {
    const auto reading = pushed_reading(good, plates());
    REQUIRE(reading);
    REQUIRE(*reading);
    CHECK((*reading)->raw == "沪A12345");
    CHECK((*reading)->confidence == 97);
    CHECK((*reading)->device_time == "2026-11-23T09:00:00");

    const auto unread = pushed_reading(R"({"result":{"plate":"none"}})", plates());
    REQUIRE(unread);
    CHECK((*unread)->raw.empty());
    CHECK_FALSE((*unread)->confidence);

    const auto alive = pushed_reading(R"({"alive":true})", plates());
    REQUIRE(alive);
    CHECK_FALSE(*alive);
}

TEST_CASE("a pointer names members and places of lists") {
    auto meaning = plates();
    meaning.fields = {"/a~1b/1/~0", "", "", ""};
    const auto reading = pushed_reading(R"({"x":[1,[2],{}],"a/b":[{"~":"no"},{"~":"yes","z":[]}]})", meaning);
    REQUIRE(reading);
    CHECK((*reading)->raw == "yes");
}

TEST_CASE("a pushed text that is not what it should be is refused by kind") {
    CHECK(kind_of_failure(good) == "good");
    CHECK(kind_of_failure("") == "json");
    CHECK(kind_of_failure("{") == "json");
    CHECK(kind_of_failure(std::string{good} + "x") == "json");
    CHECK(kind_of_failure("{\"result\":{\"plate\":\"\xA7\"}}") == "json");
    CHECK(kind_of_failure(R"({"result":{"plate":"A"},"result":{"plate":"B"}})") == "json");
    CHECK(kind_of_failure(std::string(40, '[') + std::string(40, ']')) == "json");
    CHECK(kind_of_failure(R"({"plate":"A"})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":null}})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":["A"]}})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":"A\u0000B"}})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":"A"},"confidence":101})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":"A"},"confidence":"high"})") == "pattern");
    CHECK(kind_of_failure(R"({"result":{"plate":")" + std::string(257, 'A') + R"("}})") == "pattern");
}

TEST_CASE("a reader that pushes is online with its first good push") {
    PushRig rig;
    rig.start();
    CHECK_FALSE(rig.device->view().state);
    CHECK(rig.push({.body = good}) == 204);
    CHECK(rig.device->view().state == DeviceState::online);
    REQUIRE(rig.all<Reading>().size() == 1);
    CHECK(rig.all<Reading>().front().raw == "沪A12345");
    CHECK(rig.push({.body = R"({"alive":true})"}) == 204);
    CHECK(rig.all<Reading>().size() == 1);
}

TEST_CASE("what is refused is answered with a reason, counted, and changes nothing") {
    PushRig rig;
    rig.start();
    CHECK(rig.push({.body = "{"}) == 400);
    CHECK(rig.push({.body = "{}"}) == 422);
    CHECK(rig.push({.body = good, .type = "text/xml"}) == 415);
    CHECK(rig.push({.body = good, .method = "PUT"}) == 405);
    CHECK(rig.push({.body = std::string(PushServer::largest_body + 1, ' ')}) == 413);
    CHECK(rig.device->view().bad_frames == 5);
    CHECK(rig.push({.path = "/lpr/rear", .body = good}) == 404);
    CHECK(rig.push({.body = good, .cut = true}) == 0);
    rig.until([&] { return rig.device->view().bad_frames == 6; });
    CHECK(rig.all<Reading>().empty());
    CHECK_FALSE(rig.device->view().state);
    CHECK(rig.push({.body = good}) == 204);
}

TEST_CASE("where credentials are set, nobody pushes without them") {
    PushRig rig{{"reader", "of plates"}};
    rig.start();
    CHECK(rig.push({.body = good}) == 401);
    CHECK(rig.push({.body = good, .authorization = basic_authorization({"reader", "of plate"})}) == 401);
    CHECK(rig.all<Reading>().empty());
    CHECK(rig.push({.body = good, .authorization = basic_authorization({"reader", "of plates"})}) == 204);
    CHECK(rig.all<Reading>().size() == 1);
}

TEST_CASE("a reader with signs of life is offline when they end") {
    PushRig rig;
    rig.settings.silent_after = 100ms;
    rig.start();
    CHECK(rig.push({.body = R"({"alive":1})"}) == 204);
    CHECK(rig.device->view().state == DeviceState::online);
    rig.until([&] { return rig.device->view().state == DeviceState::offline; });
}

TEST_CASE("out of service by hand nothing is taken, and afterwards it is again") {
    PushRig rig;
    rig.start();
    CHECK(rig.push({.body = good}) == 204);
    rig.device->disable();
    CHECK(rig.push({.body = good}) == 0);
    rig.device->enable();
    rig.until([&] { return rig.push({.body = good}) == 204; });
    CHECK(rig.all<Reading>().size() == 2);
}

TEST_CASE("an address that is taken is told of, and taken when it is free") {
    PushRig rig;
    boost::asio::io_context context;
    auto taken = std::make_unique<boost::asio::ip::tcp::acceptor>(
        context, boost::asio::ip::tcp::endpoint{boost::asio::ip::address_v4::loopback(), 0});
    PushServer server{{"127.0.0.1", taken->local_endpoint().port()}, {}, rig.main, rig.clock};
    HttpPush device{server, {DeviceName{"lpr"}, rig.main, rig.clock, rig.log, rig.image}, rig.settings};
    device.start([](const Observation&) {});
    rig.until([&] { return device.view().state == DeviceState::offline; });
    CHECK_THAT(device.view().cause, testing::contains_text("cannot listen at 127.0.0.1:"));
    taken.reset();
    rig.until([&] { return server.port() != 0; });
    device.stop();
}

}  // namespace portcullis::drivers
