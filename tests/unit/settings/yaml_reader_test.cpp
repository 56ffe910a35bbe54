#include "settings/yaml_reader.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace portcullis::settings {
namespace {

ConfigNode tree(std::string_view text) {
    ConfigProblems problems;
    auto node = read_yaml(text, "gate.yaml", problems);
    REQUIRE(problems.empty());
    return std::move(*node);
}

/// The only problem of a text.
std::string problem(std::string_view text) {
    ConfigProblems problems;
    (void)read_yaml(text, "gate.yaml", problems);
    REQUIRE(problems.all().size() == 1);
    return problems.all().front().message();
}

std::string repeated(std::string_view part, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += part;
    }
    return out;
}

}  // namespace

TEST_CASE("a document becomes a tree that knows its places and paths") {
    ConfigProblems problems;
    const auto root = tree("gate:\n  name: g07\nuplink:\n  - { name: a }\n  - { name: b }\n");
    const auto* const gate = root.find("gate");
    REQUIRE(gate != nullptr);
    const auto* const name = gate->find("name");
    REQUIRE(name != nullptr);
    CHECK(name->text(problems) == "g07");
    CHECK(name->path() == "gate.name");
    CHECK(name->mark().line == 2);
    CHECK(name->mark().column == 9);
    const auto* const uplink = root.find("uplink");
    REQUIRE(uplink != nullptr);
    REQUIRE(uplink->items().size() == 2);
    CHECK(uplink->items()[1].find("name")->path() == "uplink[1].name");
    CHECK(problems.empty());
}

TEST_CASE("values stay the text that was written") {
    ConfigProblems problems;
    const auto root =
        tree("a: 010\nb: yes\nc: 'null'\nd: 9600 8N1\ne: 192.0.2.10:502\nf: { g: /dev/x-0:1.2, h: 闽 }\n");
    CHECK(root.find("a")->text(problems) == "010");
    CHECK(root.find("b")->text(problems) == "yes");
    CHECK(root.find("c")->text(problems) == "null");
    CHECK(root.find("d")->text(problems) == "9600 8N1");
    CHECK(root.find("e")->text(problems) == "192.0.2.10:502");
    CHECK(root.find("f")->find("g")->text(problems) == "/dev/x-0:1.2");
    CHECK(root.find("f")->find("h")->text(problems) == "闽");
    CHECK(problems.empty());
}

TEST_CASE("a key without value is empty, and says so at the key") {
    ConfigProblems problems;
    const auto root = tree("gate:\n  name:\n  terminal: x\n");
    CHECK(root.find("gate")->find("name")->text(problems).empty());
    REQUIRE(problems.all().size() == 1);
    CHECK_THAT(problems.all().front().message(),
               portcullis::testing::contains_text("gate.yaml:2:3: gate.name: there is no value"));
}

TEST_CASE("a key that stands twice is refused, and both lines are named") {
    CHECK(problem("a: 1\nb: 2\na: 3\n") ==
          "gate.yaml:3:1: a: `a` stands here for the second time; the first is in line 1: take one out");
    ConfigProblems problems;
    (void)read_yaml("m: { a: 1, a: 2, b: 3, b: 4 }", "gate.yaml", problems);
    CHECK(problems.all().size() == 2);
}

TEST_CASE("anchors, aliases and tags are refused") {
    CHECK_THAT(problem("a: &x 1\nb: 2\n"), portcullis::testing::contains_text("gate.yaml:1:4: an anchor"));
    CHECK_THAT(problem("a: !!str 1\n"), portcullis::testing::contains_text("gate.yaml:1:4: a tag"));
    CHECK_THAT(problem("a: !secret 1\n"), portcullis::testing::contains_text("a tag"));
    CHECK_THAT(problem("- *x\n"), portcullis::testing::contains_text("gate.yaml:1:3: "));
}

