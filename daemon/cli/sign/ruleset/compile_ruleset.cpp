#include "cli/sign/ruleset/compile_ruleset.hpp"

#include <algorithm>

#include "cli/sign/ruleset/compile_parts.hpp"
#include "cli/sign/ruleset/report.hpp"
#include "codec/ruleset.hpp"
#include "settings/yaml_reader.hpp"
#include "supervision/cases.hpp"
#include "supervision/rule_review.hpp"

namespace portcullis::sign {
namespace {

class DocumentWriter {
public:
    DocumentWriter(const ConfigNode& root, Draft& draft) : root_(root), draft_(draft), sketch_(draft.sketch()) {}

    void write() {
        draft_.read_surroundings(root_);
        sketch_.open_object();
        sketch_.member("kind", root_);
        sketch_.text(codec::ruleset_kind);
        draft_.members({&root_, nullptr}, {{"version", Form::integer},
                                           {"terminal"},
                                           {"gates", Form::list},
                                           {"issued", Form::moment},
                                           {"effective", Form::moment},
                                           {"expires", Form::end}});
        rows(root_, "policy", {{"way"}, {"load"}, {"movement"}, {"consents", Form::list}, {"without_order"}});
        classes();
        sampling();
        rows(root_, "zones",
             {{"zone"}, {"title"}, {"methods", Form::list}, {"arrive_within", Form::duration, "arrive_within_s"}});
        weight();
        part(root_, "readings", [&](const ConfigNode& node) {
            draft_.members(
                {&node, nullptr},
                {{"confidence_at_least", Form::integer}, {"repair", Form::flag}, {"readers_at_least", Form::integer}});
        });
        staleness();
        if (const auto* const oversight = root_.find("oversight")) {
            sketch_.member("oversight", *oversight);
            anything(*oversight);
        }
        write_rules(root_, draft_);
        write_cases(root_, draft_);
        sketch_.close();
        root_.report_unread(draft_.problems());
    }

private:
    template <class Write>
    void part(const ConfigNode& node, std::string_view name, Write&& write) {
        const auto* const member = node.find(name);
        if (member != nullptr && member->expect(ConfigNode::Kind::map, draft_.problems())) {
            sketch_.member(name, *member);
            sketch_.open_object();
            write(*member);
            sketch_.close();
        }
    }

    void rows(const ConfigNode& node, std::string_view name, std::initializer_list<MemberForm> forms) {
        const auto* const list = node.find(name);
        if (list == nullptr || !list->expect(ConfigNode::Kind::sequence, draft_.problems())) {
            return;
        }
        sketch_.member(name, *list);
        sketch_.open_list();
        for (const auto& row : list->items()) {
            sketch_.item(row);
            sketch_.open_object();
            if (row.expect(ConfigNode::Kind::map, draft_.problems())) {
                draft_.members({&row, nullptr}, forms);
            }
            sketch_.close();
        }
        sketch_.close();
    }

    void classes() {
        part(root_, "classes", [&](const ConfigNode& node) {
            draft_.members({&node, nullptr}, {{"names", Form::list}, {"unknown"}});
            part(node, "enterprises", [&](const ConfigNode& enterprises) {
                for (const auto& [id, entry] : enterprises.members()) {
                    sketch_.member(id, entry);
                    sketch_.open_object();
                    if (entry.kind() == ConfigNode::Kind::scalar) {
                        draft_.member(entry, "class", Form::text);
                    } else {
                        draft_.members({&entry, nullptr}, {{"class"}, {"since", Form::moment}});
                    }
                    sketch_.close();
                }
            });
        });
    }

    void sampling() {
        part(root_, "sampling", [&](const ConfigNode& node) {
            rows(node, "rates", {{"class"}, {"goods"}, {"movement"}, {"rate", Form::rate, "rate_ppm"}});
            if (const auto* const groups = node.find("goods_groups");
                groups != nullptr && groups->expect(ConfigNode::Kind::map, draft_.problems())) {
                sketch_.member("goods_groups", *groups);
                sketch_.open_list();
                for (const auto& [name, codes] : groups->members()) {
                    sketch_.item(codes);
                    sketch_.open_object();
                    sketch_.member("goods", codes);
                    sketch_.text(name);
                    draft_.member(codes, "hs", Form::list);
                    sketch_.close();
                }
                sketch_.close();
            }
            rows(node, "keys", {{"key"}, {"gate"}, {"commitment"}, {"from", Form::moment}, {"to", Form::moment}});
            draft_.members({&node, nullptr}, {{"boxes", Form::rate, "boxes_ppm"}, {"zone"}, {"methods", Form::list}});
        });
    }

