// A portal monitor on a stream: what only the connection can say. Records and their edges are recordings.
#include <algorithm>

#include "drivers/radiation/occupancy_teller.hpp"
#include "drivers/radiation/tsa_line.hpp"
#include "stream_replay.hpp"
#include "yaml.hpp"

using namespace std::chrono_literals;

namespace portcullis::drivers {

namespace {

std::vector<std::uint8_t> line_of(std::string text) {
    text += "\r\n";
    return {text.begin(), text.end()};
}

struct Tsa {
    Tsa() {
        give("NB,000002,000002,000002,000002");
        give("GB,000188,000206,000262,000243");
    }
    void give(const std::string& text) { replay.give(line_of(text)); }
    [[nodiscard]] std::string last() const { return replay.told().back(); }

    boost::asio::io_context context;
    testing::ManualClock clock;
    testing::StreamReplay replay{context, clock, testing::yaml("{}"),
                                 testing::yaml_file("config/profiles/tsa-portal-lines.yaml")};
};

}  // namespace

TEST_CASE(
    "a connection that breaks in an occupancy leaves it incomplete, and nothing is monitored until a background") {
    Tsa monitor;
    monitor.give("GS,000036,000040,000050,000047");
    monitor.replay.stream().events.lost("connection reset", monitor.clock.now().instant);
    const auto told = monitor.replay.told();
    REQUIRE(told.size() >= 3);
    CHECK(told[told.size() - 3] == "offline");
    CHECK(told[told.size() - 2] == "occupancy incomplete background 899 offline");
    CHECK(told.back() == "not_monitored offline");
    monitor.replay.stream().events.opened(monitor.clock.now().instant);
    CHECK(monitor.last() == "not_monitored no_background_yet");
    monitor.give("GS,000036,000040,000050,000047");
    monitor.give("GX,000017,004741,000000,000000");
    CHECK(monitor.last() == "occupancy not_monitored");
}

TEST_CASE("a monitor that was opened stays so over a broken connection, until it says that it is closed") {
    Tsa monitor;
    monitor.give("TT,000000,000000,000000,000000");
    REQUIRE(monitor.last() == "not_monitored tamper");
    monitor.replay.lose("connection reset");
    monitor.replay.open();
    const auto before = static_cast<std::ptrdiff_t>(monitor.replay.told().size());
    monitor.give("NB,000002,000002,000002,000002");
    monitor.give("GB,000188,000206,000262,000243");
    const auto told = monitor.replay.told();
    CHECK(std::count(told.begin() + before, told.end(), "monitored") == 0);
    monitor.give("GS,000036,000040,000050,000047");
    monitor.give("GX,000017,004741,000000,000000");
    CHECK(monitor.last() == "occupancy not_monitored background 899");
    monitor.give("TC,111111,111111,111111,111111");
    const auto after = monitor.replay.told();
    CHECK(std::count(after.begin() + static_cast<std::ptrdiff_t>(told.size()), after.end(), "monitored") == 1);
}

TEST_CASE("an alarm is an alarm though its end was lost") {
    Tsa monitor;
    monitor.give("GA,000081,000097,000110,000102");
    testing::pass(monitor.context, monitor.clock, 3s);
    CHECK(monitor.last() == "occupancy gamma background 899 end_not_seen");
}

TEST_CASE("an end without a begin is incomplete") {
    Tsa monitor;
    monitor.give("GX,000017,004741,000000,000000");
    CHECK(monitor.last() == "occupancy incomplete background 899 begin_not_seen");
}

TEST_CASE("the daemon does not decide: counts without GA or NA are no alarm, whatever they are") {
    Tsa monitor;
    for (int i = 0; i < 6; ++i) {
        monitor.give("GS,009000,009000,009000,009000");
    }
    monitor.give("GX,000017,004741,000000,000000");
    CHECK(monitor.last() == "occupancy clean gamma 180000 background 899");
}

TEST_CASE("records of a portal monitor are read whole, or refused with why") {
    const auto read = [](const std::string& text) {
        const std::vector<std::uint8_t> bytes{text.begin(), text.end()};
        const auto line = read_tsa_line(bytes);
        return line ? std::string{"good"} : std::string{line.error()};
    };
    CHECK(read("GB,0188,00206,000262,0243") == "good");
    CHECK(read("SP,0.2249,03.032,004.88,000000") == "good");
    CHECK(read("SG1,000100,5,x,000000") == "good");
    CHECK(read("GB,188,000206,000262,000243") == "digits");
    CHECK(read("GB,0000188,000206,000262,000243") == "digits");
    CHECK(read("GB,-00188,000206,000262,000243") == "digits");
    CHECK(read("GB,000188,000206,000262,000243,12-00-05.123") == "count");
    CHECK(read("GB,000188,000206,000262") == "count");
    CHECK(read("gb,000188,000206,000262,000243") == "tag");
    CHECK(read("SP,0.2249,03.032,009.88,000000") == "range");
    CHECK(read("") == "count");
}

}  // namespace portcullis::drivers
