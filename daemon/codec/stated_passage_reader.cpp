#include <algorithm>
#include <boost/json/array.hpp>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/order_value.hpp"
#include "codec/order_words.hpp"
#include "codec/pass_value.hpp"
#include "codec/stated_passage.hpp"
#include "codec/time_of_day.hpp"
#include "codec/word_list.hpp"
#include "supervision/targeting.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr std::size_t most_items = 1000;  ///< orders, visits, boxes, … of one passage
constexpr std::int64_t whole_ppm = 1'000'000;
constexpr std::int64_t heaviest_kg = 10'000'000;
constexpr std::int64_t widest_count = 1'000'000;
constexpr std::int64_t longest_age_s = std::int64_t{10} * 366 * 24 * 3600;

/// Calls `read(row)` with a reader for each object of the list `name`.
template <class Read>
void for_each_object(ObjectReader& reader, std::string_view name, Read&& read) {
    const auto* value = reader.find(name);
    const auto* items = value == nullptr ? nullptr : value->if_array();
    if (value != nullptr && (items == nullptr || items->size() > most_items)) {
        reader.refuse(name, "must be a list of at most " + std::to_string(most_items));
        return;
    }
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        read((*items)[i], pointer_to(pointer_to(reader.pointer(), name), i));
    }
}

/// Calls `read(members, name)` for each member of the object `name`.
template <class Read>
void for_each_member(ObjectReader& reader, std::string_view name, Read&& read) {
    const auto* value = reader.find(name);
    const auto* object = value == nullptr ? nullptr : value->if_object();
    if (value != nullptr && (object == nullptr || object->size() > most_items)) {
        reader.refuse(name, "must be an object of at most " + std::to_string(most_items) + " members");
        return;
    }
    if (object == nullptr) {
        return;
    }
    ObjectReader members{*value, pointer_to(reader.pointer(), name), reader.refusal()};
    for (const auto& member : *object) {
        read(members, std::string_view{member.key()});
    }
}

/// The parsed texts of the list `name`.
template <class Parsed>
std::vector<Parsed> parsed_texts(ObjectReader& reader, std::string_view name) {
    std::vector<Parsed> numbers;
    const auto texts = reader.optional_texts(name, most_items);
    for (std::size_t i = 0; texts && i < texts->size(); ++i) {
        auto number = Parsed::parse((*texts)[i]);
        if (number) {
            numbers.push_back(std::move(number).value());
        } else {
            reader.refuse_item(name, i, "\"" + (*texts)[i] + "\": " + number.error().message());
        }
    }
    return numbers;
}

std::optional<PassageId> parsed_id(ObjectReader& reader, std::string_view name) {
    const auto text = reader.optional_text(name);
    const auto id = text ? PassageId::parse(*text) : std::nullopt;
    if (text && !id) {
        reader.refuse(name, "must be 32 lower-case hex digits");
    }
    return id;
}

void read_identity(ObjectReader& reader, PassageIdentity& identity) {
    for (auto& number : parsed_texts<ContainerNumber>(reader, "containers")) {
        identity.containers.push_back({std::move(number), LoadPosition::not_applicable, {}, 1, {}});
    }
    identity.invalid_containers =
        reader.optional_texts("invalid_containers", most_items).value_or(std::vector<std::string>{});
    identity.tractor = parsed_text<PlateNumber>(reader, "plate");
    identity.trailer = parsed_text<PlateNumber>(reader, "trailer");
    identity.home_plate = parsed_text<PlateNumber>(reader, "home_plate");
    identity.other_plates = parsed_texts<PlateNumber>(reader, "other_plates");
    identity.invalid_plates = reader.optional_texts("invalid_plates", most_items).value_or(std::vector<std::string>{});
    for (const auto kind : word_list<ReadingKind>(reader, "readers_disagree")) {
        identity.disagreements.push_back({kind, {}});
    }
}

