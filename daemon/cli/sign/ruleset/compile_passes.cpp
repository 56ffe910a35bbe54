#include "cli/sign/ruleset/compile_passes.hpp"

#include "cli/sign/ruleset/draft.hpp"
#include "cli/sign/ruleset/report.hpp"
#include "codec/passes_document.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::sign {
namespace {

void write_listed_pass(const ConfigNode& pass, Draft& draft) {
    draft.sketch().item(pass);
    draft.sketch().open_object();
    if (pass.expect(ConfigNode::Kind::map, draft.problems())) {
        const Layers layers{&pass, nullptr};
        draft.members(layers, {{"pass"},
                               {"plate"},
                               {"holder"},
                               {"lanes", Form::list},
                               {"valid_from", Form::moment},
                               {"valid_to", Form::end},
                               {"count", Form::integer}});
        if (const auto* const kind = pass.find("kind")) {
            draft.member(*kind, "kind", Form::text);
        } else {
            draft.sketch().member("kind", pass);
            draft.sketch().text(text_of(PassKind::standing));
        }
        const auto* const hours = pass.find("hours");
        if (hours != nullptr && hours->expect(ConfigNode::Kind::map, draft.problems())) {
            draft.sketch().member("hours", *hours);
            draft.sketch().open_object();
            draft.members({hours, nullptr}, {{"from"}, {"to"}});
            draft.sketch().close();
        }
    }
    draft.sketch().close();
}

void write_pass_list(const ConfigNode& root, Draft& draft) {
    draft.read_surroundings(root);
    auto& sketch = draft.sketch();
    sketch.open_object();
    sketch.member("kind", root);
    sketch.text(codec::passes_kind);
    draft.members({&root, nullptr}, {{"version", Form::integer},
                                     {"terminal"},
                                     {"gates", Form::list},
                                     {"issued", Form::moment},
                                     {"expires", Form::end}});
    const auto* const passes = root.find("passes");
    if (passes != nullptr && passes->expect(ConfigNode::Kind::sequence, draft.problems())) {
        sketch.member("passes", *passes);
        sketch.open_list();
        for (const auto& pass : passes->items()) {
            write_listed_pass(pass, draft);
        }
        sketch.close();
    }
    sketch.close();
    root.report_unread(draft.problems());
}

}  // namespace

std::optional<PassList> compile_passes(std::string_view text, const std::string& name, ConfigProblems& problems) {
    const auto root = settings::read_yaml(text, name, problems, most_yaml_bytes);
    if (!root || !root->expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    Draft draft{problems};
    write_pass_list(*root, draft);
    report_refusals(draft.sketch(), codec::passes_refusals(draft.sketch().json(), most_refusals), problems);
    if (!problems.empty()) {
        return std::nullopt;
    }
    return codec::read_passes(draft.sketch().json()).value();
}

}  // namespace portcullis::sign
