#include <algorithm>
#include <boost/json/array.hpp>

#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/order_value.hpp"
#include "codec/pass_value.hpp"
#include "codec/stated_passage.hpp"
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

/// A reading that no document can carry still says that there was one.
std::string carried(const std::string& reading) {
    return text_defect(reading, longest_text) ? "?" : reading;
}

void write_readings(ObjectBuilder& out, std::string_view name, const std::vector<std::string>& readings) {
    if (readings.empty()) {
        return;
    }
    json::array array;
    for (const auto& reading : readings) {
        array.emplace_back(carried(reading));
    }
    out.place(name) = std::move(array);
}

void write_disagreements(const PassageIdentity& identity, ObjectBuilder& out) {
    std::vector<ReadingKind> kinds;
    for (const auto& one : identity.disagreements) {
        if (std::ranges::find(kinds, one.kind) == kinds.end()) {
            kinds.push_back(one.kind);
        }
    }
    if (!kinds.empty()) {
        write_words(out, "readers_disagree", kinds);
    }
}

void write_identity(const PassageIdentity& identity, ObjectBuilder& out) {
    json::array containers;
    for (const auto& container : identity.containers) {
        containers.emplace_back(container.number.text());
    }
    out.place("containers") = std::move(containers);
    write_readings(out, "invalid_containers", identity.invalid_containers);
    out.named("plate", identity.tractor);
    out.named("trailer", identity.trailer);
    out.named("home_plate", identity.home_plate);
    if (!identity.other_plates.empty()) {
        out.all_named("other_plates", identity.other_plates);
    }
    write_readings(out, "invalid_plates", identity.invalid_plates);
    write_disagreements(identity, out);
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
    if (facts.passage != PassageId{}) {
        out.text("passage", std::string_view{facts.passage.text()});
    }
    write_identity(facts.identity, out);
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
    } else if (box.results_known) {
        out.word<ZoneResultState>("zone_result", ZoneResultState::none);
    }
    out.texts("answered_before", box.answered_before);
    out.flag("left_already", box.history.left_already.value_or(Tristate::unknown));
    out.time("came_in", box.history.came_in);
    return object;
}

/// Of boxes about which nothing else is known.
void write_sizes(const PassageFacts& facts, ObjectBuilder& out) {
    json::object sizes;
    for (const auto& box : facts.identity.containers) {
        const bool told = std::ranges::any_of(
            facts.measures.boxes, [&](const BoxMeasures& measured) { return measured.container == box.number; });
        if (!told && !box.size_type.empty()) {
            sizes[box.number.text()] = box.size_type;
        }
    }
    if (!sizes.empty()) {
        out.place("size_types") = std::move(sizes);
    }
}

void write_known_passes(const KnownPasses& known, ObjectBuilder out) {
    out.integer("version", known.version);
    out.time("expires", known.expires);
    json::array passes;
    for (const auto& one : known.passes) {
        ObjectBuilder row{passes.emplace_back(json::object{}).get_object()};
        write_pass(one.pass, row);
        if (one.taken > 0) {
            row.integer("taken", one.taken);
        }
    }
    out.place("passes") = std::move(passes);
}

void write_measures(const PassageFacts& facts, ObjectBuilder& out) {
    const auto& measures = facts.measures;
    out.word<RadiationState>("radiation", measures.radiation);
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
    write_sizes(facts, out);
    if (measures.passes) {
        write_known_passes(*measures.passes, ObjectBuilder{out.place("passes").emplace_object()});
    }
    if (measures.minute_of_day) {
        out.text("time_of_day", std::string_view{time_of_day(*measures.minute_of_day)});
    }
}

void write_flag(ObjectBuilder& out, std::string_view name, bool value) {
    if (value) {
        out.place(name) = true;
    }
}

void write_usage(const FoundOrder& found, json::array& rows) {
    for (const auto& usage : found.usage) {
        ObjectBuilder row{rows.emplace_back(json::object{}).get_object()};
        row.text("authority", std::string_view{found.order.authority.text()});
        row.text("order", std::string_view{found.order.id.text()});
        row.text("control_point", std::string_view{usage.key.control_point.text()});
        row.word<UsageState>("state", usage.state);
        row.text("passage", std::string_view{usage.passage.text()});
    }
}

void write_orders(const OrdersFound& found, ObjectBuilder& out) {
    write_flag(out, "lookup_failed", found.failed);
    write_flag(out, "orders_empty", found.empty_cache);
    write_flag(out, "orders_behind", found.behind);
    if (!found.authorities_behind.empty()) {
        out.all_named("authorities_behind", found.authorities_behind);
    }
    if (found.cursor != 1) {
        out.integer("order_cursor", found.cursor);
    }
    out.word<DocumentState>("orders_state", found.state);
    out.integer("orders_age_s", found.age_s);
    json::array orders;
    json::array usage;
    for (const auto& one : found.orders) {
        orders.emplace_back(stated_order(one.order));
        write_usage(one, usage);
    }
    out.place("orders") = std::move(orders);
    if (!usage.empty()) {
        out.place("usage") = std::move(usage);
    }
}

}  // namespace

void write_stated_passage(const PassageFacts& facts, const OrdersFound& orders, const DecisionBasis& basis,
                          json::object& object) {
    ObjectBuilder out{object};
    out.time("at", basis.now.wall);
    out.word<ClockState>("clock_state", basis.now.clock_state);
    out.integer("clock_band_ms", basis.clock_band.count());
    out.word<DocumentState>("ruleset_state", basis.ruleset_state);
    out.integer("ruleset_age_s", basis.ruleset_age_s);
    object["link_up"] = basis.link_up;
    write_passage(facts, out);
    write_measures(facts, out);
    write_orders(orders, out);
}

std::string write_facts(const PassageFacts& facts, const OrdersFound& orders, const DecisionBasis& basis) {
    json::object object;
    write_stated_passage(facts, orders, basis, object);
    return canonical_text(json::value(std::move(object)));
}

}  // namespace portcullis::codec