void read_passage(ObjectReader& reader, PassageFacts& facts) {
    facts.gate = required_text(reader, "gate", is_audience_name, audience_name_form);
    facts.lane = LaneName{required_text(reader, "lane", is_setting_name, setting_name_form)};
    facts.control_point =
        ControlPoint{formed_text(reader, "control_point", is_setting_name, setting_name_form).value_or(facts.gate)};
    facts.way = reader.optional_word<Way>("way", {Way::unknown}).value_or(Way::unknown);
    facts.load = reader.optional_word<Load>("load", {Load::unknown}).value_or(Load::unknown);
    const auto source = facts.load == Load::unknown ? LoadSource::none : LoadSource::profile_beams;
    facts.load_source = reader.optional_word<LoadSource>("load_source").value_or(source);
    if (const auto boxes = reader.optional_integer("boxes", 0, 2)) {
        facts.boxes = static_cast<int>(*boxes);
    }
    facts.fullness = reader.optional_word<Fullness>("fullness", {Fullness::unknown}).value_or(Fullness::unknown);
    read_identity(reader, facts.identity);
    facts.passage = parsed_id(reader, "passage").value_or(PassageId{});
    facts.required = word_list<Identity>(reader, "requires");
}

ZoneResult read_result(const json::value& value, std::string pointer, const ContainerNumber& container,
                       FirstRefusal& refusal) {
    ObjectReader reader{value, std::move(pointer), refusal};
    // Read in the order of the members: a list in braces is evaluated from the left.
    ZoneResult result{required_text(reader, "id", is_identifier, identifier_form),
                      container,
                      required_text(reader, "zone", is_setting_name, setting_name_form),
                      reader.word<ZoneResultState>("result", {ZoneResultState::none}),
                      listed_texts(reader, "methods", is_word, word_form),
                      listed_texts(reader, "answers", is_identifier, identifier_form),
                      listed_texts(reader, "old_seals", is_identifier, identifier_form),
                      listed_texts(reader, "new_seals", is_identifier, identifier_form),
                      {},
                      {},
                      reader.time("started"),
                      reader.time("ended")};
    reader.refuse_unknown_members();
    return result;
}

Tristate tristate(ObjectReader& reader, std::string_view name) {
    const auto flag = reader.optional_flag(name);
    if (!flag) {
        return Tristate::unknown;
    }
    return *flag ? Tristate::yes : Tristate::no;
}

/// What is known of one box; the size and type that was read belongs to the passage's identity.
void read_box(const json::value& value, std::string pointer, FirstRefusal& refusal, PassageFacts& facts) {
    ObjectReader reader{value, std::move(pointer), refusal};
    auto number = parsed_text<ContainerNumber>(reader, "container");
    auto& read = facts.identity.containers;
    const auto identified = std::find_if(read.begin(), read.end(), [&](const IdentifiedContainer& container) {
        return number && container.number == *number;
    });
    if (identified == read.end()) {
        reader.refuse("container", "is none of the containers");
        return;
    }
    identified->size_type = formed_text(reader, "size_type", is_size_type, size_type_form).value_or(std::string{});
    BoxMeasures box{*number, SealState::unknown, {}, {}, {}, {}, {}, {}};
    box.seal = reader.optional_word<SealState>("seal", {SealState::unknown}).value_or(SealState::unknown);
    box.seals_read = listed_texts(reader, "seals_read", is_identifier, identifier_form);
    for_each_member(reader, "tickets", [&](ObjectReader& tickets, std::string_view purpose) {
        box.tickets.push_back({std::string{purpose}, tickets.optional_integer(purpose, 0, whole_ppm)});
    });
    if (const auto* result = reader.find("zone_result")) {
        box.results_known = true;
        if (*result != json::value("none")) {
            box.zone_result = read_result(*result, pointer_to(reader.pointer(), "zone_result"), *number, refusal);
        }
    }
    box.answered_before = listed_texts(reader, "answered_before", is_identifier, identifier_form);
    const auto left = tristate(reader, "left_already");
    if (left != Tristate::unknown) {
        box.history.left_already = left;
    }
    box.history.came_in = reader.optional_time("came_in");
    reader.refuse_unknown_members();
    facts.measures.boxes.push_back(std::move(box));
}

