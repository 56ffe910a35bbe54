#include <algorithm>

#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "settings/yaml_reader.hpp"
#include "simulators/story/load.hpp"
#include "simulators/story/order_objects.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::story {
namespace {

constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};

std::vector<ConfigProblem> problems_of(const std::string& yaml) {
    ConfigProblems problems;
    const auto root = settings::read_yaml(yaml, "story.yaml", problems);
    REQUIRE(root);
    static_cast<void>(read_story(*root, "story", problems));
    return problems.all();
}

const std::string a_story =
    "story: A truck\n"
    "lane: { way: out }\n"
    "truck: { plate: 闽D12345, containers: [CSQU3054383] }\n"
    "then: { verdict: release, arm: up once, ends: cleared }\n";

}  // namespace

TEST_CASE("every story file can be read, and they are many") {
    const auto stories = load_stories("simulators/scenarios");
    CHECK(stories.size() >= 20);
    for (const auto& story : stories) {
        INFO(story.name);
        CHECK_FALSE(story.title.empty());
        CHECK(story.then.size() == story.vehicles());
    }
}

TEST_CASE("the orders of every story are such as a gate takes") {
    for (const auto& story : load_stories("simulators/scenarios")) {
        auto given = story.orders;
        for (const auto& happening : story.happenings) {
            given.insert(given.end(), happening.orders.begin(), happening.orders.end());
        }
        for (const auto& [authority, objects] : order_objects(given, noon)) {
            for (const auto& object : objects) {
                INFO(story.name << ": " << object);
                CHECK(codec::read_order_operation(object, Authority{authority}).ok());
            }
        }
    }
}

TEST_CASE("a story says nothing wrong when it is right") {
    CHECK(problems_of(a_story).empty());
}

TEST_CASE("an unknown key in a story is refused, with the key that was meant") {
    const auto problems = problems_of(a_story + "trucs: []\n");
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].where.line == 5);
    CHECK_THAT(problems[0].message(), testing::contains_text("truck"));
}

TEST_CASE("a happening needs a place or an event, not both and not neither") {
    CHECK_FALSE(problems_of(a_story + "happens: [{ do: stop, for: 2 s }]\n").empty());
    CHECK_FALSE(problems_of(a_story + "happens: [{ at: 6 m, when: verdict.issued, do: stop, for: 2 s }]\n").empty());
    CHECK(problems_of(a_story + "happens: [{ at: 6 m, do: stop, for: 2 s }]\n").empty());
}

TEST_CASE("a story with two trucks says what becomes of each") {
    CHECK_FALSE(
        problems_of("story: Two\ntrucks: [{ plate: 闽D1 }, { plate: 闽D2 }]\nthen: { ends: cleared }\n").empty());
}

TEST_CASE("one that follows is a vehicle too, and the story says what becomes of it") {
    const std::string follows = "happens: [{ at: -20 m, do: follow, gap: 2 m }]\n";
    CHECK_FALSE(problems_of(a_story + follows).empty());
    CHECK(problems_of("story: Two\ntruck: { plate: 闽D1 }\nthen: [{ ends: cleared }, { ends: cleared }]\n" + follows)
              .empty());
}

TEST_CASE("validity in words is a validity in time") {
    GivenOrder order;
    order.container = "CSQU3054383";
    order.valid = "until yesterday";
    const auto objects = order_objects({order}, noon).front().objects;
    const auto read = codec::read_order_operation(objects.front(), Authority{"ciq"});
    REQUIRE(read.ok());
    CHECK(std::get<Order>(read.value()).valid_to < noon);
}

}  // namespace portcullis::story
