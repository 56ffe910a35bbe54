#include <algorithm>
#include <functional>
#include <utility>

#include "codec/declared_extras.hpp"
#include "codec/digest.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/object_reader.hpp"
#include "codec/order_authority.hpp"
#include "codec/order_value.hpp"
#include "codec/order_words.hpp"
#include "codec/orders.hpp"
#include "codec/predicate.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr JsonLimits payload_limits{most_payload_bytes, 16};
constexpr JsonLimits order_limits{std::size_t{256} * 1024, 16};
constexpr std::size_t most_conditions = 32;
constexpr std::size_t longest_condition = 4096;
constexpr std::int64_t most_uses = 1'000'000;
constexpr std::int64_t heaviest_kg = 10'000'000;
constexpr std::int64_t highest_level = 1000;

/// Where an order object stands: a cached order carries what its batch and its revocation said.
enum class OrderForm : std::uint8_t { sent, cached };

std::vector<PlateNumber> plates(ObjectReader& reader, std::string_view name) {
    std::vector<PlateNumber> plates;
    const auto texts = reader.optional_texts(name, most_listed);
    for (std::size_t i = 0; texts && i < texts->size(); ++i) {
        auto plate = PlateNumber::parse((*texts)[i]);
        if (plate) {
            plates.push_back(std::move(plate).value());
        } else {
            reader.refuse_item(name, i, "\"" + (*texts)[i] + "\": " + plate.error().message());
        }
    }
    return plates;
}

Tristate tristate(ObjectReader& reader, std::string_view name) {
    const auto flag = reader.optional_flag(name);
    if (!flag) {
        return Tristate::unknown;
    }
    return *flag ? Tristate::yes : Tristate::no;
}

/// Not said = unknown, which never releases; the word `unknown` is none that may be sent.
Movement movement(ObjectReader& reader) {
    return reader.optional_word<Movement>("movement", {Movement::unknown}).value_or(Movement::unknown);
}

std::vector<OrderCondition> conditions(ObjectReader& reader) {
    std::vector<OrderCondition> conditions;
    const auto* value = reader.find("conditions");
    if (value == nullptr) {
        return conditions;
    }
    const auto* items = value->if_array();
    if (items == nullptr || items->size() > most_conditions) {
        reader.refuse("conditions", "must be a list of at most " + std::to_string(most_conditions));
        return conditions;
    }
    for (const auto& item : *items) {
        ObjectReader condition{item, pointer_to(pointer_to(reader.pointer(), "conditions"), conditions.size()),
                               reader.refusal()};
        auto kind = condition.text("kind", longest_identifier);  // its other members are the kind's own
        auto canonical = canonical_text(item);
        if (canonical.size() > longest_condition) {
            reader.refuse_item("conditions", conditions.size(), "is too long", RefusalCause::limits);
        }
        auto predicate = item.is_object() ? read_order_condition(item.get_object()) : std::nullopt;
        conditions.push_back({std::move(kind), std::move(canonical), std::move(predicate)});
    }
    return conditions;
}

ReleaseOrder release_body(ObjectReader& reader) {
    ReleaseOrder release;
    // Revocation is an operation of its own (contracts.md 4).
    release.status = reader.word<ReleaseStatus>("status", {ReleaseStatus::revoked});
    release.movement = movement(reader);
    release.container = parsed_text<ContainerNumber>(reader, "container");
    release.declarations = formed_texts(reader, "declarations", is_identifier, identifier_form);
    release.enterprise = formed_text(reader, "enterprise", is_identifier, identifier_form);
    release.enterprise_class = formed_text(reader, "class", is_identifier, identifier_form);
    release.hs = formed_texts(reader, "hs", is_hs_code, hs_code_form);
    release.origin = formed_text(reader, "origin", is_country, country_form);
    release.origin_region = formed_text(reader, "origin_region", is_identifier, identifier_form);
    release.last_port = formed_text(reader, "last_port", is_port, port_form);
    release.size_type = formed_text(reader, "size_type", is_size_type, size_type_form);
    release.fullness = reader.optional_word<Fullness>("fullness", {Fullness::unknown}).value_or(Fullness::unknown);
    release.gross_kg = reader.optional_integer("gross_kg", 0, heaviest_kg);
    release.mass_basis = reader.optional_word<MassBasis>("mass_basis");
    release.box_tare_kg = reader.optional_integer("box_tare_kg", 0, heaviest_kg);
    release.wood = tristate(reader, "wood");
    release.ippc = tristate(reader, "ippc");
    release.reefer = tristate(reader, "reefer");
    release.imdg = formed_text(reader, "imdg", is_identifier, identifier_form);
    release.seals = formed_texts(reader, "seals", is_identifier, identifier_form);
    release.draw = reader.optional_word<Draw>("draw");
    release.conditions = conditions(reader);
    release.zone = formed_text(reader, "zone", is_setting_name, setting_name_form);
    release.attributes = read_attributes(reader);
    release.dates = read_dates(reader);
    return release;
}

