#include "cli/explain/explained_passage.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "codec/envelope.hpp"
#include "supervision/evaluate.hpp"
#include "trust/base64.hpp"

namespace portcullis::cli {

Result<RulesetDocument, codec::Refusal> read_any_ruleset(std::string_view text) {
    const auto line = text.substr(0, text.find_last_not_of(" \r\n\t") + 1);
    const auto envelope = codec::read_envelope(line, codec::ruleset_kind, most_ruleset_file_bytes);
    if (!envelope) {
        return codec::read_ruleset(line);
    }
    const auto payload = trust::from_base64(envelope->payload);
    if (!payload) {
        return Failure{codec::Refusal{codec::RefusalCause::parse, "/payload", "is no base64"}};
    }
    return codec::read_ruleset(*payload);
}

void withhold(codec::StatedPassage& passage) {
    for (auto& box : passage.facts.measures.boxes) {
        box.tickets.clear();
    }
    auto& orders = passage.orders.orders;
    std::erase_if(orders, [](const FoundOrder& found) { return found.order.targeting() != nullptr; });
    for (auto& found : orders) {
        if (auto* release = std::get_if<ReleaseOrder>(&found.order.body)) {
            release->draw.reset();
        }
    }
}

ExplainedPassage::ExplainedPassage(supervision::CompiledRuleset ruleset, const codec::StatedPassage& passage)
    : ruleset_(std::move(ruleset)),
      verdict_(supervision::evaluate(ruleset_, passage.facts, passage.orders, passage.basis)),
      rules_(supervision::explain_rules(ruleset_, passage.facts, passage.orders, passage.basis)),
      passes_(supervision::explain_passes(passage.facts, passage.basis)) {}

}  // namespace portcullis::cli
