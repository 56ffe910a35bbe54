#include "drivers/transport/modbus_tcp_link.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "drivers/modbus_write.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/modbus_stub.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace std::chrono_literals;
using portcullis::testing::Bytes;
using portcullis::testing::contains_text;
using portcullis::testing::ModbusStub;
using Act = ModbusStub::Act;
using Reply = ModbusStub::Reply;

namespace {

constexpr auto timeout = 1000ms;

struct Rig {
    ModbusStub stub;
    runtime::SystemClock clock;
    ModbusTcpLink link{{"127.0.0.1", stub.port()}, clock};
    ModbusRequest read_four{.unit = 1, .function = ModbusFunction::read_coils, .address = 0, .operand = 4};

    [[nodiscard]] std::vector<std::string> kinds() {
        std::vector<std::string> kinds;
        for (const auto& frame : link.take_bad_frames()) {
            kinds.emplace_back(frame.kind);
        }
        return kinds;
    }
};

/// Answers the first request with `first` and every later one honestly.
ModbusStub::Script only_first(const std::function<Reply(Bytes)>& first) {
    return [first, done = false](const Bytes&, const Bytes& honest) mutable {
        return std::exchange(done, true) ? Reply{Act::send, honest} : first(honest);
    };
}

}  // namespace

TEST_CASE("a link asks, and keeps its connection while all is well") {
    Rig rig;
    rig.stub.set_bit(2, true);
    for (int i = 0; i < 3; ++i) {
        const auto answer = rig.link.exchange(rig.read_four, timeout);
        REQUIRE(answer);
        CHECK(answer->values.bits == std::vector<bool>{false, false, true, false});
        CHECK(answer->connection == 1);
    }
    CHECK(rig.stub.connections() == 1);
}

TEST_CASE("a frame that is no answer is counted, closes the connection, and changes nothing else") {
    struct Case {
        const char* kind;
        std::function<Reply(Bytes)> wrong;
    };
    const auto with = [](std::size_t at, std::uint8_t value) {
        return [at, value](Bytes frame) {
            frame.at(at) = value;
            return Reply{Act::send, frame};
        };
    };
    const auto wrong = GENERATE_COPY(values<Case>({{"late", with(1, 0xEE)},
                                                   {"protocol", with(2, 0x12)},
                                                   {"length", with(5, 9)},
                                                   {"unit", with(6, 8)},
                                                   {"function", with(7, 2)}}));
    CAPTURE(wrong.kind);
    Rig rig;
    rig.stub.script(only_first(wrong.wrong));
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ModbusFault::Kind::no_answer);
    CHECK(rig.kinds() == std::vector<std::string>{wrong.kind});

    CHECK(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.stub.connections() == 2);
    CHECK(rig.kinds().empty());
}

TEST_CASE("an answer of another size is refused") {
    Rig rig;
    rig.stub.script(only_first([](const Bytes& honest) {
        return Reply{Act::send, Bytes{honest[0], honest[1], 0, 0, 0, 5, 1, 1, 2, 0, 0}};
    }));
    CHECK_FALSE(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.kinds() == std::vector<std::string>{"count"});
}

TEST_CASE("an answer to an earlier question never meets a later one") {
    Rig rig;
    Bytes earlier;
    rig.stub.set_bit(0, true);
    rig.stub.script([&earlier](const Bytes&, const Bytes& honest) {
        if (earlier.empty()) {
            earlier = honest;
            return Reply{Act::silence, {}};
        }
        auto both = earlier;  // the late one, and then the right one
        both.insert(both.end(), honest.begin(), honest.end());
        return Reply{Act::send, both};
    });
    CHECK_FALSE(rig.link.exchange(rig.read_four, timeout));
    rig.stub.set_bit(0, false);
    CHECK_FALSE(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.kinds() == std::vector<std::string>{"late"});
    rig.stub.honest();
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE(answer);
    CHECK_FALSE(answer->values.bits.front());
}