TEST_CASE("a bomb of aliases is refused at its first anchor") {
    std::string bomb = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 40; ++i) {
        const auto before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
    }
    CHECK_THAT(problem(bomb), portcullis::testing::contains_text("gate.yaml:1:5: an anchor"));
}

TEST_CASE("one file is one document") {
    CHECK_THAT(problem("a: 1\n---\nb: 2\n"), portcullis::testing::contains_text("a second document begins here"));
    CHECK(tree("---\na: 1\n").find("a") != nullptr);
}

TEST_CASE("nothing to read is a problem") {
    CHECK_THAT(problem(""), portcullis::testing::contains_text("holds no settings"));
    CHECK_THAT(problem("# only words\n"), portcullis::testing::contains_text("holds no settings"));
    CHECK_THAT(problem("~\n"), portcullis::testing::contains_text("holds no settings"));
}

TEST_CASE("the bytes of a file are looked at first") {
    CHECK_THAT(problem("\xEF\xBB\xBF"
                       "a: 1\n"),
               portcullis::testing::contains_text("gate.yaml:1:1: the file begins with a byte order mark"));
    CHECK_THAT(problem("a:\n\tb: 1\n"),
               portcullis::testing::contains_text("gate.yaml:2:1: a tab stands in the indentation"));
    CHECK_THAT(problem("a:\n  \tb: 1\n"), portcullis::testing::contains_text("gate.yaml:2:3: a tab"));
    CHECK_THAT(problem("a: 1\r\nb: 2\r\n"),
               portcullis::testing::contains_text("gate.yaml:1:5: the line ends with CR LF"));
    CHECK_THAT(problem("a: 1\nb: \xC3\xF6\n"),
               portcullis::testing::contains_text("gate.yaml:2:4: this byte is not UTF-8"));
    CHECK_THAT(problem(std::string_view{"a: \0\n", 5}),
               portcullis::testing::contains_text("gate.yaml:1:4: a control character"));
    CHECK_THAT(problem(std::string(largest_file + 1, '#')), portcullis::testing::contains_text("larger than 256 KiB"));
    CHECK(tree("a: 1\t# a tab before words is harmless\n").find("a") != nullptr);
}

TEST_CASE("what is no YAML is a problem at its place") {
    CHECK_THAT(problem("a: [1, 2\nb: 3\n"), portcullis::testing::contains_text("no YAML"));
    CHECK_THAT(problem("a: 1\n  b: 2\n"), portcullis::testing::contains_text("gate.yaml:2:"));
    CHECK_THAT(problem("a: 'x\nb: 2\n"),
               portcullis::testing::contains_text("gate.yaml:1:4: the quote that opens here has no end"));
    CHECK_THAT(problem("a: 1\nb: \"x\\\"\n"), portcullis::testing::contains_text("gate.yaml:2:4: the quote"));
    CHECK_THAT(problem("a: 'it''s\nb: 2\n"), portcullis::testing::contains_text("gate.yaml:1:4: the quote"));
    ConfigProblems none;
    CHECK(tree("a: 'it''s'\n").find("a")->text(none) == "it's");
    CHECK(tree("a: \"x\\\"\"\n").find("a")->text(none) == "x\"");
    CHECK_THAT(problem("[a, b]: 1\n"), portcullis::testing::contains_text("where a key belongs"));
    CHECK_THAT(problem("{: 1}\n"), portcullis::testing::contains_text("gate.yaml:1:"));
}

TEST_CASE("depth is bounded, also against texts made to overflow a stack") {
    CHECK_THAT(problem(repeated("[", 20) + repeated("]", 20)), portcullis::testing::contains_text("nested too deeply"));
    CHECK_FALSE(problem(repeated("[", 100'000)).empty());
    CHECK_FALSE(problem(repeated("? ", 100'000)).empty());
    CHECK_THAT(problem(repeated("- ", 1000) + "x"), portcullis::testing::contains_text("nested too deeply"));
    (void)tree(repeated("[", 16) + repeated("]", 16));
}

}  // namespace portcullis::settings
