#include "simulators/run/comparison.hpp"

#include <algorithm>

#include "core/enum_text.hpp"

namespace portcullis::run {

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text.empty() ? "nothing" : text;
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// The first of `wanted` that `seen` does not have in that order, or nothing.
const std::string* first_missing(const std::vector<std::string>& wanted, const std::vector<std::string>& seen) {
    auto from = seen.begin();
    for (const auto& one : wanted) {
        from = std::find(from, seen.end(), one);
        if (from == seen.end()) {
            return &one;
        }
        ++from;
    }
    return nullptr;
}

std::string listed(const std::vector<std::int64_t>& versions) {
    std::string text;
    for (const auto version : versions) {
        text += (text.empty() ? "" : ", ") + std::to_string(version);
    }
    return text.empty() ? "none" : text;
}

/// Compares one passage; `differs` takes what should be and what is.
template <class Differs>
void compare(const story::Expectation& then, const PassageRecord& record, Differs differs) {
    if (then.verdict && record.verdict != text_of(*then.verdict)) {
        differs("verdict " + std::string{text_of(*then.verdict)},
                (record.verdict.empty() ? "no verdict" : record.verdict) + " (" + joined(record.reasons) + ")");
    }
    if (then.ruleset && record.rulesets != std::vector{*then.ruleset}) {
        differs("ruleset " + std::to_string(*then.ruleset) + " alone", listed(record.rulesets));
    }
    for (const auto& reason : then.reasons) {
        if (!contains(record.reasons, reason)) {
            differs("reason " + reason, joined(record.reasons));
        }
    }
    const int arm_ups = then.arm == "up once" ? 1 : 0;
    if (!then.arm.empty() && record.arm_ups != arm_ups) {
        differs("the arm commanded up " + std::to_string(arm_ups) + " times",
                std::to_string(record.arm_ups) + " times");
    }
    const int greens = then.light == "green once" ? 1 : 0;
    if (!then.light.empty() && record.greens != greens) {
        differs("the light green " + std::to_string(greens) + " times", std::to_string(record.greens) + " times");
    }
    if (record.outcome.empty()) {
        differs("an end of its passage", "it is still open");
    } else if (then.ends && record.outcome != text_of(*then.ends)) {
        differs("end " + std::string{text_of(*then.ends)}, record.outcome);
    }
    if (then.orders_used) {
        auto wanted = *then.orders_used;
        auto used = record.orders_used;
        std::sort(wanted.begin(), wanted.end());
        std::sort(used.begin(), used.end());
        if (wanted != used) {
            differs("orders used for " + joined(wanted), joined(used));
        }
    }
    if (const auto* missing = first_missing(then.events, record.events)) {
        differs("the events " + joined(then.events), *missing + " is missing there in " + joined(record.events));
    }
}

}  // namespace

std::vector<std::string> differences(const story::Story& story, const LaneRecord& record) {
    std::vector<std::string> all;
    const auto& passages = record.passages();
    if (passages.size() != story.vehicles()) {
        all.push_back("expected " + std::to_string(story.vehicles()) + " passages, there are " +
                      std::to_string(passages.size()));
    }
    for (std::size_t i = 0; i < std::min(passages.size(), story.then.size()); ++i) {
        const auto truck = story.vehicles() > 1 ? "truck " + std::to_string(i + 1) + ": " : "";
        compare(story.then[i], passages[i], [&](const std::string& wanted, const std::string& seen) {
            all.push_back(truck + "expected " + wanted + ", found " + seen);
        });
    }
    for (const auto& name : story.lane_events) {
        if (!contains(record.events(), name)) {
            all.push_back("expected an event " + name + " in the lane, found none");
        }
    }
    return all;
}

}  // namespace portcullis::run
