// The comparison that the other tests of this folder end with fails when it should.
#include "tests/integration/three_views.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/unit/central/gate_events.hpp"

namespace portcullis::testing {
namespace {

const central::EventSchemas& schemas() {
    static const central::EventSchemas all{"docs/events"};
    return all;
}

/// A stream of five events, whole in each of the three views.
ThreeViews whole() {
    central::GateEvents gate;
    central::ChainCheck chain{schemas()};
    ThreeViews views;
    for (const auto& event : gate.write(5)) {
        REQUIRE_FALSE(chain.next(event, boost::json::parse(event)));
        views.central.push_back(event);
        views.witness.push_back(event);
        views.journal.push_back({event, central::hex(chain.hash())});
    }
    return views;
}

std::string said(const ThreeViews& views) {
    std::string all;
    for (const auto& one : differences(views, schemas())) {
        all += one + "; ";
    }
    return all;
}

void change_a_byte(std::string& published) {
    auto& byte = published.at(published.find(R"("monotonicns":")") + 15);
    byte = byte == '1' ? '2' : '1';
}

TEST_CASE("Three whole views of a stream do not differ") {
    CHECK(said(whole()).empty());
}

TEST_CASE("A client that sees events again, and those that it missed later, holds the stream") {
    auto views = whole();
    const auto& all = views.central;
    views.witness = {all[0], all[1], all[0], all[3], all[4], all[1], all[2], all[3], all[4]};
    CHECK(said(views).empty());
    CHECK(complete_up_to(views.witness) == 5);
}

TEST_CASE("The comparison fails on a gap") {
    auto views = whole();
    SECTION("at central") {
        views.central.erase(views.central.begin() + 2);
        CHECK_THAT(said(views), contains_text("central holds event 4 where event 3 belongs"));
    }
    SECTION("at central's end") {
        views.central.pop_back();
        CHECK_THAT(said(views), contains_text("central holds 4 events, the journal 5"));
    }
    SECTION("at the witness") {
        views.witness.erase(views.witness.begin() + 2);
        CHECK_THAT(said(views), contains_text("the witness holds 2 events, the journal 5"));
        CHECK(complete_up_to(views.witness) == 2);
    }
    SECTION("in the journal") {
        views.journal.erase(views.journal.begin() + 2);
        CHECK_THAT(said(views), contains_text("the journal holds event 4 where event 3 belongs"));
    }
}

TEST_CASE("The comparison fails on an event that central holds twice") {
    auto views = whole();
    views.central.insert(views.central.begin() + 1, views.central[0]);
    CHECK_THAT(said(views), contains_text("central holds event 1 where event 2 belongs"));
}

TEST_CASE("The comparison fails on two events in the wrong order") {
    auto views = whole();
    std::swap(views.central[1], views.central[2]);
    CHECK_THAT(said(views), contains_text("central holds event 3 where event 2 belongs"));
}

TEST_CASE("The comparison fails on bytes that are not the journal's") {
    auto views = whole();
    SECTION("at central") {
        change_a_byte(views.central[1]);
        CHECK_THAT(said(views), contains_text("central holds other bytes of event 2"));
    }
    SECTION("at the witness, also of an event that it has") {
        views.witness.push_back(views.witness[1]);
        change_a_byte(views.witness.back());
        CHECK_THAT(said(views), contains_text("the witness saw event 2 with bytes that no journal holds"));
    }
    SECTION("at the witness, of a text that is no event") {
        views.witness.emplace_back("{");
        CHECK_THAT(said(views), contains_text("the witness saw event 0"));
    }
}

TEST_CASE("The comparison fails when the chain does not hold, though all three agree") {
    auto views = whole();
    SECTION("a byte of an event has changed") {
        change_a_byte(views.journal[2].published);
        views.central[2] = views.witness[2] = views.journal[2].published;
        CHECK_THAT(said(views), contains_text("event 3"));
    }
    SECTION("a stored hash has changed") {
        views.journal[4].hash.front() = views.journal[4].hash.front() == '0' ? '1' : '0';
        CHECK_THAT(said(views), contains_text("the journal's hash of event 5 is not the one recomputed"));
    }
}

}  // namespace
}  // namespace portcullis::testing