void read_visits(ObjectReader& reader, PassageMeasures& measures) {
    if (reader.find("visits") == nullptr) {
        return;
    }
    measures.visits.emplace();
    for_each_object(reader, "visits", [&](const json::value& value, std::string pointer) {
        ObjectReader visit{value, std::move(pointer), reader.refusal()};
        measures.visits->push_back(
            {visit.time("at"), required_text(visit, "lane", is_setting_name, setting_name_form)});
        visit.refuse_unknown_members();
    });
}

/// Of boxes about which nothing else is known: those of `about` say theirs.
void read_sizes(ObjectReader& reader, PassageIdentity& identity) {
    for_each_member(reader, "size_types", [&](ObjectReader& sizes, std::string_view number) {
        const auto size = formed_text(sizes, number, is_size_type, size_type_form);
        const auto box = std::ranges::find_if(
            identity.containers, [&](const IdentifiedContainer& one) { return one.number.text() == number; });
        if (box == identity.containers.end()) {
            sizes.refuse(number, "is none of the containers");
        } else if (size) {
            box->size_type = *size;
        }
    });
}

/// The vehicle's passes, where a list is here.
void read_known_passes(ObjectReader& reader, PassageMeasures& measures) {
    const auto* value = reader.find("passes");
    if (value == nullptr) {
        return;
    }
    ObjectReader list{*value, pointer_to(reader.pointer(), "passes"), reader.refusal()};
    KnownPasses known{list.integer("version", 1, widest_integer), list.time("expires"), {}};
    for_each_object(list, "passes", [&](const json::value& item, std::string pointer) {
        ObjectReader one{item, std::move(pointer), reader.refusal()};
        if (auto pass = read_pass(one)) {
            const auto taken = one.optional_integer("taken", 0, widest_count).value_or(0);
            known.passes.push_back({std::move(*pass), static_cast<int>(taken), {}});
        }
        one.refuse_unknown_members();
    });
    list.refuse_unknown_members();
    measures.passes = std::move(known);
}

void read_measures(ObjectReader& reader, PassageFacts& facts) {
    auto& measures = facts.measures;
    measures.radiation = reader.optional_word<RadiationState>("radiation").value_or(RadiationState::not_monitored);
    measures.gross_vehicle_kg = reader.optional_integer("gross_vehicle_kg", 0, heaviest_kg);
    measures.vehicle_tare_kg = reader.optional_integer("vehicle_tare_kg", 0, heaviest_kg);
    read_visits(reader, measures);
    measures.boxes_inside_known = reader.find("boxes_inside") != nullptr;
    for_each_member(reader, "boxes_inside", [&](ObjectReader& members, std::string_view enterprise) {
        measures.boxes_inside.emplace(enterprise, members.integer(enterprise, 0, heaviest_kg));
    });
    for_each_object(reader, "about", [&](const json::value& value, std::string pointer) {
        read_box(value, std::move(pointer), reader.refusal(), facts);
    });
    read_sizes(reader, facts.identity);
    read_known_passes(reader, measures);
    if (const auto time = reader.optional_text("time_of_day")) {
        const auto minutes = minutes_of(*time);
        if (!minutes) {
            reader.refuse("time_of_day", "must be a time of day from 00:00 to 23:59");
        } else {
            measures.minute_of_day = static_cast<int>(*minutes);
        }
    }
}

