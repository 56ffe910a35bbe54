// A message sign: what goes over the wire, when, and what never does.
#include "drivers/line_sign/line_sign.hpp"

#include "stream_replay.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::ManualClock;
using portcullis::testing::pass;
using portcullis::testing::StreamReplay;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;
using namespace std::chrono_literals;

namespace {

const char* const plain_sign = R"(
product: Sign
driver: line_sign
source: layout of this project
verified: []
framing: { end: "0A" }
content: "{text}"
forbidden: "<>"
longest: 10
)";

LineSignSettings settings_of(const ConfigNode& profile) {
    ConfigProblems problems;
    auto settings = read_line_sign_settings(profile, problems);
    REQUIRE(problems.empty());
    return settings;
}

std::string first_fault(const std::string& profile) {
    ConfigProblems problems;
    (void)read_line_sign_settings(yaml(profile), problems);
    return problems.empty() ? "" : problems.all().front().message();
}

std::string last_sent(const StreamReplay& replay) {
    const auto& bytes = replay.stream().sent.back();
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("the frames of the manuals come out byte for byte") {
    const auto frame = [](const std::string& profile) {
        const auto bytes =
            sign_frame(settings_of(yaml_file("config/profiles/" + profile + ".yaml")), {"STOP", SignColour::red});
        return std::string{bytes.begin(), bytes.end()};
    };
    CHECK(frame("ledmsg-line") == "![000STOP]");
    CHECK(frame("am03127") == "<ID01><L1><PA><FE><MA><WC><FE>STOP6C<E>");
    CHECK(frame("fds-mled") ==
          "\x02"
          "13STOP\n");
}

TEST_CASE("a text cannot command the sign, and is cut between characters") {
    const auto sign = settings_of(yaml(plain_sign));
    CHECK(shown_as(sign, "<ID01>A\x02\x1B\x7F") == " ID01 A   ");
    CHECK(shown_as(sign, "0123456789ABC") == "0123456789");
    CHECK(shown_as(sign, "停车 GO") == "   GO");
    CHECK(shown_as(sign, "\xFF\xFE").empty());  // no text at all
    auto chinese = sign;
    chinese.encoding = SignEncoding::gbk;
    CHECK(shown_as(chinese, "请等人工处理") == "请等人工处");
    chinese.longest = 9;
    CHECK(shown_as(chinese, "请等人工处理") == "请等人工");
}

TEST_CASE("the newest text wins: what is older never goes out") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, yaml("{}"), yaml(plain_sign)};
    replay.show({"ONE", SignColour::red});
    for (const auto* text : {"TWO", "THREE", "FOUR"}) {
        replay.show({text, SignColour::red});
    }
    CHECK(replay.stream().sent.size() == 1);
    pass(context, clock, 200ms);
    REQUIRE(replay.stream().sent.size() == 2);
    CHECK(last_sent(replay) == "FOUR\n");
    replay.show({"FOUR", SignColour::red});
    pass(context, clock, 200ms);
    CHECK(replay.stream().sent.size() == 2);  // nothing new
}

TEST_CASE("a text is told again after a reconnect, and online is only what went out in this connection") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, yaml("{}"), yaml(plain_sign)};
    CHECK_FALSE(replay.device().view().state);  // connected, and nothing was shown
    replay.show({"STOP", SignColour::red});
    CHECK(replay.device().view().state == DeviceState::online);
    replay.lose("cable");
    CHECK(replay.device().view().state == DeviceState::offline);
    replay.show({"GO", SignColour::green});
    CHECK(replay.stream().sent.size() == 1);
    replay.open();
    REQUIRE(replay.stream().sent.size() == 2);
    CHECK(last_sent(replay) == "GO\n");
    CHECK(replay.device().view().state == DeviceState::online);
}

TEST_CASE("a line that takes nothing is tried again, and not in a loop") {
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay replay{context, clock, yaml("{}"), yaml(plain_sign)};
    replay.refuse_writes(true);
    replay.show({"STOP", SignColour::red});
    CHECK(replay.device().view().errors == 1);
    pass(context, clock, 500ms);
    CHECK(replay.device().view().errors == 2);
    replay.refuse_writes(false);
    pass(context, clock, 500ms);
    REQUIRE(replay.stream().sent.size() == 1);
    CHECK(last_sent(replay) == "STOP\n");
}

TEST_CASE("a profile of a sign that cannot work says why") {
    const std::string head = "product: S\nsource: s\nverified: []\ndriver: line_sign\nframing: { end: \"0A\" }\n";
    CHECK_THAT(first_fault(head + "content: abc\n"), testing::contains_text("no place for the text"));
    CHECK_THAT(first_fault(head + "content: \"{colour}{text}\"\n"), testing::contains_text("stands for a colour"));
    CHECK_THAT(first_fault(head + "content: \"{text}\"\ncolours: { red: R, amber: Y, green: G }\n"),
               testing::contains_text("no place for the colour"));
    CHECK_THAT(first_fault(head + "content: \"{text}\"\nencoding: latin\n"), testing::contains_text("encoding"));
    CHECK(first_fault(head + "content: \"{text}\"\n").empty());
}
