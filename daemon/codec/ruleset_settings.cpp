#include <boost/json/array.hpp>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/order_words.hpp"
#include "codec/ruleset.hpp"
#include "codec/ruleset_parts.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr std::int64_t whole_ppm = 1'000'000;
constexpr std::size_t most_rows = 1'000;  ///< of a table
constexpr std::size_t most_classes = 32;
constexpr std::size_t most_consents = 16;
constexpr std::size_t longest_oversight = std::size_t{256} * 1024;
constexpr std::int64_t year_s = std::int64_t{366} * 24 * 3600;
constexpr auto hs_group_form = "an HS code or prefix of 2 to 12 digits";

/// Calls `read(row)` with a reader for each object of the list `name`.
template <class Read>
void for_each_row(ObjectReader& reader, std::string_view name, std::size_t most, Read&& read) {
    const auto* value = reader.find(name);
    if (value == nullptr) {
        return;
    }
    const auto* items = value->if_array();
    if (items == nullptr) {
        reader.refuse(name, "must be a list");
        return;
    }
    if (items->size() > most) {
        reader.refuse(name, std::to_string(items->size()) + " rows, at most " + std::to_string(most),
                      RefusalCause::limits);
        return;
    }
    for (std::size_t i = 0; i < items->size() && !reader.refusal().full(); ++i) {
        ObjectReader row{(*items)[i], pointer_to(pointer_to(reader.pointer(), name), i), reader.refusal()};
        read(row);
        row.refuse_unknown_members();
    }
}

/// Calls `read(part)` with a reader for the object `name`, when it is there.
template <class Read>
void with_part(ObjectReader& reader, std::string_view name, Read&& read) {
    if (const auto* value = reader.find(name)) {
        ObjectReader part{*value, pointer_to(reader.pointer(), name), reader.refusal()};
        read(part);
        part.refuse_unknown_members();
    }
}

void read_policy(ObjectReader& document, Policy& policy) {
    if (document.find("policy") == nullptr) {
        document.refuse("policy", "is missing");
    }
    for_each_row(document, "policy", most_rows, [&](ObjectReader& reader) {
        PolicyRow row;
        row.way = reader.optional_word<Way>("way");
        row.load = reader.optional_word<Load>("load");
        row.movement = reader.optional_word<Movement>("movement");
        for (auto& name : listed_texts(reader, "consents", is_authority, authority_form, most_consents)) {
            row.consents.emplace_back(std::move(name));
        }
        row.without_order = reader.word<WithoutOrder>("without_order");
        policy.rows.push_back(std::move(row));
    });
}

/// By hand: a reader that remembers what was asked for would compare each of 200,000 names with all before it.
void read_enterprises(ObjectReader& reader, EnterpriseClasses& classes) {
    const auto* value = reader.find("enterprises");
    if (value == nullptr) {
        return;
    }
    const auto* members = value->if_object();
    if (members == nullptr) {
        reader.refuse("enterprises", "must be an object");
        return;
    }
    if (members->size() > most_enterprises) {
        reader.refuse("enterprises",
                      std::to_string(members->size()) + " enterprises, at most " + std::to_string(most_enterprises),
                      RefusalCause::limits);
        return;
    }
    const auto place = pointer_to(reader.pointer(), "enterprises");
    for (const auto& member : *members) {
        if (reader.refusal().full()) {
            return;
        }
        ObjectReader entry{member.value(), pointer_to(place, member.key()), reader.refusal()};
        if (text_defect(member.key(), longest_identifier)) {
            reader.refusal().add(
                {RefusalCause::parse, entry.pointer(), std::string{"its name is not "}.append(identifier_form)});
        }
        EnterpriseClass read{required_text(entry, "class", is_identifier, identifier_form),
                             entry.optional_time("since")};
        entry.refuse_unknown_members();
        classes.enterprises.emplace(std::string{member.key()}, std::move(read));
    }
}

void read_classes(ObjectReader& document, EnterpriseClasses& classes) {
    with_part(document, "classes", [&](ObjectReader& reader) {
        classes.names = listed_texts(reader, "names", is_identifier, identifier_form, most_classes);
        if (classes.names.empty()) {
            reader.refuse("names", "must be a list of at least one class");
        }
        classes.unknown = required_text(reader, "unknown", is_identifier, identifier_form);
        read_enterprises(reader, classes);
    });
}

SamplingKey read_key(ObjectReader& reader) {
    SamplingKey key;
    key.id = required_text(reader, "key", is_setting_name, setting_name_form);
    key.gate = required_text(reader, "gate", is_audience_name, audience_name_form);
    const auto commitment = hash256_from_hex(reader.text("commitment"));
    if (!commitment) {
        reader.refuse("commitment", "must be 64 lower-case hex digits");
    }
    key.commitment = commitment.value_or(Hash256{});
    key.from = reader.time("from");
    key.to = reader.time("to");
    if (key.to <= key.from) {
        reader.refuse("to", "is not after from");
    }
    return key;
}

