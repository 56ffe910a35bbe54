#include "drivers/http_camera/http_camera.hpp"

#include "device_rig.hpp"
#include "simulators/devices/http_camera.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::drivers {
namespace {

using simulators::CameraAccess;
using simulators::HttpCameraServer;
using namespace std::chrono_literals;

/// One camera on a real socket.
class CameraRig {
public:
    explicit CameraRig(CameraAccess access,
                       Credential credential = {HttpCameraServer::user, HttpCameraServer::password})
        : server(main, 0, access) {
        settings.path = HttpCameraServer::path;
        settings.basic = access == CameraAccess::basic;
        settings.limits.answer = 400ms;
        settings.limits.body = 400ms;
        settings.limits.most = std::size_t{1024} * 1024;
        credential_ = std::move(credential);
    }
    ~CameraRig() {
        if (camera) {
            camera->stop();
        }
    }
    CameraRig(const CameraRig&) = delete;
    CameraRig& operator=(const CameraRig&) = delete;

    void start() {
        camera = std::make_unique<HttpCamera>(Endpoint{"127.0.0.1", server.port()}, credential_,
                                              DeviceContext{DeviceName{"cam"}, main, clock, log, image}, settings);
        camera->start([this](const Observation& seen) { observations.push_back(seen); });
    }
    /// Until the first still, or the lack of it, showed whether it is there.
    void settle() {
        until([this] { return camera->view().state.has_value(); });
    }
    void capture(std::uint8_t passage, std::chrono::milliseconds within = 5s) {
        camera->capture({PassageId{{passage}}, clock.now().instant + within});
    }
    [[nodiscard]] std::vector<std::pair<Picture, Instant>> pictures() const {
        std::vector<std::pair<Picture, Instant>> found;
        for (const auto& seen : observations) {
            if (const auto* picture = std::get_if<Picture>(&seen.what)) {
                found.emplace_back(*picture, seen.at);
            }
        }
        return found;
    }
    /// The newest answer.
    Picture answer() {
        const auto before = pictures().size();
        until([&] { return pictures().size() > before; });
        return pictures().back().first;
    }
    void until(const std::function<bool()>& so) {
        const auto give_up = clock.now().instant + 30s;
        while (!so()) {
            REQUIRE(clock.now().instant < give_up);
            main.restart();
            main.run_one_for(5ms);
        }
    }
    void pass(std::chrono::milliseconds time) {
        const auto end = clock.now().instant + time;
        until([&] { return clock.now().instant >= end; });
    }

    boost::asio::io_context main;
    runtime::SystemClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    InputImage image;
    HttpCameraServer server;
    HttpCameraSettings settings;
    std::unique_ptr<HttpCamera> camera;
    std::vector<Observation> observations;

private:
    Credential credential_;
};

}  // namespace

TEST_CASE("a camera gives a picture to the passage that asks, whatever way it wants its password") {
    for (const auto access :
         {CameraAccess::open, CameraAccess::basic, CameraAccess::digest_md5, CameraAccess::digest_sha256}) {
        CameraRig rig{access};
        rig.start();
        rig.settle();
        CHECK(rig.camera->view().state == DeviceState::online);
        rig.server.scene("truck-1");
        const auto asked_after = rig.clock.now().instant;
        rig.capture(1);
        const auto picture = rig.answer();
        CHECK(picture.missing.empty());
        CHECK(picture.passage == PassageId{{1}});
        CHECK(picture.kind == "jpeg");
        REQUIRE(picture.bytes);
        CHECK(simulators::words_of_picture(*picture.bytes).starts_with("truck-1 #"));
        CHECK(picture.size == static_cast<std::int64_t>(picture.bytes->size()));
        CHECK(picture.asked >= asked_after);
        CHECK(rig.pictures().back().second >= picture.asked);
    }
}

TEST_CASE("the nonce is used again, so that a picture costs one request") {
    CameraRig rig{CameraAccess::digest_sha256};
    rig.start();
    rig.settle();
    const auto before = rig.server.counts();
    for (std::uint8_t passage = 1; passage <= 5; ++passage) {
        rig.capture(passage);
        CHECK(rig.answer().missing.empty());
    }
    CHECK(rig.server.counts().requests - before.requests == 5);
    CHECK(rig.server.counts().refused == before.refused);

    SECTION("a nonce that is too old costs one more, and locks nothing") {
        rig.server.new_nonce();
        rig.capture(6);
        CHECK(rig.answer().missing.empty());
        CHECK(rig.server.counts().requests - before.requests == 7);
    }
}

