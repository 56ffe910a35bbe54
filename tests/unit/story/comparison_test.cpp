#include "simulators/run/comparison.hpp"

#include "simulators/run/program.hpp"
#include "simulators/story/load.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::run {
namespace {

SeenEvent event(const std::string& name, const std::string& passage, boost::json::object data = {}) {
    SeenEvent seen;
    seen.name = name;
    seen.lane = "out-1";
    seen.passage = passage;
    seen.data = std::move(data);
    return seen;
}

boost::json::object verdict(const char* outcome, const char* reason) {
    return {{"outcome", outcome}, {"reasons", boost::json::array{boost::json::object{{"code", reason}}}}};
}

boost::json::object ended(const char* outcome, const char* container) {
    return {{"outcome", outcome}, {"orders_used", boost::json::array{boost::json::object{{"container", container}}}}};
}

LaneRecord a_released_passage() {
    LaneRecord record;
    record.take(event("passage.detected", "p1"));
    record.take(event("verdict.issued", "p1", verdict("release", "order_released")));
    record.take(event("arm.commanded", "p1", {{"command", "up"}}));
    record.take(event("lane.light", "p1", {{"head", "light_go"}, {"colour", "green"}}));
    record.take(event("arm.commanded", "p1", {{"command", "down_request"}}));
    record.take(event("passage.ended", "p1", ended("cleared", "CSQU3054383")));
    return record;
}

story::Story a_story() {
    story::Story story;
    story.trucks.resize(1);
    story.then.resize(1);
    auto& then = story.then.front();
    then.verdict = VerdictOutcome::release;
    then.reasons = {"order_released"};
    then.arm = "up once";
    then.light = "green once";
    then.ends = PassageOutcome::cleared;
    then.orders_used = std::vector<std::string>{"CSQU3054383"};
    then.events = {"passage.detected", "arm.commanded", "passage.ended"};
    return story;
}

}  // namespace

TEST_CASE("what is on record as the story says is no difference") {
    CHECK(differences(a_story(), a_released_passage()).empty());
}

TEST_CASE("each thing that is otherwise is one difference, in words") {
    const auto record = a_released_passage();
    auto story = a_story();
    auto& then = story.then.front();
    SECTION("verdict") {
        then.verdict = VerdictOutcome::hold;
    }
    SECTION("reason") {
        then.reasons = {"order_held"};
    }
    SECTION("arm never") {
        then.arm = "never";
    }
    SECTION("end") {
        then.ends = PassageOutcome::turned_away;
    }
    SECTION("orders used") {
        then.orders_used = std::vector<std::string>{};
    }
    SECTION("order of events") {
        then.events = {"passage.ended", "passage.detected"};
    }
    SECTION("another ruleset") {
        then.ruleset = 7;
    }
    SECTION("an event of the lane") {
        story.lane_events = {"arm.obstructed"};
    }
    const auto found = differences(story, record);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found.front(), testing::contains_text("expected"));
}

TEST_CASE("a passage too many, too few or still open is a difference") {
    auto record = a_released_passage();
    auto story = a_story();
    story.trucks.resize(2);
    story.then.resize(2);
    CHECK(differences(story, record).size() == 1);
    record.take(event("passage.detected", "p2"));
    CHECK_THAT(differences(story, record).at(0), testing::contains_text("still open"));
    CHECK(differences(a_story(), record).size() == 1);
}

TEST_CASE("a passage that two rulesets decided is a difference") {
    auto story = a_story();
    story.then.front().ruleset = 0;
    auto record = a_released_passage();
    CHECK(differences(story, record).empty());
    auto other = verdict("release", "order_released");
    other["ruleset_version"] = 2;
    record.take(event("verdict.issued", "p1", other));
    CHECK(differences(story, record).size() == 1);
}

TEST_CASE("only the last verdict of a passage counts") {
    auto record = a_released_passage();
    record.take(event("verdict.issued", "p1", verdict("hold", "order_revoked")));
    CHECK(record.passages().front().verdict == "hold");
    CHECK(record.passages().front().reasons == std::vector<std::string>{"order_revoked"});
}

TEST_CASE("stories that share containers never share a gate, and those that stop things have one of their own") {
    const auto stories = story::load_stories("simulators/scenarios");
    std::size_t cast = 0;
    for (const auto& one : cast_stories(stories, {})) {
        CHECK(one.gate.lanes.size() <= 16);
        cast += one.stories.size();
        std::map<std::string, const story::Story*> owners;
        for (const auto* story : one.stories) {
            CHECK((!story->alone || one.stories.size() == 1));
            for (const auto& order : story->orders) {
                INFO(story->name << " and " << order.container);
                CHECK(owners.emplace(order.container, story).first->second == story);
            }
        }
    }
    CHECK(cast == stories.size());
}

}  // namespace portcullis::run
