#include "gate/views.hpp"

#include <utility>

namespace portcullis::gate {

namespace {

template <class Number>
Value or_unknown(const std::optional<Number>& number) {
    return number ? Value{static_cast<std::int64_t>(*number)} : Value{"unknown"};
}

}  // namespace

Object gate_state(const GateView& view) {
    List behind;
    for (const auto& authority : view.orders_behind) {
        behind.emplace_back(authority.text());
    }
    Object state{{"version", view.version},
                 {"stream", view.stream.text()},
                 {"last", view.last},
                 {"order_cursor", view.order_cursor},
                 {"orders_age_s", or_unknown(view.orders_age_s)},
                 {"orders_state", text_of(view.orders_state)},
                 {"orders_behind", std::move(behind)},
                 {"backlog", view.backlog},
                 {"oldest_s", or_unknown(view.oldest_s)},
                 {"clock", text_of(view.clock)},
                 {"clock_band_ms", view.clock_band.count()},
                 {"storage", storage_members(view.storage)},
                 {"box_key", view.box_key}};
    state.insert(state.end(), view.ruleset.begin(), view.ruleset.end());
    state.insert(state.end(), view.passes.begin(), view.passes.end());
    return state;
}

Object storage_members(const StorageView& view) {
    Value commit_p99_us{"unknown"};
    if (view.look.commit_p99) {
        commit_p99_us = Value{view.look.commit_p99->count()};
    }
    return {{"free_bytes", or_unknown(view.look.free_bytes)},
            {"hours_left", or_unknown(view.hours_left)},
            {"level", text_of(view.level)},
            {"used_bytes", or_unknown(view.look.used_bytes)},
            {"ballast", text_of(view.look.ballast)},
            {"commit_p99_us", std::move(commit_p99_us)},
            {"wear_permille", or_unknown(view.look.wear_permille)}};
}

Object lane_state(const LaneName& name, const lane::LaneView& view) {
    List passages;
    for (const auto& passage : view.passages) {
        passages.emplace_back(Object{{"passage", passage.id.text()},
                                     {"state", text_of(passage.state)},
                                     {"identity", passage.identity},
                                     {"verdict", passage.verdict}});
    }
    Object state{{"lane", name.text()},
                 {"mode", text_of(view.mode)},
                 {"passages", std::move(passages)},
                 {"arm", text_of(view.arm)},
                 {"light_lane", text_of(view.light_lane)},
                 {"light_go", text_of(view.light_go)},
                 {"why", view.why}};
    if (view.radiation_alarm != RadiationLevel::none) {
        state.push_back({"radiation_alarm", text_of(view.radiation_alarm)});
    }
    return state;
}

Object device_state(const DeviceName& name, const drivers::DeviceView& view) {
    return {{"device", name.text()},
            {"state", view.disabled ? "disabled" : view.state ? text_of(*view.state) : "unknown"},
            {"cause", view.cause},
            {"polls", view.polls},
            {"errors", view.errors},
            {"readings", view.readings},
            {"bad_frames", view.bad_frames}};
}

Object uplink_state(const std::string& name, const uplink::UplinkView& view) {
    return {{"destination", name},
            {"online", view.online ? "yes" : "no"},
            {"cause", view.cause},
            {"connection", view.connection},
            {"last", view.last},
            {"sent", view.sent},
            {"broker_took", view.took},
            {"central_stored", view.acknowledged},
            {"broker_refused", view.broker_refused},
            {"refusal", view.refusal},
            {"inbound_refused", view.inbound_refused},
            {"repeats", view.repeats},
            {"backlog", view.backlog},
            {"lost", view.lost},
            {"withheld", view.withheld}};
}

}  // namespace portcullis::gate
