#include <boost/json/array.hpp>

#include "codec/object_builder.hpp"
#include "codec/order_value.hpp"
#include "codec/ruleset_parts.hpp"
#include "codec/time_of_day.hpp"
#include "codec/word_list.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

/// A word; `unknown` is left out.
template <HasTexts Enum>
void write_known(ObjectBuilder& out, std::string_view name, Enum value) {
    if (text_of(value) != "unknown") {
        out.word<Enum>(name, value);
    }
}

void write_passage(const PassageFacts& facts, ObjectBuilder& out) {
    out.text("gate", std::string_view{facts.gate});
    out.text("lane", std::string_view{facts.lane.text()});
    out.text("control_point", std::string_view{facts.control_point.text()});
    write_known(out, "way", facts.way);
    write_known(out, "load", facts.load);
    out.word<LoadSource>("load_source", facts.load_source);
    out.integer("boxes", facts.boxes);
    write_known(out, "fullness", facts.fullness);
    json::array containers;
    for (const auto& container : facts.identity.containers) {
        containers.emplace_back(container.number.text());
    }
    out.place("containers") = std::move(containers);
    out.named("plate", facts.identity.tractor);
    out.named("trailer", facts.identity.trailer);
    write_words(out, "requires", facts.required);
}

void write_result(const ZoneResult& result, ObjectBuilder out) {
    out.text("id", std::string_view{result.id});
    out.text("zone", std::string_view{result.zone});
    out.word<ZoneResultState>("result", result.result);
    out.texts("methods", result.methods);
    out.texts("answers", result.answers);
    out.texts("old_seals", result.old_seals);
    out.texts("new_seals", result.new_seals);
    out.time("started", result.started);
    out.time("ended", result.ended);
}

json::object box_of(const BoxMeasures& box, const PassageIdentity& identity) {
    json::object object;
    ObjectBuilder out{object};
    out.text("container", std::string_view{box.container.text()});
    for (const auto& read : identity.containers) {
        if (read.number == box.container && !read.size_type.empty()) {
            out.text("size_type", std::string_view{read.size_type});
        }
    }
    write_known(out, "seal", box.seal);
    out.texts("seals_read", box.seals_read);
    ObjectBuilder tickets{out.place("tickets").emplace_object()};
    for (const auto& ticket : box.tickets) {
        tickets.integer(ticket.purpose, ticket.ticket_ppm);
    }
    if (box.zone_result) {
        write_result(*box.zone_result, ObjectBuilder{out.place("zone_result").emplace_object()});
    }
    out.texts("answered_before", box.answered_before);
    out.flag("left_already", box.history.left_already.value_or(Tristate::unknown));
    out.time("came_in", box.history.came_in);
    return object;
}

void write_measures(const PassageFacts& facts, ObjectBuilder& out) {
    const auto& measures = facts.measures;
    write_known(out, "radiation", measures.radiation);
    out.integer("gross_vehicle_kg", measures.gross_vehicle_kg);
    out.integer("vehicle_tare_kg", measures.vehicle_tare_kg);
    if (measures.visits) {
        json::array visits;
        for (const auto& visit : *measures.visits) {
            ObjectBuilder row{visits.emplace_back(json::object{}).get_object()};
            row.time("at", visit.at);
            row.text("lane", std::string_view{visit.lane});
        }
        out.place("visits") = std::move(visits);
    }
    if (measures.boxes_inside_known) {
        ObjectBuilder inside{out.place("boxes_inside").emplace_object()};
        for (const auto& [enterprise, boxes] : measures.boxes_inside) {
            inside.integer(enterprise, boxes);
        }
    }
    json::array about;
    for (const auto& box : measures.boxes) {
        about.emplace_back(box_of(box, facts.identity));
    }
    out.place("about") = std::move(about);
    if (measures.minute_of_day) {
        out.text("time_of_day", std::string_view{time_of_day(*measures.minute_of_day)});
    }
}

void write_expected(const ExpectedVerdict& expected, ObjectBuilder out) {
    out.word<VerdictOutcome>("outcome", expected.outcome);
    write_words(out, "reasons", expected.reasons);
    out.texts("rules", expected.rules);
    out.text("zone", expected.zone);
    out.texts("methods", expected.methods);
}

}  // namespace

json::object write_case(const RulesetCase& one) {
    json::object object;
    ObjectBuilder out{object};
    out.text("case", std::string_view{one.id});
    out.text("says", std::string_view{one.says});
    out.time("at", one.basis.now.wall);
    out.word<ClockState>("clock_state", one.basis.now.clock_state);
    out.integer("clock_band_ms", one.basis.clock_band.count());
    out.word<DocumentState>("ruleset_state", one.basis.ruleset_state);
    out.integer("ruleset_age_s", one.basis.ruleset_age_s);
    object["link_up"] = one.basis.link_up;
    write_passage(one.facts, out);
    write_measures(one.facts, out);
    out.word<DocumentState>("orders_state", one.orders.state);
    out.integer("orders_age_s", one.orders.age_s);
    json::array orders;
    for (const auto& found : one.orders.orders) {
        orders.emplace_back(stated_order(found.order));
    }
    out.place("orders") = std::move(orders);
    write_expected(one.expected, ObjectBuilder{out.place("expect").emplace_object()});
    return object;
}

}  // namespace portcullis::codec