TEST_CASE("an answer that comes twice is told before the next question") {
    Rig rig;
    rig.stub.script(only_first([](Bytes honest) {
        honest.insert(honest.end(), honest.begin(), honest.end());
        return Reply{Act::send, honest};
    }));
    CHECK(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.kinds() == std::vector<std::string>{"late"});
    CHECK(rig.stub.connections() == 2);
}

TEST_CASE("silence, a slow drip and a reset end within the time-out and are told apart from a refusal") {
    const auto act = GENERATE(Act::silence, Act::drip, Act::close, Act::reset);
    Rig rig;
    rig.stub.script([act](const Bytes&, Bytes honest) {
        honest.resize(200, 0);
        honest[5] = 194;
        honest[8] = 191;
        return Reply{act, honest};
    });
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ModbusFault::Kind::no_answer);
    rig.stub.honest();
    CHECK(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.stub.connections() == 2);
}

TEST_CASE("a drip does not stretch the time-out byte by byte") {
    Rig rig;
    rig.stub.script([](const Bytes&, const Bytes& honest) { return Reply{Act::drip, honest}; });
    // 10 bytes, 20 ms apart, outlast 100 ms; a byte time-out of the usual 500 ms would have let them pass.
    const auto answer = rig.link.exchange(rig.read_four, 100ms);
    REQUIRE_FALSE(answer);
    CHECK_THAT(answer.error().cause, contains_text("no answer within 100 ms"));
}

TEST_CASE("a device's refusal is an answer: the connection stays") {
    Rig rig;
    rig.stub.script([](const Bytes& request, const Bytes&) {
        return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x81, 2}};
    });
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ModbusFault::Kind::exception);
    CHECK_THAT(answer.error().cause, contains_text("02 illegal data address"));
    CHECK_FALSE(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.stub.connections() == 1);
}

TEST_CASE("a gateway that has no answer of its device is no word of the device") {
    const auto code = GENERATE(std::uint8_t{0x0A}, std::uint8_t{0x0B});
    Rig rig;
    rig.stub.script([code](const Bytes& request, const Bytes&) {
        return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x81, code}};
    });
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ModbusFault::Kind::no_answer);
    CHECK_THAT(answer.error().cause, contains_text("refused by the gateway"));
    CHECK_FALSE(rig.link.exchange(rig.read_four, timeout));
    CHECK(rig.stub.connections() == 1);  // the gateway itself answers well
}

TEST_CASE("nobody there is said with the endpoint and the cause") {
    Rig rig;
    rig.stub.go_away();
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().kind == ModbusFault::Kind::not_sent);
    CHECK_THAT(answer.error().cause, contains_text("127.0.0.1:") && contains_text("Connection refused"));
}

TEST_CASE("a descriptor that select() cannot hold is refused, and does not abort the process") {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    if (before.rlim_max < 1100) {
        WARN("not tested: this system allows fewer than 1100 open files");
        return;
    }
    rlimit more = before;
    more.rlim_cur = 1100;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &more) == 0);
    Rig rig;
    std::vector<int> taken;
    while (taken.empty() || taken.back() < 1023) {
        taken.push_back(::dup(STDERR_FILENO));
        REQUIRE(taken.back() >= 0);
    }
    const auto answer = rig.link.exchange(rig.read_four, timeout);
    for (const int descriptor : taken) {
        ::close(descriptor);
    }
    CHECK(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    REQUIRE_FALSE(answer);
    CHECK_THAT(answer.error().cause, contains_text("too many open files"));
    CHECK(rig.link.exchange(rig.read_four, timeout));
}

// ---- writes

namespace {

const PointRef arm_loop{DeviceName{"io"}, PointName{"di1"}};

struct WriteRig : Rig {
    InputImage image;
    InputImage::Cell& loop = image.add(arm_loop, 500ms);
    CoilWrite write{.unit = 1,
                    .coil = 16,
                    .readback = 16,
                    .on = true,
                    .pulse = {},
                    .proof = {},
                    .timeout = timeout,
                    .not_after = clock.now().instant + 1h,
                    .must_be_clear = {},
                    .withdrawn = {}};

