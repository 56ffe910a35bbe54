#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/order_value.hpp"
#include "codec/orders.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

void write_movement(ObjectBuilder& out, Movement movement) {
    if (movement != Movement::unknown) {
        out.word<Movement>("movement", movement);
    }
}

void write_body(ObjectBuilder& out, const ReleaseOrder& release) {
    out.text("kind", std::string_view{"release"});
    out.word<ReleaseStatus>("status", release.status);
    write_movement(out, release.movement);
    out.named("container", release.container);
    out.texts("declarations", release.declarations);
    out.text("enterprise", release.enterprise);
    out.text("class", release.enterprise_class);
    out.texts("hs", release.hs);
    out.text("origin", release.origin);
    out.text("origin_region", release.origin_region);
    out.text("last_port", release.last_port);
    out.text("size_type", release.size_type);
    if (release.fullness != Fullness::unknown) {
        out.word<Fullness>("fullness", release.fullness);
    }
    out.integer("gross_kg", release.gross_kg);
    out.word("mass_basis", release.mass_basis);
    out.integer("box_tare_kg", release.box_tare_kg);
    out.flag("wood", release.wood);
    out.flag("ippc", release.ippc);
    out.flag("reefer", release.reefer);
    out.text("imdg", release.imdg);
    out.texts("seals", release.seals);
    out.word("draw", release.draw);
    json::array conditions;
    for (const auto& condition : release.conditions) {
        auto read = parse_json(condition.canonical, {});
        conditions.push_back(read ? std::move(read).value() : json::value{{"kind", condition.kind}});
    }
    out.place("conditions") = std::move(conditions);
    out.text("zone", release.zone);
    if (!release.attributes.empty()) {
        ObjectBuilder attributes{out.place("attributes").emplace_object()};
        for (const auto& [name, value] : release.attributes) {
            attributes.text(name, std::string_view{value});
        }
    }
    if (!release.dates.empty()) {
        ObjectBuilder dates{out.place("dates").emplace_object()};
        for (const auto& [name, value] : release.dates) {
            dates.time(name, value);
        }
    }
}

void write_body(ObjectBuilder& out, const MovementOrder& movement) {
    out.text("kind", std::string_view{"movement"});
    write_movement(out, movement.movement);
    out.named("container", movement.container);
    out.text("size_type", movement.size_type);
}

void write_body(ObjectBuilder& out, const TargetingOrder& targeting) {
    out.text("kind", std::string_view{"targeting"});
    ObjectBuilder match{out.place("match").emplace_object()};
    match.named("container", targeting.match.container);
    match.named("plate", targeting.match.plate);
    match.text("enterprise", targeting.match.enterprise);
    match.text("origin", targeting.match.origin);
    match.text("hs", targeting.match.hs);
    out.word<TargetingAction>("action", targeting.action);
    out.texts("method", targeting.method);
    out.text("zone", targeting.zone);
    out.text("basis", targeting.basis);
    out.integer("level", targeting.level);
    out.flag("once", targeting.once ? Tristate::yes : Tristate::no);
    out.word("lifted_by", targeting.lifted_by);
    out.word<Visibility>("visibility", targeting.visibility);
}

}  // namespace

json::object stated_order(const Order& order) {
    json::object object;
    ObjectBuilder out{object};
    out.text("authority", std::string_view{order.authority.text()});
    out.text("order", std::string_view{order.id.text()});
    std::visit([&](const auto& body) { write_body(out, body); }, order.body);
    if (order.targeting() == nullptr) {
        out.all_named("tractor_plates", order.tractor_plates);
        out.all_named("trailer_plates", order.trailer_plates);
        out.integer("uses", order.uses);
    }
    out.texts("gates", order.gates);
    out.all_named("control_points", order.control_points);
    out.time("valid_from", order.valid_from);
    out.time("valid_to", order.valid_to);
    out.text("officer", std::string_view{order.officer});
    out.time("decided", order.decided);
    if (order.revoked) {
        out.text("revoked", std::string_view{order.revoke_reason.empty() ? "unknown" : order.revoke_reason});
    }
    return object;
}

std::string write_cached_order(const Order& order) {
    return canonical_text(json::value(stated_order(order)));
}

std::string write_snapshot_line(const Order& order, std::span<const UsedOrder> used) {
    auto object = stated_order(order);
    json::array places;
    for (const auto& one : used) {
        json::object object_of_place;
        ObjectBuilder place{object_of_place};
        place.named("container", one.container);
        place.text("control_point", std::string_view{one.control_point.text()});
        place.text("gate", std::string_view{one.gate});
        place.text("passage", std::string_view{one.passage.text()});
        place.integer("place", one.place == 1 ? std::nullopt : std::optional<std::int64_t>{one.place});
        place.time("at", one.at);
        places.push_back(std::move(object_of_place));
    }
    if (!places.empty()) {
        object["used"] = std::move(places);
    }
    return canonical_text(json::value(std::move(object)));
}

std::string write_order_batch(const OrderBatch& batch, std::span<const std::string> order_objects) {
    std::string out;
    CanonicalWriter writer{out};
    const auto text = [&](std::string_view head, std::string_view value) {
        out.append(head);
        writer.text(value);
    };
    text(R"({"kind":)", orders_kind);
    text(R"(,"authority":)", batch.authority.text());
    text(R"(,"terminal":)", batch.terminal);
    char before = '[';
    out.append(R"(,"gates":)");
    for (const auto& gate : batch.gates) {
        text(std::string_view{&before, 1}, gate);
        before = ',';
    }
    out.append(R"(],"number":)");
    writer.integer(batch.number);
    text(R"(,"previous":)", batch.previous);
    text(R"(,"issued":)", time_text(batch.issued));
    text(R"(,"expires":)", time_text(batch.expires.value_or(batch.issued)));
    out.append(R"(,"orders":[)");
    for (const auto& object : order_objects) {
        out.append(&object == &order_objects.front() ? "" : ",").append(object);
    }
    out.append("]}");
    return out;
}

}  // namespace portcullis::codec