/// A place that is not free of one of the orders.
void read_usage(const json::value& value, std::string pointer, FirstRefusal& refusal, const PassageFacts& facts,
                OrdersFound& found) {
    ObjectReader reader{value, std::move(pointer), refusal};
    const Authority authority{required_text(reader, "authority", is_authority, authority_form)};
    const OrderId id{required_text(reader, "order", is_identifier, identifier_form)};
    Usage usage{{authority, id, {}, facts.control_point},
                reader.word<UsageState>("state"),
                parsed_id(reader, "passage").value_or(PassageId{})};
    if (auto point = formed_text(reader, "control_point", is_setting_name, setting_name_form)) {
        usage.key.control_point = ControlPoint{std::move(*point)};
    }
    reader.refuse_unknown_members();
    const auto order = std::ranges::find_if(
        found.orders, [&](const FoundOrder& one) { return one.order.authority == authority && one.order.id == id; });
    if (order == found.orders.end()) {
        reader.refuse("order", "is none of the orders");
    } else {
        // A targeting order that acts once takes a place of another name.
        if (auto spent = supervision::spent_place(order->order, usage.key.control_point)) {
            usage.key = std::move(*spent);
        }
        order->usage.push_back(std::move(usage));
    }
}

OrdersFound read_orders(ObjectReader& reader, const PassageFacts& facts) {
    OrdersFound found;
    found.failed = reader.optional_flag("lookup_failed").value_or(false);
    found.empty_cache = reader.optional_flag("orders_empty").value_or(false);
    found.behind = reader.optional_flag("orders_behind").value_or(false);
    for (auto& authority : listed_texts(reader, "authorities_behind", is_authority, authority_form, most_items)) {
        found.authorities_behind.emplace_back(std::move(authority));
    }
    found.cursor = reader.optional_integer("order_cursor", 0, widest_integer).value_or(1);
    found.state = reader.optional_word<DocumentState>("orders_state").value_or(DocumentState::fresh);
    found.age_s = reader.optional_integer("orders_age_s", 0, longest_age_s).value_or(0);
    for_each_object(reader, "orders", [&](const json::value& value, std::string pointer) {
        FoundOrder order;
        order.order = read_stated_order(value, std::move(pointer), reader.refusal());
        order.first_seen = order.order.decided;
        order.changed_at = order.order.decided;
        order.previous_status = "none";
        found.orders.push_back(std::move(order));
    });
    for_each_object(reader, "usage", [&](const json::value& value, std::string pointer) {
        read_usage(value, std::move(pointer), reader.refusal(), facts, found);
    });
    return found;
}

DecisionBasis read_basis(ObjectReader& reader) {
    DecisionBasis basis;
    basis.now.wall = reader.time("at");
    basis.now.clock_state = reader.optional_word<ClockState>("clock_state").value_or(ClockState::synchronised);
    basis.clock_band =
        std::chrono::milliseconds{reader.optional_integer("clock_band_ms", 0, longest_age_s).value_or(0)};
    basis.ruleset_state = reader.optional_word<DocumentState>("ruleset_state").value_or(DocumentState::fresh);
    basis.ruleset_age_s = reader.optional_integer("ruleset_age_s", 0, longest_age_s).value_or(0);
    basis.link_up = reader.optional_flag("link_up").value_or(true);
    return basis;
}

}  // namespace

void read_stated_passage(ObjectReader& reader, StatedPassage& passage) {
    passage.basis = read_basis(reader);
    read_passage(reader, passage.facts);
    read_measures(reader, passage.facts);
    passage.orders = read_orders(reader, passage.facts);
}

Result<StatedPassage, Refusal> read_facts(std::string_view text) {
    const auto value = parse_json(text, {most_facts_bytes, 32});
    if (!value) {
        return Failure{value.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*value, {}, refusal};
    StatedPassage passage;
    read_stated_passage(reader, passage);
    reader.refuse_unknown_members();
    if (refusal) {
        return Failure{refusal.get()};
    }
    return passage;
}

}  // namespace portcullis::codec
