#include <string>
#include <vector>

#include "drivers/framing/framing.hpp"
#include "drivers/tag_reader/tag_frame.hpp"
#include "stream_replay.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::ManualClock;
using portcullis::testing::pass;
using portcullis::testing::StreamReplay;
using portcullis::testing::yaml_file;

namespace {

Result<TagFrame, std::string_view> read_hex(TagProtocol protocol, std::string_view hex) {
    return read_tag_frame(protocol, hex_bytes(hex).value());
}

const std::string tag_in_a0 = "A0 13 01 89 04 30 00 E2 00 30 16 66 13 01 21 15 50 74 EF 45 BF";
const std::string end_in_a0 = "A0 0A 01 89 00 00 11 00 00 00 05 B6";

void give_hex(StreamReplay& replay, const std::string& hex) {
    replay.give(hex_bytes(hex).value());
}

}  // namespace

TEST_CASE("frames of the A0 family are told apart by their length") {
    const auto tag = read_hex(TagProtocol::a0, tag_in_a0);
    REQUIRE(tag);
    CHECK(tag->tags == std::vector<TagSeen>{{"E200301666130121155074EF", 0}});
    CHECK_FALSE(tag->ends_round);
    const auto end = read_hex(TagProtocol::a0, end_in_a0);
    REQUIRE(end);
    CHECK(end->ends_round);
    CHECK_FALSE(end->error);
    CHECK(read_hex(TagProtocol::a0, "A0 04 01 89 36 9C")->error == 0x36);
    CHECK(read_hex(TagProtocol::a0, "A0 04 01 74 10 D7").error() == "command");
    CHECK(read_hex(TagProtocol::a0, "A0 09 01 89 04 30 00 E2 00 45 00").error() == "tags");
}

TEST_CASE("frames without a header carry several tags or none, with their antenna where they have one") {
    const auto more = read_hex(TagProtocol::reader18, "13 00 01 03 01 0C 00 00 00 00 00 00 00 00 00 00 03 13 3F 39");
    REQUIRE(more);
    CHECK(more->tags == std::vector<TagSeen>{{"000000000000000000000313", std::nullopt}});
    CHECK_FALSE(more->ends_round);
    const auto strong =
        read_hex(TagProtocol::reader288m, "15 00 01 03 01 01 0C 00 00 00 00 00 00 00 00 00 00 03 13 6B B1 A5");
    REQUIRE(strong);
    CHECK(strong->tags == std::vector<TagSeen>{{"000000000000000000000313", 1}});
    const auto none = read_hex(TagProtocol::reader288m, "07 00 01 01 01 00 1E 4B");
    REQUIRE(none);
    CHECK(none->tags.empty());
    CHECK(none->ends_round);
    CHECK(read_hex(TagProtocol::reader18, "05 00 01 F8 00 00")->antenna_fault);
    CHECK(read_hex(TagProtocol::reader18, "05 00 01 FB 00 00")->error == 0xFB);
    CHECK(read_hex(TagProtocol::reader18, "06 00 01 01 02 00 00").error() == "tags");
    CHECK(read_hex(TagProtocol::reader18, "04 00 21 00 00").error() == "tags");
}

TEST_CASE("an active reader sends tags and signs of life") {
    const auto tag =
        read_hex(TagProtocol::reader288m, "14 00 EE 00 01 0C E2 00 30 16 66 13 01 21 15 50 74 EF 45 50 75");
    REQUIRE(tag);
    CHECK(tag->tags == std::vector<TagSeen>{{"E200301666130121155074EF", 1}});
    const auto alive =
        read_hex(TagProtocol::reader288m, "15 00 EE 28 00 00 00 07 00 00 00 00 00 00 00 01 00 00 00 2A 3A 60");
    REQUIRE(alive);
    CHECK(alive->tags.empty());
    CHECK_FALSE(alive->error);
}

