#include "gate/uplink_answers.hpp"

#include <string_view>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

Value or_unknown(const std::optional<std::int64_t>& number) {
    return number ? Value{*number} : Value{"unknown"};
}

Value time_or_unknown(const std::optional<WallTime>& time) {
    return time ? Value{time_text(*time)} : Value{"unknown"};
}

std::string_view yes_no(bool yes) {
    return yes ? "yes" : "no";
}

List texts(const std::vector<std::string>& from) {
    return {from.begin(), from.end()};
}

List redactions(const uplink::UplinkSettings& settings) {
    List words;
    for (const auto what : settings.redactions) {
        words.emplace_back(text_of(what));
    }
    return words;
}

/// Where an event stands, as one word.
std::string_view place_word(const EventSeen& event, const EventWay& one) {
    switch (one.way.place) {
        case uplink::DeliveryPlace::stored:
            break;
        case uplink::DeliveryPlace::sent:
            return "sent";
        case uplink::DeliveryPlace::passed:
        case uplink::DeliveryPlace::waits:
            if (!event.gone && !one.settings.filter.passes(event.type, event.subject)) {
                return "filtered";
            }
            return one.way.place == uplink::DeliveryPlace::passed || event.gone ? "lost" : "waits";
    }
    // What is acknowledged behind it covers what the filter left out, too.
    return event.gone || one.settings.filter.passes(event.type, event.subject) ? "stored" : "filtered";
}

}  // namespace

Value uplink_overview(const std::vector<DestinationState>& destinations, std::optional<std::int64_t> hours_left,
                      Now now) {
    List rows;
    for (const auto& one : destinations) {
        const auto& view = one.view;
        rows.emplace_back(Object{{"destination", one.settings.name},
                                 {"broker", view.broker},
                                 {"required", yes_no(one.settings.required)},
                                 {"online", yes_no(view.online)},
                                 {"taken_over", yes_no(view.taken_over)},
                                 {"cause", view.cause},
                                 {"connection", view.connection},
                                 {"last", view.last},
                                 {"sent", view.sent},
                                 {"broker_took", view.took},
                                 {"central_stored", view.acknowledged},
                                 {"backlog", view.backlog},
                                 {"waiting_from", view.waiting_from},
                                 {"oldest_s", view.backlog == 0 ? Value{0} : or_unknown(one.oldest_s)},
                                 {"stored_a_minute", view.stored_a_minute},
                                 {"in_flight", view.in_flight},
                                 {"unacknowledged", view.unacknowledged},
                                 {"window_full", yes_no(view.window_full)},
                                 {"publications_taken", view.broker_took},
                                 {"publications_refused", view.broker_refused},
                                 {"refusal", view.refusal},
                                 {"inbound_refused", view.inbound_refused},
                                 {"repeats", view.repeats},
                                 {"lost", view.lost},
                                 {"withheld", view.withheld},
                                 {"filter_types", texts(one.settings.filter.types)},
                                 {"filter_lanes", texts(one.settings.filter.lanes)},
                                 {"redact", redactions(one.settings)}});
    }
    return Object{
        {"time", time_text(now.wall)}, {"hours_left", or_unknown(hours_left)}, {"destinations", std::move(rows)}};
}

Value event_explained(const EventSeen& event, const std::vector<EventWay>& ways) {
    List rows;
    for (const auto& one : ways) {
        const auto& known = one.way.known;
        rows.emplace_back(Object{{"destination", one.settings.name},
                                 {"place", place_word(event, one)},
                                 {"why", one.way.why},
                                 {"sendings", known.sendings},
                                 {"sent", time_or_unknown(known.sent)},
                                 {"broker_took", time_or_unknown(known.took)},
                                 {"broker_refused", yes_no(known.refused)},
                                 {"central_stored", time_or_unknown(known.stored)}});
    }
    const std::string_view kept = event.erased ? "erased" : "kept";
    Object answer{
        {"sequence", event.sequence}, {"journal", event.gone ? "gone" : kept}, {"destinations", std::move(rows)}};
    if (!event.gone) {
        answer.push_back({"type", event.type});
        answer.push_back({"subject", event.subject});
        answer.push_back({"time", time_text(event.time)});
    }
    return answer;
}

}  // namespace portcullis::gate
