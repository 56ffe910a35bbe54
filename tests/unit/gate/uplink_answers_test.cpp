#include "gate/uplink_answers.hpp"

#include <chrono>
#include <sstream>
#include <string>

#include "cli/uplink_command.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using portcullis::testing::contains_text;
using uplink::DeliveryPlace;

const Now now{Instant{1h}, WallTime{1h}, ClockState::synchronised};

uplink::UplinkSettings supervision() {
    uplink::UplinkSettings settings;
    settings.name = "supervision";
    return settings;
}

uplink::UplinkSettings terminal() {
    uplink::UplinkSettings settings;
    settings.name = "terminal";
    settings.required = false;
    settings.filter.types = {"passage.*"};
    settings.redactions = {Redaction::personal};
    return settings;
}

std::string overview(const uplink::UplinkSettings& settings, const uplink::UplinkView& view,
                     std::optional<std::int64_t> oldest_s = std::nullopt,
                     std::optional<std::int64_t> hours_left = std::nullopt) {
    std::ostringstream out;
    cli::print_uplinks(uplink_overview({{settings, view, oldest_s}}, hours_left, now), out);
    return out.str();
}

std::string explained(const uplink::UplinkSettings& settings, const uplink::DeliveryWay& way, EventSeen event = {}) {
    if (event.type.empty()) {
        event = {7, event.gone, event.erased, "lane.light", "lane/out-1", WallTime{1s}};
    }
    std::ostringstream out;
    cli::print_way(event_explained(event, {{settings, way}}), out);
    return out.str();
}

TEST_CASE("Sent, taken and stored are three numbers") {
    uplink::UplinkView view;
    view.online = true;
    view.broker = "mqtt://central.example";
    view.last = 120;
    view.sent = 110;
    view.took = 105;
    view.acknowledged = 100;
    view.backlog = 20;
    view.waiting_from = 101;
    const auto text = overview(supervision(), view, 4000);
    CHECK_THAT(text, contains_text("supervision (required) at mqtt://central.example: online"));
    CHECK_THAT(text, contains_text("sent 110, broker took 105, central stored 100 of 120"));
    CHECK_THAT(text, contains_text("backlog 20 from 101 on, the oldest 1 h 6 min old"));
    CHECK_THAT(text, contains_text("full at the present rate: unknown"));
    CHECK_THAT(text, !contains_text("WARNING"));
}

TEST_CASE("A required destination that is away comes with a warning that names the hours left") {
    uplink::UplinkView view;
    view.cause = "no answer";
    const auto text = overview(supervision(), view, std::nullopt, 31);
    CHECK_THAT(text, contains_text("offline: no answer"));
    CHECK_THAT(text, contains_text("WARNING"));
    CHECK_THAT(text, contains_text("the disk is full in 31 h"));
    CHECK_THAT(overview(supervision(), view), contains_text("not known yet"));
    CHECK_THAT(overview(terminal(), view, std::nullopt, 31), !contains_text("WARNING"));
}

TEST_CASE("A session that another client has taken over says what to do") {
    uplink::UplinkView view;
    view.taken_over = true;
    view.cause = "taken over";
    CHECK_THAT(overview(supervision(), view), contains_text("portcullis uplink resume supervision"));
}

TEST_CASE("Filter, redaction, losses and why it stands are told") {
    uplink::UplinkView view;
    view.online = true;
    view.lost = 3;
    view.window_full = true;
    view.withheld = "event 9 cannot be redacted: damaged";
    view.refusal = "Quota exceeded";
    const auto text = overview(terminal(), view);
    for (const auto* words :
         {"(optional)", "gets only passage.*", "redacted: personal", "had them: 3",
          "window of unacknowledged events is full", "event 9 cannot be redacted", "last refusal: Quota exceeded"}) {
        CHECK_THAT(text, contains_text(words));
    }
}

TEST_CASE("One event's way is told in words") {
    const uplink::SendingsKnown nothing;
    CHECK_THAT(explained(supervision(), {nothing, DeliveryPlace::waits, "the link is down"}),
               contains_text("event 7: lane.light of lane/out-1, taken at 1970-01-01T00:00:01.000Z; committed\n"
                             "  supervision: not sent since this start: the link is down\n"));
    CHECK_THAT(explained(terminal(), {nothing, DeliveryPlace::waits, {}}), contains_text("left out by its filter"));
    CHECK_THAT(explained(terminal(), {nothing, DeliveryPlace::passed, {}}), contains_text("left out by its filter"));
    CHECK_THAT(explained(terminal(), {nothing, DeliveryPlace::stored, {}}), contains_text("left out by its filter"));
    CHECK_THAT(explained(supervision(), {nothing, DeliveryPlace::stored, {}}),
               contains_text("sent before this start, or too long ago to know when; central has stored it, when is not "
                             "kept"));

    uplink::SendingsKnown known{2, WallTime{2s}, std::nullopt, true, std::nullopt};
    CHECK_THAT(explained(supervision(), {known, DeliveryPlace::sent, {}}),
               contains_text("sent 2 times, last at 1970-01-01T00:00:02.000Z, the broker refused it; central has not "
                             "said that it stored it"));
    known = {1, WallTime{2s}, WallTime{3s}, false, WallTime{4s}};
    CHECK_THAT(
        explained(supervision(), {known, DeliveryPlace::stored, {}}),
        contains_text("sent at 1970-01-01T00:00:02.000Z, the broker took it at 1970-01-01T00:00:03.000Z; central "
                      "said at 1970-01-01T00:00:04.000Z that it is stored"));
}

TEST_CASE("What was erased, and what is gone, is said to be") {
    const uplink::SendingsKnown nothing;
    EventSeen erased;
    erased.erased = true;
    CHECK_THAT(explained(supervision(), {nothing, DeliveryPlace::stored, {}}, erased),
               contains_text("personal values erased since"));
    EventSeen gone;
    gone.gone = true;
    CHECK_THAT(explained(supervision(), {nothing, DeliveryPlace::stored, {}}, gone),
               contains_text("not in the journal any more"));
    CHECK_THAT(explained(terminal(), {nothing, DeliveryPlace::passed, {}}, gone),
               contains_text("removed before central acknowledged it"));
}

}  // namespace
}  // namespace portcullis::gate