void read_sampling(ObjectReader& document, Sampling& sampling) {
    with_part(document, "sampling", [&](ObjectReader& reader) {
        for_each_row(reader, "rates", most_rows, [&](ObjectReader& row) {
            sampling.rates.push_back({formed_text(row, "class", is_identifier, identifier_form),
                                      formed_text(row, "goods", is_setting_name, setting_name_form),
                                      row.optional_word<Movement>("movement", {Movement::unknown}),
                                      row.integer("rate_ppm", 0, whole_ppm)});
        });
        for_each_row(reader, "goods_groups", most_rows, [&](ObjectReader& row) {
            auto name = required_text(row, "goods", is_setting_name, setting_name_form);
            auto prefixes = listed_texts(row, "hs", is_hs_code, hs_group_form);
            if (prefixes.empty()) {
                row.refuse("hs", "must be a list of at least one prefix");
            }
            sampling.goods_groups.emplace_back(std::move(name), std::move(prefixes));
        });
        for_each_row(reader, "keys", most_rows * 10,
                     [&](ObjectReader& row) { sampling.keys.push_back(read_key(row)); });
        sampling.boxes_ppm = reader.optional_integer("boxes_ppm", 0, whole_ppm).value_or(whole_ppm);
        sampling.zone = formed_text(reader, "zone", is_setting_name, setting_name_form);
        sampling.methods = listed_texts(reader, "methods", is_word, word_form);
    });
}

void read_zones(ObjectReader& document, std::vector<Zone>& zones) {
    for_each_row(document, "zones", most_rows, [&](ObjectReader& row) {
        Zone zone;
        zone.id = required_text(row, "zone", is_setting_name, setting_name_form);
        zone.title = row.text("title");
        zone.methods = listed_texts(row, "methods", is_word, word_form);
        zone.arrive_within = std::chrono::seconds{
            row.optional_integer("arrive_within_s", 60, 7 * 24 * 3600).value_or(zone.arrive_within.count())};
        zones.push_back(std::move(zone));
    });
}

void read_weight(ObjectReader& document, WeightTolerance& weight) {
    with_part(document, "weight", [&](ObjectReader& reader) {
        weight.permille = reader.integer("permille", 0, 1000);
        weight.kg = reader.integer("kg", 0, 100'000);
        weight.choice = reader.word<ToleranceChoice>("choice");
    });
}

void read_readings(ObjectReader& document, ReadingPolicy& readings) {
    with_part(document, "readings", [&](ObjectReader& reader) {
        readings.confidence_at_least = reader.integer("confidence_at_least", 0, 100);
        readings.repair = reader.optional_flag("repair").value_or(false);
        readings.readers_at_least = reader.optional_integer("readers_at_least", 1, 3).value_or(1);
    });
}

void read_ages(ObjectReader& staleness, std::string_view name, AgeLimits& limits) {
    with_part(staleness, name, [&](ObjectReader& reader) {
        limits.fresh = std::chrono::seconds{reader.integer("fresh_s", 1, year_s)};
        limits.ageing = std::chrono::seconds{reader.integer("ageing_s", 1, year_s)};
        limits.stale = std::chrono::seconds{reader.integer("stale_s", 1, year_s)};
        if (limits.ageing < limits.fresh || limits.stale < limits.ageing) {
            reader.refuse("stale_s", "fresh_s, ageing_s and stale_s must rise");
        }
    });
}

void read_staleness(ObjectReader& document, Staleness& staleness) {
    with_part(document, "staleness", [&](ObjectReader& reader) {
        read_ages(reader, "ruleset", staleness.ruleset);
        read_ages(reader, "orders", staleness.orders);
        for_each_row(reader, "ladder", most_rows, [&](ObjectReader& row) {
            staleness.ladder.push_back(
                {row.optional_word<StalenessRow::Document>("document"), row.optional_word<DocumentState>("state"),
                 row.optional_word<Movement>("movement"), formed_text(row, "class", is_identifier, identifier_form),
                 row.word<VerdictOutcome>("allows")});
        });
        staleness.shared_orders_without_link = reader.optional_flag("shared_orders_without_link").value_or(false);
    });
}

void read_oversight(ObjectReader& document, std::string& oversight) {
    const auto* value = document.find("oversight");
    if (value == nullptr) {
        return;
    }
    if (!value->is_object()) {
        document.refuse("oversight", "must be an object");
        return;
    }
    oversight = canonical_text(*value);
    if (oversight.size() > longest_oversight) {
        document.refuse("oversight", "is larger than " + std::to_string(longest_oversight) + " bytes",
                        RefusalCause::limits);
    }
}

}  // namespace

void read_settings(ObjectReader& document, Ruleset& ruleset) {
    read_policy(document, ruleset.policy);
    read_classes(document, ruleset.classes);
    read_sampling(document, ruleset.sampling);
    read_zones(document, ruleset.zones);
    read_weight(document, ruleset.weight);
    read_readings(document, ruleset.readings);
    read_staleness(document, ruleset.staleness);
    read_oversight(document, ruleset.oversight);
}

}  // namespace portcullis::codec