    [[nodiscard]] CoilWritten run() { return write_and_read_back(link, write, clock, image); }
    void see(Signal signal) {
        loop.store(signal, clock.now().instant);
        loop.store(signal, clock.now().instant);
    }
    [[nodiscard]] std::size_t writes() {
        const auto requests = stub.requests();
        return static_cast<std::size_t>(
            std::count_if(requests.begin(), requests.end(), [](const Bytes& request) { return request[7] == 5; }));
    }
};

}  // namespace

TEST_CASE("a write is done when it is read back") {
    WriteRig rig;
    const auto written = rig.run();
    CHECK(written.outcome == WriteOutcome::done);
    CHECK(written.read == true);
    CHECK(rig.stub.bit(16));
    CHECK(rig.stub.requests().size() == 2);
}

TEST_CASE("a write after its time is not made") {
    WriteRig rig;
    rig.write.not_after = rig.clock.now().instant - 1ms;
    CHECK(rig.run().outcome == WriteOutcome::expired);
    CHECK(rig.writes() == 0);
}

TEST_CASE("a write whose arm is not freshly clear is withdrawn") {
    WriteRig rig;
    rig.write.must_be_clear = {arm_loop};
    CHECK(rig.run().outcome == WriteOutcome::withdrawn);  // never read
    rig.see(Signal::on);
    CHECK(rig.run().outcome == WriteOutcome::withdrawn);
    rig.see(Signal::unknown);
    CHECK(rig.run().outcome == WriteOutcome::withdrawn);
    CHECK(rig.writes() == 0);
    rig.see(Signal::off);
    CHECK(rig.run().outcome == WriteOutcome::done);
    CHECK(rig.writes() == 1);
}

TEST_CASE("a write that was taken back is not made") {
    WriteRig rig;
    const auto withdrawn = std::make_shared<std::atomic<bool>>(false);
    rig.write.withdrawn = withdrawn;
    CHECK(rig.run().outcome == WriteOutcome::done);
    *withdrawn = true;
    CHECK(rig.run().outcome == WriteOutcome::withdrawn);
    CHECK(rig.writes() == 1);
}

TEST_CASE("a write without an answer is unknown and is not tried again") {
    WriteRig rig;
    rig.stub.script([](const Bytes&, const Bytes&) { return Reply{Act::silence, {}}; });
    const auto written = rig.run();
    CHECK(written.outcome == WriteOutcome::unknown);
    CHECK(written.may_have_acted());
    CHECK(rig.writes() == 1);
}

TEST_CASE("a write that the device refuses has failed, and nothing has moved") {
    WriteRig rig;
    rig.stub.script([](const Bytes& request, const Bytes&) {
        return Reply{Act::send, Bytes{request[0], request[1], 0, 0, 0, 3, request[6], 0x85, 4}};
    });
    const auto written = rig.run();
    CHECK(written.outcome == WriteOutcome::failed);
    CHECK_FALSE(written.may_have_acted());
}

TEST_CASE("a write that reads back otherwise has failed, and one that is not read back is unknown") {
    WriteRig rig;
    rig.write.readback = 17;
    CHECK(rig.run().outcome == WriteOutcome::failed);
    rig.stub.script([](const Bytes& request, const Bytes& honest) {
        return request[7] == 5 ? Reply{Act::send, honest} : Reply{Act::silence, {}};
    });
    const auto written = rig.run();
    CHECK(written.outcome == WriteOutcome::unknown);
    CHECK_THAT(written.cause, contains_text("not read back"));
}

TEST_CASE("nothing is sent to a device that is not there") {
    WriteRig rig;
    rig.stub.go_away();
    const auto written = rig.run();
    CHECK(written.outcome == WriteOutcome::failed);
    CHECK_FALSE(written.may_have_acted());
}
