#include "lane/radiation_events.hpp"

#include <string>
#include <utility>

#include "lane/fields.hpp"

namespace portcullis::lane {

namespace {

Value known(const std::optional<std::int64_t>& number) {
    return number ? Value{*number} : Value{"unknown"};
}

Event on_device(std::string_view type, const RadiationPlace& at, Object data, const Now& now,
                std::optional<EventToken> token = std::nullopt) {
    return {std::string{type}, "device/" + at.device.text(), now, std::move(data), token};
}

Object with(Object data, const RadiationPlace& at) {
    data.push_back({"portal", at.place});
    data.push_back({"passage", at.passage});
    data.push_back({"container", at.containers});
    return data;
}

}  // namespace

Event radiation_occupancy(const RadiationPlace& at, const OccupancyEnded& ended, RadiationLevel level, List passages,
                          const Now& now, EventToken token) {
    Fields fields{10};
    fields.put("portal", at.place).put("passages", std::move(passages));
    fields.put("state", text_of(ended.state)).put("level", text_of(level));
    fields.put("gamma_max_cps", known(ended.gamma_max_cps)).put("background_cps", known(ended.background_cps));
    fields.put("neutron_count", known(ended.neutron_count)).put("duration_ms", whole_ms(ended.duration));
    fields.put("speed_mm_s", known(ended.speed_mm_s)).put("cause", ended.cause.empty() ? "none" : ended.cause);
    return on_device("radiation.occupancy", at, fields.take(), now, token);
}

Event radiation_alarm(const RadiationPlace& at, RadiationLevel level, const Value& occupancy, const Now& now) {
    return on_device("radiation.alarm", at, with({{"level", text_of(level)}, {"occupancy_sequence", occupancy}}, at),
                     now);
}

Event radiation_acknowledged(const RadiationPlace& at, RadiationLevel level, Object actor, const Now& now) {
    actor.push_back({"level", text_of(level)});
    return on_device("radiation.acknowledged", at, with(std::move(actor), at), now);
}

Event radiation_rescan(const RadiationPlace& at, const Value& previous_occupancy, RadiationState result,
                       const Now& now) {
    return on_device("radiation.rescan", at,
                     with({{"previous_occupancy_sequence", previous_occupancy}, {"result", text_of(result)}}, at), now);
}

Event radiation_tested(const RadiationPlace& at, std::string_view result, Object actor, const Now& now) {
    actor.push_back({"result", result});
    return on_device("radiation.tested", at, with(std::move(actor), at), now);
}

}  // namespace portcullis::lane
