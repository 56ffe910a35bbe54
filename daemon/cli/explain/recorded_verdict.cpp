#include "cli/explain/recorded_verdict.hpp"

#include <array>
#include <string_view>

#include "cli/explain/explain_values.hpp"
#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/value_members.hpp"

namespace portcullis::cli {
namespace {

/// How the event calls what verdict_value() calls otherwise.
struct Compared {
    std::string_view in_event;
    std::string_view in_verdict;
};
constexpr std::array compared{Compared{"outcome", "outcome"},
                              Compared{"zone", "zone"},
                              Compared{"method", "methods"},
                              Compared{"reasons", "reasons"},
                              Compared{"ruleset_state", "ruleset_state"},
                              Compared{"orders_state", "orders_state"}};

/// Members may stand in any order.
std::string written(const Value& value) {
    const auto text = codec::canonical_text(value);
    return text ? *text : text.error().message();
}

}  // namespace

std::optional<RecordedVerdict> recorded_verdict(std::int64_t sequence, const Value& event) {
    const auto* data = event.find("data");
    if (data == nullptr || text_member(event, "type") != "portcullis.verdict.issued.v1") {
        return std::nullopt;
    }
    RecordedVerdict recorded;
    recorded.sequence = sequence;
    recorded.time = text_member(event, "time");
    recorded.passage = text_member(*data, "passage");
    recorded.facts = text_member(*data, "facts");
    if (recorded.facts == "unknown" || codec::looks_like_digest(recorded.facts)) {
        recorded.facts.clear();
    }
    if (const auto* version = data->find("ruleset_version")) {
        const auto* number = version->get<std::int64_t>();
        recorded.ruleset_version = number == nullptr ? 0 : *number;
    }
    recorded.data = *data;
    return recorded;
}

std::optional<std::string> without_facts(const RecordedVerdict& recorded) {
    if (!recorded.facts.empty()) {
        return std::nullopt;
    }
    const auto said = text_member(recorded.data, "facts");
    if (said == "unknown") {
        return "its facts were too long to be kept";
    }
    return said.empty() ? "it keeps no facts: an earlier version decided, or the lane did without the orders"
                        : "its facts are erased";
}

std::vector<std::string> differences(const RecordedVerdict& recorded, const Verdict& again) {
    const auto value = verdict_value(again);
    std::vector<std::string> differing;
    for (const auto& names : compared) {
        const auto* was = recorded.data.find(names.in_event);
        const auto* is = value.find(names.in_verdict);
        if (was == nullptr || is == nullptr || written(*was) != written(*is)) {
            differing.emplace_back(names.in_event);
        }
    }
    return differing;
}

}  // namespace portcullis::cli
