#include "codec/condition.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "codec/json.hpp"
#include "codec/predicate.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

/// `all`, `any`, `not`, and every kind of predicate.
const std::vector<std::string_view>& condition_words() {
    static const auto words = [] {
        std::vector<std::string_view> all{"all", "any", "not"};
        for (const auto& row : enum_texts<PredicateKind>) {
            all.push_back(row.text);
        }
        return all;
    }();
    return words;
}

class ConditionReader {
public:
    ConditionReader(FirstRefusal& refusal, Rule& rule) : refusal_(refusal), rule_(rule) {}

    // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest_condition
    void read(const json::value& value, const std::string& pointer, std::size_t depth) {
        const auto* object = value.if_object();
        if (object == nullptr || object->size() != 1) {
            refuse(pointer, "must be an object with one member: all, any, not or what is looked at");
            return;
        }
        if (rule_.condition.size() >= most_condition_nodes) {
            refuse(pointer, "has more than " + std::to_string(most_condition_nodes) + " parts", RefusalCause::limits);
            return;
        }
        const std::string_view word = object->begin()->key();
        const auto& inner = object->begin()->value();
        const auto place = pointer_to(pointer, word);
        if (word == "all" || word == "any") {
            read_join(word == "all" ? Join::all : Join::any, inner, place, depth);
        } else if (word == "not") {
            if (fits(depth, place)) {
                rule_.condition.push_back({Join::negation, 1, 0});
                read(inner, place, depth + 1);
            }
        } else if (const auto kind = enum_from<PredicateKind>(word)) {
            read_one(value, *kind, pointer);
        } else if (!refusal_.full()) {
            refusal_.add({RefusalCause::parse, place, "is nothing that a rule can look at",
                          nearest_hint(word, condition_words())});
        }
    }

private:
    // NOLINTNEXTLINE(misc-no-recursion): bounded by deepest_condition
    void read_join(Join join, const json::value& value, const std::string& place, std::size_t depth) {
        const auto* parts = value.if_array();
        if (parts == nullptr || parts->empty()) {
            refuse(place, "must be a list of at least one condition");
            return;
        }
        if (!fits(depth, place)) {
            return;
        }
        rule_.condition.push_back({join, static_cast<std::uint32_t>(parts->size()), 0});
        for (std::size_t i = 0; i < parts->size() && !refusal_.full(); ++i) {
            read((*parts)[i], pointer_to(place, i), depth + 1);
        }
    }

    void read_one(const json::value& value, PredicateKind kind, const std::string& pointer) {
        if (rule_.predicates.size() >= most_predicates) {
            refuse(pointer, "is more than the " + std::to_string(most_predicates) + "th predicate of its rule",
                   RefusalCause::limits);
            return;
        }
        rule_.condition.push_back({Join::predicate, 0, static_cast<std::uint32_t>(rule_.predicates.size())});
        ObjectReader reader{value, pointer, refusal_};
        rule_.predicates.push_back(read_predicate(reader, kind));
    }

    bool fits(std::size_t depth, const std::string& place) {
        if (depth >= deepest_condition) {
            refuse(place, "is nested deeper than " + std::to_string(deepest_condition), RefusalCause::limits);
            return false;
        }
        return true;
    }

    void refuse(const std::string& pointer, std::string reason, RefusalCause cause = RefusalCause::parse) {
        refusal_.add({cause, pointer, std::move(reason)});
    }

    FirstRefusal& refusal_;
    Rule& rule_;
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as what was read
json::value written(const Rule& rule, std::size_t& at) {
    const auto& node = rule.condition.at(at++);
    json::object object;
    if (node.join == Join::predicate) {
        write_predicate(rule.predicates.at(node.predicate), object);
    } else if (node.join == Join::negation) {
        object["not"] = written(rule, at);
    } else {
        json::array parts;
        for (std::uint32_t i = 0; i < node.parts; ++i) {
            parts.push_back(written(rule, at));
        }
        object[node.join == Join::all ? "all" : "any"] = std::move(parts);
    }
    return object;
}

}  // namespace

void read_condition(const json::value& value, const std::string& pointer, FirstRefusal& refusal, Rule& rule) {
    ConditionReader{refusal, rule}.read(value, pointer, 0);
}

json::value write_condition(const Rule& rule) {
    std::size_t at = 0;
    return written(rule, at);
}

}  // namespace portcullis::codec
