#include "gate/event_filter.hpp"

#include "codec/canonical.hpp"
#include "tests/support/catch.hpp"

using namespace portcullis;
using gate::EventFilter;

namespace {

const Value event = codec::parse_value(R"({"data":{"lane":"out-1","passage":"9d3b","readings":[{"text":"闽D12345"}],
    "containers":["CSQU3054383"]},"subject":"device/plate-front","time":"2026-11-23T01:02:03.004Z",
    "type":"portcullis.reading.taken.v1"})")
                        .value();

bool taken(const std::function<void(EventFilter&)>& set) {
    EventFilter filter;
    set(filter);
    return filter.takes(event);
}

}  // namespace

TEST_CASE("A filter takes what fits all that it names") {
    CHECK(taken([](EventFilter&) {}));
    CHECK(taken([](EventFilter& filter) { filter.lane = "out-1"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.lane = "out-2"; }));
    CHECK(taken([](EventFilter& filter) { filter.passage = "9d3b"; }));
    CHECK(taken([](EventFilter& filter) { filter.plate = "闽D12345"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.plate = "闽D1234"; }));
    CHECK(taken([](EventFilter& filter) { filter.container = "CSQU3054383"; }));
    CHECK_FALSE(taken([](EventFilter& filter) {
        filter.container = "CSQU3054383";
        filter.lane = "out-2";
    }));
}

TEST_CASE("A type is one, or all that begin with its words") {
    CHECK(taken([](EventFilter& filter) { filter.type = "reading.taken"; }));
    CHECK(taken([](EventFilter& filter) { filter.type = "reading"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.type = "read"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.type = "reading.missing"; }));
}

TEST_CASE("A span of time holds its beginning and not its end") {
    CHECK(taken([](EventFilter& filter) { filter.from = "2026-11-23T01:02:03.004Z"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.from = "2026-11-23T01:02:03.005Z"; }));
    CHECK_FALSE(taken([](EventFilter& filter) { filter.before = "2026-11-23T01:02:03.004Z"; }));
    CHECK(taken([](EventFilter& filter) { filter.before = "2026-11-23T01:02:03.005Z"; }));
}

TEST_CASE("A filter travels in a question") {
    EventFilter filter;
    filter.plate = "闽D12345";
    filter.before = "2026-11-23T01:02:03.004Z";
    const auto read = gate::filter_of(Value{gate::filter_members(filter)}).value();
    CHECK(read.plate == filter.plate);
    CHECK(read.before == filter.before);
    CHECK(read.from.empty());
    CHECK(EventFilter{}.empty());
    CHECK_FALSE(read.empty());
    CHECK_FALSE(gate::filter_of(Value{Object{{"before", "yesterday"}}}));
}
