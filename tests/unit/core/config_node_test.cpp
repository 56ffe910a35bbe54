#include "core/config_node.hpp"

#include "core/vocabulary.hpp"
#include "tests/support/catch.hpp"

namespace portcullis {
namespace {

using namespace std::chrono_literals;

ConfigNode value(std::string text, int line = 1, int column = 1) {
    return ConfigNode::scalar({"gate.yaml", line, column}, "key", std::move(text));
}

/// The only problem there is.
std::string only(const ConfigProblems& problems) {
    REQUIRE(problems.all().size() == 1);
    return problems.all().front().message();
}

std::string problem_of_integer(const char* text) {
    ConfigProblems problems;
    CHECK(value(text).integer(problems, 1, 99) == 1);
    return only(problems);
}

std::string problem_of_duration(const char* text) {
    ConfigProblems problems;
    CHECK(value(text).duration(problems, 1ms, 1h) == 1ms);
    return only(problems);
}

}  // namespace

TEST_CASE("a problem names file, line, column, path, what is wrong and what to do") {
    const ConfigProblem problem{{"gate.yaml", 7, 3}, "lanes.out-1", "it is wrong", "mend it"};
    CHECK(problem.message() == "gate.yaml:7:3: lanes.out-1: it is wrong; mend it");
    CHECK(ConfigProblem{{"gate.yaml", 0, 0}, "", "it is wrong", ""}.message() == "gate.yaml: it is wrong");
}

TEST_CASE("whole numbers are decimal, in range, and nothing else") {
    ConfigProblems problems;
    CHECK(value("1").integer(problems, 1, 99) == 1);
    CHECK(value("99").integer(problems, 1, 99) == 99);
    CHECK(value("-5").integer(problems, -9, 9) == -5);
    CHECK(value("0").integer(problems, 0, 9) == 0);
    CHECK(problems.empty());
    CHECK(problem_of_integer("0") == "gate.yaml:1:1: key: `0` is out of range; write a whole number from 1 to 99");
    CHECK_THAT(problem_of_integer("010"), testing::contains_text("begins with a zero"));
    for (const auto* text : {"", "+1", "1.0", "1e1", "0x10", "1_0", "one", "5 ", "99999999999999999999"}) {
        CHECK_THAT(problem_of_integer(text), testing::contains_text("is no whole number"));
    }
}

TEST_CASE("a flag is true or false, not yes or on") {
    ConfigProblems problems;
    CHECK(value("true").flag(problems));
    CHECK_FALSE(value("false").flag(problems));
    CHECK(problems.empty());
    CHECK_FALSE(value("yes").flag(problems));
    CHECK(only(problems) == "gate.yaml:1:1: key: `yes` is neither `true` nor `false`; write `true` or `false`");
}

TEST_CASE("a length of time carries its unit") {
    ConfigProblems problems;
    CHECK(value("20 ms").duration(problems, 1ms, 1h) == 20ms);
    CHECK(value("6s").duration(problems, 1ms, 1h) == 6s);
    CHECK(value("5 min").duration(problems, 1ms, 1h) == 5min);
    CHECK(value("1 h").duration(problems, 1ms, 1h) == 1h);
    CHECK(problems.empty());
    CHECK(problem_of_duration("20") ==
          "gate.yaml:1:1: key: `20` has no unit; write a whole number and ms, s, min, h or d, as in `20 ms`");
    for (const auto* text : {"", "ms", "020 ms", "1.5 s", "20  ms", "20 msec", "-1 s"}) {
        CHECK_THAT(problem_of_duration(text), testing::contains_text("is no length of time"));
    }
    for (const auto* text : {"0 ms", "2 h", "9000000000000000000 h"}) {
        CHECK_THAT(problem_of_duration(text), testing::contains_text("from 1 ms to 1 h"));
    }
}

TEST_CASE("a size needs a unit and is read in bytes") {
    ConfigProblems problems;
    CHECK(value("64 MiB").bytes(problems, 0, 1LL << 32) == 64LL * 1024 * 1024);
    CHECK(value("2GiB").bytes(problems, 0, 1LL << 32) == 1LL << 31);
    CHECK(value("0 KiB").bytes(problems, 0, 1LL << 32) == 0);
    CHECK(problems.empty());
    for (const char* const wrong : {"64", "64 MB", "5 GiB", "-1 MiB", "99999999999999 GiB"}) {
        ConfigProblems found;
        CHECK(value(wrong).bytes(found, 0, 1LL << 32) == 0);
        CHECK(found.all().size() == 1);
    }
    CHECK(size_text(64LL * 1024 * 1024) == "64 MiB");
    CHECK(size_text(0) == "0 KiB");
}

TEST_CASE("a duration is written in the largest unit without a fraction") {
    CHECK(duration_text(0ms) == "0 ms");
    CHECK(duration_text(1500ms) == "1500 ms");
    CHECK(duration_text(6000ms) == "6 s");
    CHECK(duration_text(5min) == "5 min");
    CHECK(duration_text(2h) == "2 h");
    CHECK(duration_text(48h) == "2 d");
}

TEST_CASE("a word of another vocabulary is refused with the words that exist") {
    ConfigProblems problems;
    CHECK(value("maintained").word<ArmControl>(problems) == ArmControl::maintained);
    CHECK(problems.empty());
    CHECK_FALSE(value("maintaned").word<ArmControl>(problems));
    CHECK(only(problems) ==
          "gate.yaml:1:1: key: `maintaned` is none of: pulse, maintained; did you mean `maintained`?");
}

TEST_CASE("another shape than the expected is one problem, not many") {
    ConfigProblems problems;
    const auto node = ConfigNode::map({"gate.yaml", 1, 1}, "key", {{"below", value("1", 2, 3)}});
    CHECK(node.text(problems).empty());
    node.report_unread(problems);
    CHECK(only(problems) == "gate.yaml:1:1: key: here stands a group of keys; write a single value");
}

TEST_CASE("a missing mandatory key is a problem at its group") {
    ConfigProblems problems;
    const auto node = ConfigNode::map({"gate.yaml", 4, 2}, "gate", {});
    CHECK(node.require("name", problems) == nullptr);
    CHECK(only(problems) == "gate.yaml:4:2: gate: `name` is missing; add `name:`");
}

TEST_CASE("a key that nobody read is a problem at the key, with the nearest key that somebody asked for") {
    ConfigProblems problems;
    auto misspelt = ConfigNode::scalar({"gate.yaml", 2, 12}, "passwd", "x");
    misspelt.set_key_mark({"gate.yaml", 2, 3});
    const auto node = ConfigNode::map({"gate.yaml", 1, 1}, "", {{"name", value("a")}, {"passwd", std::move(misspelt)}});
    CHECK(node.find("name") != nullptr);
    CHECK(node.find("password") == nullptr);
    node.report_unread(problems);
    CHECK(only(problems) == "gate.yaml:2:3: passwd: unknown key `passwd`; did you mean `password`?");
    CHECK(node.asked() == std::vector<std::string>{"name", "password"});
}

TEST_CASE("an unread key inside a list is found") {
    ConfigProblems problems;
    const auto row = ConfigNode::map({"gate.yaml", 2, 5}, "uplink[0]", {{"colour", value("red", 2, 7)}});
    const auto list = ConfigNode::sequence({"gate.yaml", 1, 1}, "uplink", {row});
    list.report_unread(problems);
    CHECK_THAT(only(problems), testing::contains_text("unknown key `colour`; take it out"));
}

TEST_CASE("the nearest word is near, or none") {
    const std::vector<std::string_view> words{"arm_loop", "arm_beam", "exit_loop", "in"};
    CHECK(nearest_word("arm_lop", words) == "arm_loop");
    CHECK(nearest_word("amr_loop", words) == "arm_loop");
    CHECK(nearest_word("exit_lopo", words) == "exit_loop");
    CHECK_FALSE(nearest_word("light", words));
    CHECK_FALSE(nearest_word("up", words));  // two letters, both wrong
    CHECK_FALSE(nearest_word(std::string(10'000, 'a'), words));
}

}  // namespace portcullis