MovementOrder movement_body(ObjectReader& reader) {
    return {movement(reader), parsed_text<ContainerNumber>(reader, "container"),
            formed_text(reader, "size_type", is_size_type, size_type_form)};
}

TargetingMatch targeting_match(ObjectReader& order) {
    const auto* value = order.find("match");
    if (value == nullptr) {
        order.refuse("match", "is missing");
        return {};
    }
    ObjectReader reader{*value, pointer_to(order.pointer(), "match"), order.refusal()};
    TargetingMatch match{parsed_text<ContainerNumber>(reader, "container"), parsed_text<PlateNumber>(reader, "plate"),
                         formed_text(reader, "enterprise", is_identifier, identifier_form),
                         formed_text(reader, "origin", is_country, country_form),
                         formed_text(reader, "hs", is_hs_code, hs_code_form)};
    reader.refuse_unknown_members();
    if (!match.container && !match.plate && !match.enterprise && !match.origin && !match.hs) {
        order.refuse("match", "names nothing: it would match every vehicle");
    }
    return match;
}

TargetingOrder targeting_body(ObjectReader& reader) {
    TargetingOrder targeting;
    targeting.match = targeting_match(reader);
    targeting.action = reader.word<TargetingAction>("action");
    targeting.method = formed_texts(reader, "method", is_word, word_form).value_or(std::vector<std::string>{});
    targeting.zone = formed_text(reader, "zone", is_setting_name, setting_name_form);
    targeting.basis = formed_text(reader, "basis", is_identifier, identifier_form);
    targeting.level = reader.optional_integer("level", 0, highest_level);
    targeting.once = reader.optional_flag("once").value_or(false);
    targeting.lifted_by = reader.optional_word<LiftedBy>("lifted_by");
    // Not said = not to be shown (design.md 4, no tipping off).
    targeting.visibility = reader.optional_word<Visibility>("visibility").value_or(Visibility::covert);
    return targeting;
}

/// What release and movement orders have and targeting has not: vehicles and places.
void read_admission(ObjectReader& reader, Order& order) {
    order.tractor_plates = plates(reader, "tractor_plates");
    order.trailer_plates = plates(reader, "trailer_plates");
    order.uses = static_cast<int>(reader.optional_integer("uses", 1, most_uses).value_or(1));
}

/// An event that names this officer must be possible.
std::string read_officer(ObjectReader& reader) {
    auto officer = reader.text("officer", longest_identifier);
    if (looks_like_digest(officer)) {
        reader.refuse("officer", "looks like the digest of an erased value");
    }
    return officer;
}

void read_common(ObjectReader& reader, Order& order) {
    order.id = OrderId{reader.text("order", longest_identifier)};
    order.gates =
        formed_texts(reader, "gates", is_audience_name, audience_name_form).value_or(std::vector<std::string>{});
    for (auto& point : formed_texts(reader, "control_points", is_setting_name, setting_name_form)
                           .value_or(std::vector<std::string>{})) {
        order.control_points.emplace_back(std::move(point));
    }
    order.valid_from = reader.time("valid_from");
    order.valid_to = reader.optional_time("valid_to");
    if (order.valid_to && *order.valid_to < order.valid_from) {
        reader.refuse("valid_to", "is before valid_from");
    }
    order.officer = read_officer(reader);
    order.decided = reader.time("decided");
}

void read_body(ObjectReader& reader, Order& order) {
    const auto kind = reader.text("kind");
    if (kind == "release") {
        order.body = release_body(reader);
        read_admission(reader, order);
    } else if (kind == "movement") {
        order.body = movement_body(reader);
        read_admission(reader, order);
    } else if (kind == "targeting") {
        order.body = targeting_body(reader);
    } else {
        reader.refuse("kind", "\"" + kind + "\" is none of: release, movement, targeting");
    }
}

Order read_put(ObjectReader& reader, OrderForm form, const Authority& authority) {
    Order order;
    order.authority = authority;
    read_common(reader, order);
    read_body(reader, order);
    if (form == OrderForm::cached) {
        order.authority = Authority{required_text(reader, "authority", is_authority, authority_form)};
        const auto reason = reader.optional_text("revoked");
        order.revoked = reason.has_value();
        order.revoke_reason = reason.value_or(std::string{});
    }
    reader.refuse_unknown_members();
    return order;
}

RevokeOrder read_revoke(ObjectReader& reader) {
    RevokeOrder revoke{OrderId{reader.text("order", longest_identifier)}, reader.text("reason"), read_officer(reader),
                       reader.time("decided")};
    reader.refuse_unknown_members();
    return revoke;
}