TEST_CASE("frames with CF carry one tag or say that there is none") {
    const auto tag =
        read_hex(TagProtocol::cf, "CF 00 00 01 12 00 FE C0 01 00 0C E2 80 11 60 60 00 02 09 4C 4C 8B 1A 1A 5B");
    REQUIRE(tag);
    CHECK(tag->tags == std::vector<TagSeen>{{"E280116060000209"
                                             "4C4C8B1A",
                                             1}});
    CHECK(read_hex(TagProtocol::cf, "CF 00 00 01 01 12 42 1D")->ends_round);
    CHECK(read_hex(TagProtocol::cf, "CF FF 00 70 00 24 15").error() == "command");
}

TEST_CASE("EPCs of 4 to 62 bytes are tags, others are not") {
    for (const std::size_t length : {3U, 4U, 62U, 63U}) {
        std::vector<std::uint8_t> frame{0xA0, static_cast<std::uint8_t>(length + 7), 1, 0x89, 4, 0x30, 0};
        frame.insert(frame.end(), length, 0xAB);
        frame.insert(frame.end(), 2, 0);
        const auto read = read_tag_frame(TagProtocol::a0, frame);
        const bool told = read && !read->tags.empty();
        CHECK(told == (length == 4 || length == 62));
    }
}

TEST_CASE("a tag that is seen tens of times a second is told once, again while it stays, and anew when it was away") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, testing::yaml("{}"), yaml_file("config/profiles/uhf-a0.yaml")};
    const auto told = [&replay] {
        const auto lines = replay.told();
        return std::count_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("reading"); });
    };
    for (int frame = 0; frame < 100; ++frame) {  // 50 a second, for just under 2 s
        give_hex(replay, tag_in_a0);
        clock.advance(std::chrono::milliseconds{19});
    }
    CHECK(told() == 1);
    clock.advance(std::chrono::milliseconds{200});
    give_hex(replay, tag_in_a0);
    CHECK(told() == 2);
    clock.advance(std::chrono::seconds{5});
    give_hex(replay, tag_in_a0);
    CHECK(told() == 3);
}

TEST_CASE("a reader that is asked is online by its answer, and asked with a back-off when it has none") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, testing::yaml("{}"), yaml_file("config/profiles/uhf-a0.yaml")};
    pass(context, clock, std::chrono::milliseconds{1});
    REQUIRE(replay.stream().sent.size() == 1);
    CHECK_FALSE(replay.device().view().state);
    give_hex(replay, end_in_a0);
    CHECK(replay.device().view().state == DeviceState::online);
    pass(context, clock, std::chrono::milliseconds{200});
    CHECK(replay.stream().sent.size() == 2);  // no answer from now on
    for (int miss = 0; miss < 3; ++miss) {
        pass(context, clock, std::chrono::milliseconds{1000});
        pass(context, clock, std::chrono::milliseconds{400});
    }
    CHECK(replay.device().view().state == DeviceState::offline);
    CHECK(replay.device().view().cause == "no answer");
    CHECK(replay.device().view().errors == 3);
    pass(context, clock, std::chrono::milliseconds{800});
    give_hex(replay, end_in_a0);
    CHECK(replay.device().view().state == DeviceState::online);
}

TEST_CASE("a bad antenna is a fault until no round has told of it for a while") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, testing::yaml("{}"), yaml_file("config/profiles/chafon-uhf-reader18.yaml")};
    const auto frame = [&replay](std::vector<std::uint8_t> body) {
        ConfigProblems problems;
        const auto framing = read_framing(yaml_file("config/profiles/chafon-uhf-reader18.yaml"), problems);
        body.insert(body.begin(), 0);
        replay.give(framed(framing, body));
    };
    frame({0, 1, 1, 0});
    CHECK(replay.device().view().state == DeviceState::online);
    frame({0, 1, 0xF8});
    CHECK(replay.device().view().state == DeviceState::fault);
    CHECK(replay.device().view().cause == "antenna");
    frame({0, 1, 1, 0});
    CHECK(replay.device().view().state == DeviceState::fault);
    clock.advance(std::chrono::seconds{11});
    frame({0, 1, 1, 0});
    CHECK(replay.device().view().state == DeviceState::online);
}
