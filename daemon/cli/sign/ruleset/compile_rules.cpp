#include <algorithm>

#include "cli/sign/ruleset/compile_parts.hpp"
#include "codec/predicate_words.hpp"

namespace portcullis::sign {
namespace {

using codec::ArgumentShape;

/// One `{word: …}` within the list or place that is open.
class ConditionWriter {
public:
    explicit ConditionWriter(Draft& draft) : draft_(draft), sketch_(draft.sketch()) {}

    // NOLINTNEXTLINE(misc-no-recursion): as deep as YAML may nest
    void condition(const ConfigNode& node) {
        sketch_.open_object();
        if (node.kind() != ConfigNode::Kind::map || parts(node) == 0) {
            node.report(draft_.problems(), "is no condition", "write what is looked at, as in `origin: JP`");
        } else if (parts(node) == 1) {
            each(node, [](const ConfigNode&) {});
        } else {
            sketch_.member("all", node);
            sketch_.open_list();
            each(node, [this](const ConfigNode& part) {
                sketch_.item(part);
                sketch_.open_object();
            });
            sketch_.close();
        }
        sketch_.close();
    }

private:
    static std::size_t parts(const ConfigNode& node) {
        std::size_t count = 0;
        for (const auto& [name, member] : node.members()) {
            const bool named = (name == "attribute" || name == "date") && member.kind() == ConfigNode::Kind::map;
            count += named ? member.members().size() : 1;
        }
        return count;
    }

    /// Writes each part of the group; `begin` opens an object for it when there are several.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as YAML may nest
    template <class Begin>
    void each(const ConfigNode& node, Begin&& begin) {
        const bool several = parts(node) > 1;
        const auto part = [&](const ConfigNode& member, const auto& write) {
            begin(member);
            write();
            if (several) {
                sketch_.close();
            }
        };
        for (const auto& [name, member] : node.members()) {
            const auto& word = name;
            const auto& value = member;
            if ((word == "attribute" || word == "date") && value.kind() == ConfigNode::Kind::map) {
                for (const auto& [what, arguments] : value.members()) {
                    const auto& fact = what;
                    const auto& asked = arguments;
                    part(asked, [&] { named(word, fact, asked); });
                }
            } else {
                part(value, [&] { one(word, value); });
            }
        }
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as YAML may nest
    void one(const std::string& word, const ConfigNode& value) {
        sketch_.member(word, value);
        if (word == "all" || word == "any") {
            sketch_.open_list();
            if (value.expect(ConfigNode::Kind::sequence, draft_.problems())) {
                for (const auto& item : value.items()) {
                    sketch_.item(item);
                    condition(item);
                }
            }
            sketch_.close();
        } else if (word == "not") {
            condition(value);
        } else {
            predicate(word, value);
        }
    }

    /// What no rule can look at is written as a list, and the document's reader says so with what is near.
    void predicate(const std::string& word, const ConfigNode& value) {
        const auto kind = enum_from<PredicateKind>(word);
        const auto shape = kind ? codec::predicate_row(*kind).shape : ArgumentShape::texts;
        if (shape == ArgumentShape::texts) {
            draft_.list(value);
            return;
        }
        sketch_.open_object();
        if (value.expect(ConfigNode::Kind::map, draft_.problems())) {
            const Layers arguments{&value, nullptr};
            if (shape == ArgumentShape::window) {
                draft_.members(arguments, {{"from"}, {"to"}});
            } else {
                draft_.members(arguments, {{"at_least", Form::integer}, {"at_most", Form::integer}});
                if (shape == ArgumentShape::counted || shape == ArgumentShape::sighted) {
                    within(value);
                }
                if (shape == ArgumentShape::sighted) {
                    draft_.members(arguments, {{"is", Form::list}});
                }
            }
        }
        sketch_.close();
    }

    void within(const ConfigNode& value) {
        const auto* const node = value.find("within");
        if (node != nullptr) {
            const auto length = node->duration(draft_.problems(), std::chrono::hours{1}, std::chrono::hours{24 * 366});
            if (length % std::chrono::hours{1} != std::chrono::milliseconds{0}) {
                node->report(draft_.problems(), "is no whole number of hours");
            }
            sketch_.member("within_h", *node);
            sketch_.integer(std::chrono::duration_cast<std::chrono::hours>(length).count());
        }
    }

    void named(const std::string& word, const std::string& fact, const ConfigNode& arguments) {
        sketch_.member(word, arguments);
        sketch_.open_object();
        sketch_.member("name", arguments);
        sketch_.text(fact);
        if (word == "attribute") {
            draft_.member(arguments, "is", Form::list);
        } else if (arguments.expect(ConfigNode::Kind::map, draft_.problems())) {
            draft_.members({&arguments, nullptr}, {{"from", Form::moment}, {"to", Form::end}});
        }
        sketch_.close();
    }

    Draft& draft_;
    Sketch& sketch_;
};

}  // namespace

void write_condition(const ConfigNode& when, Draft& draft) {
    draft.sketch().member("when", when);
    ConditionWriter{draft}.condition(when);
}

void write_rules(const ConfigNode& root, Draft& draft) {
    const auto* const rules = root.require("rules", draft.problems());
    if (rules == nullptr || !rules->expect(ConfigNode::Kind::sequence, draft.problems())) {
        return;
    }
    auto& sketch = draft.sketch();
    sketch.member("rules", *rules);
    sketch.open_list();
    for (const auto& rule : rules->items()) {
        sketch.item(rule);
        sketch.open_object();
        if (rule.expect(ConfigNode::Kind::map, draft.problems())) {
            draft.members({&rule, nullptr}, {{"rule"},
                                             {"title"},
                                             {"basis"},
                                             {"movements", Form::list},
                                             {"outcome"},
                                             {"unknown"},
                                             {"rate", Form::rate, "rate_ppm"},
                                             {"zone"},
                                             {"methods", Form::list},
                                             {"valid_from", Form::moment},
                                             {"valid_to", Form::end},
                                             {"answered_by_result", Form::flag}});
            if (const auto* const when = rule.find("when")) {
                write_condition(*when, draft);
            }
        }
        sketch.close();
    }
    sketch.close();
}

}  // namespace portcullis::sign