/// A place that was used somewhere, without the order's id.
UsedOrder read_place(ObjectReader& reader) {
    UsedOrder used;
    used.container = parsed_text<ContainerNumber>(reader, "container");
    used.control_point = ControlPoint{required_text(reader, "control_point", is_setting_name, setting_name_form)};
    used.gate = required_text(reader, "gate", is_audience_name, audience_name_form);
    if (const auto passage = PassageId::parse(reader.text("passage"))) {
        used.passage = *passage;
    } else {
        reader.refuse("passage", "must be 32 lower-case hex digits");
    }
    used.place = static_cast<int>(reader.optional_integer("place", 1, most_uses).value_or(1));
    used.at = reader.time("at");
    return used;
}

UsedOrder read_used(ObjectReader& reader) {
    auto used = read_place(reader);
    used.id = OrderId{reader.text("order", longest_identifier)};
    reader.refuse_unknown_members();
    return used;
}

std::vector<UsedOrder> read_places(ObjectReader& reader) {
    std::vector<UsedOrder> places;
    const auto* value = reader.find("used");
    if (value == nullptr) {
        return places;
    }
    const auto* items = value->if_array();
    if (items == nullptr || items->size() > most_used_in_line) {
        reader.refuse("used", "must be a list of at most " + std::to_string(most_used_in_line), RefusalCause::limits);
        return places;
    }
    for (const auto& item : *items) {
        ObjectReader place{item, pointer_to(pointer_to(reader.pointer(), "used"), places.size()), reader.refusal()};
        places.push_back(read_place(place));
        place.refuse_unknown_members();
    }
    return places;
}

OrderOperation read_operation(ObjectReader reader, const Authority& authority) {
    const auto operation = reader.text("op");
    if (operation == "revoke") {
        return read_revoke(reader);
    }
    if (operation == "used") {
        return read_used(reader);
    }
    if (operation != "put") {
        reader.refuse("op", "\"" + operation + "\" is none of: put, revoke, used");
    }
    return read_put(reader, OrderForm::sent, authority);
}

OrderBatch read_head(ObjectReader& reader) {
    OrderBatch batch;
    if (reader.text("kind") != orders_kind) {
        reader.refuse("kind", "must be orders");
    }
    batch.authority = Authority{required_text(reader, "authority", is_order_authority, order_authority_form)};
    batch.terminal = read_terminal(reader);
    batch.gates = read_gates(reader);
    batch.number = reader.integer("number", 1, widest_integer);
    batch.previous = reader.text("previous");
    if (!hash256_from_hex(batch.previous)) {
        reader.refuse("previous", "must be 64 lower-case hex digits");
    }
    batch.issued = reader.time("issued");
    batch.expires = reader.time("expires");
    if (*batch.expires <= batch.issued) {
        reader.refuse("expires", "is not after issued");
    }
    return batch;
}

}  // namespace

Result<OrderBatch, Refusal> read_order_batch(std::string_view payload) {
    const auto document = parse_json(payload, payload_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    auto batch = read_head(reader);
    const auto& orders = reader.array("orders");
    reader.refuse_unknown_members();
    if (orders.size() > most_orders_in_batch) {
        reader.refuse("orders",
                      std::to_string(orders.size()) + " orders, at most " + std::to_string(most_orders_in_batch),
                      RefusalCause::limits);
    }
    for (std::size_t i = 0; i < orders.size() && !refusal; ++i) {
        batch.operations.push_back(
            read_operation(ObjectReader{orders[i], pointer_to("/orders", i), refusal}, batch.authority));
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return batch;
}

Result<OrderOperation, Refusal> read_order_operation(std::string_view line, const Authority& authority) {
    const auto document = parse_json(line, order_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    auto operation = read_operation(ObjectReader{*document, {}, refusal}, authority);
    if (refusal) {
        return Failure{refusal.get()};
    }
    return operation;
}

Order read_stated_order(const json::value& value, std::string pointer, FirstRefusal& refusal) {
    ObjectReader reader{value, std::move(pointer), refusal};
    return read_put(reader, OrderForm::cached, {});
}

Result<SnapshotLine, Refusal> read_snapshot_line(std::string_view text) {
    const auto document = parse_json(text, order_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    auto used = read_places(reader);
    SnapshotLine line{read_put(reader, OrderForm::cached, {}), std::move(used)};
    for (auto& place : line.used) {
        place.id = line.order.id;
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return line;
}

Result<Order, Refusal> read_cached_order(std::string_view text) {
    const auto document = parse_json(text, order_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    auto order = read_stated_order(*document, {}, refusal);
    if (refusal) {
        return Failure{refusal.get()};
    }
    return order;
}

}  // namespace portcullis::codec
