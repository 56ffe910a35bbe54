#include <boost/json/array.hpp>

#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/ruleset.hpp"
#include "codec/ruleset_parts.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

/// A list with an object for each of `rows`, which `write(row, builder)` fills.
template <class Row, class Write>
json::array objects_of(const std::vector<Row>& rows, Write&& write) {
    json::array list;
    for (const auto& row : rows) {
        ObjectBuilder out{list.emplace_back(json::object{}).get_object()};
        write(row, out);
    }
    return list;
}

json::array policy_of(const Policy& policy) {
    return objects_of(policy.rows, [](const PolicyRow& row, ObjectBuilder& out) {
        out.word("way", row.way);
        out.word("load", row.load);
        out.word("movement", row.movement);
        out.all_named("consents", row.consents);
        out.word<WithoutOrder>("without_order", row.without_order);
    });
}

json::object classes_of(const EnterpriseClasses& classes) {
    json::object object;
    ObjectBuilder out{object};
    out.texts("names", classes.names);
    out.text("unknown", std::string_view{classes.unknown});
    auto& enterprises = out.place("enterprises").emplace_object();
    for (const auto& [id, entry] : classes.enterprises) {
        ObjectBuilder member{enterprises[id].emplace_object()};
        member.text("class", std::string_view{entry.enterprise_class});
        member.time("since", entry.since);
    }
    return object;
}

json::object sampling_of(const Sampling& sampling) {
    json::object object;
    ObjectBuilder out{object};
    out.place("rates") = objects_of(sampling.rates, [](const SamplingRate& row, ObjectBuilder& rate) {
        rate.text("class", row.enterprise_class);
        rate.text("goods", row.goods_group);
        rate.word("movement", row.movement);
        rate.integer("rate_ppm", row.rate_ppm);
    });
    out.place("goods_groups") = objects_of(sampling.goods_groups, [](const auto& row, ObjectBuilder& group) {
        group.text("goods", std::string_view{row.first});
        group.texts("hs", row.second);
    });
    out.place("keys") = objects_of(sampling.keys, [](const SamplingKey& row, ObjectBuilder& key) {
        key.text("key", std::string_view{row.id});
        key.text("gate", std::string_view{row.gate});
        key.text("commitment", std::string_view{hex_text(row.commitment)});
        key.time("from", row.from);
        key.time("to", row.to);
    });
    out.integer("boxes_ppm", sampling.boxes_ppm);
    out.text("zone", sampling.zone);
    out.texts("methods", sampling.methods);
    return object;
}

json::array zones_of(const std::vector<Zone>& zones) {
    return objects_of(zones, [](const Zone& row, ObjectBuilder& out) {
        out.text("zone", std::string_view{row.id});
        out.text("title", std::string_view{row.title});
        out.texts("methods", row.methods);
        out.integer("arrive_within_s", row.arrive_within.count());
    });
}

json::object ages_of(const AgeLimits& limits) {
    return {{"fresh_s", limits.fresh.count()}, {"ageing_s", limits.ageing.count()}, {"stale_s", limits.stale.count()}};
}

json::object staleness_of(const Staleness& staleness) {
    json::object object{{"ruleset", ages_of(staleness.ruleset)}, {"orders", ages_of(staleness.orders)}};
    object["ladder"] = objects_of(staleness.ladder, [](const StalenessRow& row, ObjectBuilder& out) {
        out.word("document", row.document);
        out.word("state", row.state);
        out.word("movement", row.movement);
        out.text("class", row.enterprise_class);
        out.word<VerdictOutcome>("allows", row.allows);
    });
    object["shared_orders_without_link"] = staleness.shared_orders_without_link;
    return object;
}

}  // namespace

void write_settings(const Ruleset& ruleset, json::object& document) {
    document["policy"] = policy_of(ruleset.policy);
    if (!ruleset.classes.names.empty()) {
        document["classes"] = classes_of(ruleset.classes);
    }
    document["sampling"] = sampling_of(ruleset.sampling);
    document["zones"] = zones_of(ruleset.zones);
    document["weight"] = {
        {"permille", ruleset.weight.permille}, {"kg", ruleset.weight.kg}, {"choice", text_of(ruleset.weight.choice)}};
    document["readings"] = {{"confidence_at_least", ruleset.readings.confidence_at_least},
                            {"repair", ruleset.readings.repair}};
    if (ruleset.readings.readers_at_least != 1) {
        document["readings"].as_object()["readers_at_least"] = ruleset.readings.readers_at_least;
    }
    document["staleness"] = staleness_of(ruleset.staleness);
    if (auto oversight = parse_json(ruleset.oversight, {most_ruleset_bytes, 32}); oversight) {
        document["oversight"] = std::move(oversight).value();
    }
}

std::string write_ruleset(const RulesetDocument& document) {
    const auto& ruleset = document.ruleset;
    json::object object;
    ObjectBuilder out{object};
    out.text("kind", ruleset_kind);
    out.integer("version", ruleset.version);
    out.text("terminal", std::string_view{ruleset.terminal});
    out.texts("gates", ruleset.gates);
    out.time("issued", ruleset.issued);
    out.time("effective", ruleset.effective);
    out.time("expires", ruleset.expires);
    write_settings(ruleset, object);
    json::array rules;
    for (const auto& rule : ruleset.rules) {
        rules.emplace_back(write_rule(rule));
    }
    object["rules"] = std::move(rules);
    json::array cases;
    for (const auto& one : document.cases) {
        cases.emplace_back(write_case(one));
    }
    object["cases"] = std::move(cases);
    return canonical_text(json::value(std::move(object)));
}

}  // namespace portcullis::codec