TEST_CASE("a wrong password is shown once, and then not for a minute: cameras lock accounts") {
    for (const auto access : {CameraAccess::basic, CameraAccess::digest_md5}) {
        CameraRig rig{access, {"gate", "a slip of the pen"}};
        rig.start();
        rig.settle();
        CHECK(rig.camera->view().state == DeviceState::offline);
        CHECK_THAT(rig.camera->view().cause, testing::contains_text("refuses user and password"));
        const auto requests = rig.server.counts().requests;
        for (std::uint8_t passage = 1; passage <= 5; ++passage) {
            rig.capture(passage);
            CHECK(rig.answer().missing == "refused");
        }
        CHECK(rig.server.counts().requests == requests);
    }
}

TEST_CASE("a password goes over the line as it is only where the profile says so") {
    CameraRig rig{CameraAccess::basic};
    rig.settings.basic = false;
    rig.start();
    rig.capture(1);
    CHECK(rig.answer().missing == "refused");
    CHECK(rig.server.counts().pictures == 0);
}

TEST_CASE("what is no picture is none") {
    CameraRig rig{CameraAccess::open};
    rig.start();
    rig.settle();
    auto& faults = rig.server.faults;
    std::string cause;
    const auto expect = [&](const char* word) {
        rig.capture(1);
        CHECK(rig.answer().missing == word);
        CHECK(rig.camera->view().state == DeviceState::offline);
        faults = {};
    };
    SECTION("a page of text") {
        faults.text = true;
        expect("not_a_picture");
    }
    SECTION("other bytes under a picture's name") {
        faults.not_jpeg = true;
        expect("not_a_picture");
        CHECK(rig.camera->view().bad_frames == 1);
    }
    SECTION("half of one") {
        faults.cut = true;
        expect("cut");
    }
    SECTION("one that is too large") {
        faults.huge = true;
        expect("too_large");
    }
    SECTION("an old one out of a cache") {
        faults.cached = true;
        expect("repeated");
    }
    SECTION("a pointer to elsewhere is not followed") {
        faults.redirect = true;
        expect("refused");
    }
    SECTION("a server that is busy") {
        faults.status = 503;
        expect("refused");
    }
    SECTION("nothing at all") {
        faults.mute = true;
        expect("timeout");
    }
    rig.capture(2);
    CHECK(rig.answer().missing.empty());
    CHECK(rig.camera->view().state == DeviceState::online);
}

TEST_CASE("a newer trigger ends the one before it: no later picture answers for an earlier passage") {
    CameraRig rig{CameraAccess::open};
    rig.start();
    rig.settle();
    rig.server.faults.delay = 200ms;
    rig.server.scene("truck-1");
    rig.capture(1);
    rig.pass(50ms);
    rig.server.scene("truck-2");
    rig.capture(2);
    rig.until([&] { return rig.pictures().size() == 2; });
    const auto first = rig.pictures()[0].first;
    const auto second = rig.pictures()[1].first;
    CHECK(first.passage == PassageId{{1}});
    CHECK(first.missing == "overtaken");
    CHECK(second.passage == PassageId{{2}});
    REQUIRE(second.bytes);
    CHECK(simulators::words_of_picture(*second.bytes).starts_with("truck-2"));
    rig.pass(300ms);
    CHECK(rig.pictures().size() == 2);  // each is answered once
}

TEST_CASE("a picture that is later than its trigger allows is none") {
    CameraRig rig{CameraAccess::open};
    rig.start();
    rig.settle();
    rig.server.faults.delay = 300ms;
    rig.capture(1, 100ms);
    CHECK(rig.answer().missing == "timeout");
    rig.pass(400ms);
    CHECK(rig.pictures().size() == 1);
}

TEST_CASE("a camera that is not there is offline, is looked for with a back-off, and answers at once") {
    auto rig = std::make_unique<CameraRig>(CameraAccess::open);
    const auto closed = [] {
        boost::asio::io_context context;
        const boost::asio::ip::tcp::acceptor taken{context, {boost::asio::ip::address_v4::loopback(), 0}};
        return taken.local_endpoint().port();
    }();
    HttpCamera camera{
        {"127.0.0.1", closed}, {}, {DeviceName{"cam"}, rig->main, rig->clock, rig->log, rig->image}, rig->settings};
    camera.start([&](const Observation& seen) { rig->observations.push_back(seen); });
    rig->until([&] { return camera.view().state == DeviceState::offline; });
    camera.capture({PassageId{{1}}, rig->clock.now().instant + 5s});
    CHECK(rig->answer().missing == "offline");
    camera.stop();
    rig->pass(50ms);
}

TEST_CASE("out of service by hand a camera is asked nothing") {
    CameraRig rig{CameraAccess::open};
    rig.start();
    rig.settle();
    const auto requests = rig.server.counts().requests;
    rig.camera->disable();
    rig.capture(1);
    CHECK(rig.answer().missing == "offline");
    CHECK(rig.server.counts().requests == requests);
    rig.camera->enable();
    rig.settle();
    rig.capture(2);
    CHECK(rig.answer().missing.empty());
}

}  // namespace portcullis::drivers