    void weight() {
        part(root_, "weight", [&](const ConfigNode& node) {
            draft_.members({&node, nullptr}, {{"permille", Form::integer}, {"kg", Form::integer}, {"choice"}});
        });
    }

    void staleness() {
        part(root_, "staleness", [&](const ConfigNode& node) {
            for (const auto* document : {"ruleset", "orders"}) {
                part(node, document, [&](const ConfigNode& ages) {
                    draft_.members({&ages, nullptr}, {{"fresh", Form::duration, "fresh_s"},
                                                      {"ageing", Form::duration, "ageing_s"},
                                                      {"stale", Form::duration, "stale_s"}});
                });
            }
            rows(node, "ladder", {{"document"}, {"state"}, {"movement"}, {"class"}, {"allows"}});
            draft_.members({&node, nullptr}, {{"shared_orders_without_link", Form::flag}});
        });
    }

    /// What this version does not act on is carried as it stands.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as YAML may nest
    void anything(const ConfigNode& node) {
        if (node.kind() == ConfigNode::Kind::map) {
            sketch_.open_object();
            for (const auto& [name, member] : node.members()) {
                sketch_.member(name, member);
                anything(member);
            }
            sketch_.close();
        } else if (node.kind() == ConfigNode::Kind::sequence) {
            sketch_.open_list();
            for (const auto& item : node.items()) {
                sketch_.item(item);
                anything(item);
            }
            sketch_.close();
        } else {
            sketch_.text(node.text(draft_.problems()));
        }
    }

    const ConfigNode& root_;
    Draft& draft_;
    Sketch& sketch_;
};

void review_rules(const Ruleset& ruleset, const Sketch& sketch, ConfigProblems& problems) {
    for (std::size_t i = 0; i < ruleset.rules.size(); ++i) {
        if (const auto why = supervision::contradiction(ruleset.rules[i])) {
            report_at(sketch, "/rules/" + std::to_string(i) + "/when",
                      "rule " + ruleset.rules[i].id + " can never match: " + *why, "take one of them out", problems);
        }
    }
}

void run_cases(const RulesetDocument& document, const Sketch& sketch, ConfigProblems& problems) {
    const supervision::CompiledRuleset compiled{document.ruleset};
    for (const auto& difference : supervision::run_cases(compiled, document.cases)) {
        const auto one = std::ranges::find(document.cases, difference.id, &RulesetCase::id);
        const auto index = one - document.cases.begin();
        report_at(sketch, "/cases/" + std::to_string(index) + "/expect",
                  "case " + difference.id + ": " + difference.what + " expected " + difference.expected + "; found " +
                      difference.found,
                  "the rule or the case is wrong", problems);
    }
}

}  // namespace

std::optional<CompiledDocument> compile_ruleset(std::string_view text, const std::string& name,
                                                ConfigProblems& problems) {
    const auto root = settings::read_yaml(text, name, problems, most_yaml_bytes);
    if (!root || !root->expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    Draft draft{problems};
    DocumentWriter{*root, draft}.write();
    const auto& sketch = draft.sketch();
    report_refusals(sketch, codec::ruleset_refusals(sketch.json(), most_refusals), problems);
    auto read = problems.empty() ? codec::read_ruleset(sketch.json()) : Failure{codec::Refusal{}};
    if (!read) {
        return std::nullopt;
    }
    review_rules(read->ruleset, sketch, problems);
    run_cases(*read, sketch, problems);
    if (!problems.empty()) {
        return std::nullopt;
    }
    auto payload = codec::write_ruleset(*read);
    return CompiledDocument{std::move(read).value(), std::move(payload)};
}

}  // namespace portcullis::sign
