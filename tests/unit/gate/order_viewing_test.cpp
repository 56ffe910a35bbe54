#include "gate/order_viewing.hpp"

#include <deque>

#include "codec/canonical.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/supervision/a_ruleset.hpp"

namespace portcullis::gate {
namespace {

using namespace supervision::testing;

/// A desk over orders of the test; the journal commits when it is told to.
struct ViewingBench {
    ControlDesk desk;
    std::vector<FoundOrder> orders;
    bool fails = false;
    std::vector<Event> events;
    std::deque<std::function<void()>> uncommitted;
    int looked_up = 0;
    OrderViewing viewing{{[this](Submission submission) {
                              events.insert(events.end(), submission.events.begin(), submission.events.end());
                              uncommitted.push_back(std::move(submission.committed));
                          },
                          [this](const ContainerNumber&, const std::function<void(OrdersFound)>& done) {
                              ++looked_up;
                              OrdersFound answer;
                              answer.cursor = 7;
                              answer.failed = fails;
                              answer.orders = orders;
                              done(answer);
                          },
                          [] {
                              return Now{Instant{}, noon, ClockState::synchronised};
                          }}};

    ViewingBench() { viewing.add_to(desk); }

    /// The answer, or nothing while there is none.
    std::string ask(Object question) {
        question.push_back({"ask", "orders_show"});
        std::string answer;
        desk.answer(codec::canonical_text(Value{std::move(question)}).value(),
                    [&](const std::string& text) { answer = text; });
        while (commits && !uncommitted.empty()) {
            const auto committed = std::move(uncommitted.front());
            uncommitted.pop_front();
            committed();
        }
        return answer;
    }
    std::string ask(const std::string& container) {
        return ask(Object{{"container", container}, {"actor", "A113"}, {"purpose", "the driver asks"}});
    }
    bool commits = true;
};

FoundOrder released(ReleaseStatus status = ReleaseStatus::released) {
    auto order = declared_release();
    release_of(order).status = status;
    return order;
}

TEST_CASE("Who looks a box up is told whether its orders grant it, and is on record") {
    ViewingBench bench;
    bench.orders = {released()};
    const auto answer = bench.ask(box_a);
    CHECK_THAT(answer, portcullis::testing::contains_text(R"("granted":"yes")"));
    CHECK_THAT(answer, portcullis::testing::contains_text(R"("order_id":"R-1")"));
    REQUIRE(bench.events.size() == 1);
    CHECK(bench.events[0].type == "order.viewed");
    CHECK(*bench.events[0].data.find("key") == Value{box_a});
    CHECK(*bench.events[0].data.find("actor") == Value{"A113"});
    CHECK(*bench.events[0].data.find("purpose") == Value{"the driver asks"});
}

TEST_CASE("Nothing is looked up before the look-up is on record") {
    ViewingBench bench;
    bench.commits = false;
    CHECK(bench.ask(box_a).empty());
    CHECK(bench.looked_up == 0);
    CHECK(bench.events.size() == 1);
}

TEST_CASE("What is not granted is not granted, whatever the reason is") {
    ViewingBench bench;
    bench.orders = {released(ReleaseStatus::held)};
    const auto held = bench.ask(box_a);
    CHECK_THAT(held, portcullis::testing::contains_text(R"("granted":"no")"));
    for (const auto status : {ReleaseStatus::inspect, ReleaseStatus::treat, ReleaseStatus::return_}) {
        bench.orders = {released(status)};
        CHECK(bench.ask(box_a) == held);
    }
    bench.orders = {released()};
    bench.orders[0].order.revoked = true;
    CHECK(bench.ask(box_a) == held);
}

TEST_CASE(
    "A box that is targeted or drawn is answered as one that is not, and one that is only targeted as an unknown one") {
    ViewingBench bench;
    const auto unknown = bench.ask(box_a);
    const auto target = targeting("T-1", {box(box_a), {}, {}, {}, {}}, TargetingAction::inspect);
    bench.orders = {target};
    CHECK(bench.ask(box_a) == unknown);
    bench.orders = {released()};
    const auto plain = bench.ask(box_a);
    auto drawn = released();
    release_of(drawn).draw = Draw::drawn;
    bench.orders = {drawn, target};
    CHECK(bench.ask(box_a) == plain);
}

TEST_CASE("An order about another box that the look-up led to is not shown") {
    ViewingBench bench;
    bench.orders = {released()};
    CHECK(orders_shown(found({released()}), box(box_b)).empty());
}

TEST_CASE("A look-up that names nobody, nothing, or what could pass for a digest is refused and makes no event") {
    ViewingBench bench;
    const std::string digest = "sha256:" + std::string(64, '0');
    const std::vector<Object> wrong{
        {{"container", box_a}, {"actor", "A113"}},
        {{"container", box_a}, {"purpose", "x"}},
        {{"container", box_a}, {"actor", ""}, {"purpose", "x"}},
        {{"container", box_a}, {"actor", digest}, {"purpose", "x"}},
        {{"container", box_a}, {"actor", std::string(129, 'a')}, {"purpose", "x"}},
        {{"container", box_a}, {"actor", "A113"}, {"purpose", std::string(513, 'a')}},
        {{"container", "CSQU3054384"}, {"actor", "A113"}, {"purpose", "x"}},
        {{"actor", "A113"}, {"purpose", "x"}},
        {{"container", 7}, {"actor", "A113"}, {"purpose", "x"}},
    };
    for (const auto& question : wrong) {
        CHECK_THAT(bench.ask(question), portcullis::testing::contains_text(R"({"error":)"));
    }
    CHECK(bench.events.empty());
    CHECK(bench.looked_up == 0);
    bench.fails = true;
    CHECK_THAT(bench.ask(box_a), portcullis::testing::contains_text(R"({"error":)"));
}

}  // namespace
}  // namespace portcullis::gate
