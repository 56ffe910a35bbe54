#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;
constexpr auto longest_kept = 24h * 3650;
constexpr std::array kept{
    std::pair{"cleared", &EvidenceSettings::cleared}, std::pair{"unfinished", &EvidenceSettings::unfinished},
    std::pair{"inspected", &EvidenceSettings::inspected}, std::pair{"held", &EvidenceSettings::held}};

void read_kept(const ConfigNode& node, LoadContext& context) {
    const std::chrono::milliseconds shortest = context.settings.test_bench ? 1s : std::chrono::seconds{1h};
    const auto most = context.settings.journal.personal_data;
    for (const auto& [name, member] : kept) {
        const auto* const time = node.find(name);
        if (time == nullptr) {
            continue;
        }
        auto& keep = context.settings.evidence.*member;
        keep = time->duration(context.problems, shortest, longest_kept);
        if (keep > most) {
            time->report(context.problems, "pictures would be kept longer than what names a person in the journal",
                         "write at most " + duration_text(most) + ", or raise `personal_data` of `journal`");
        }
    }
}

}  // namespace

std::chrono::milliseconds EvidenceSettings::keep(EvidenceClass what) const {
    switch (what) {
        case EvidenceClass::cleared:
            return cleared;
        case EvidenceClass::unfinished:
            return unfinished;
        case EvidenceClass::inspected:
            return inspected;
        case EvidenceClass::held:
            return held;
        case EvidenceClass::open:
            return std::max({cleared, unfinished, inspected, held});
    }
    return held;
}

void read_evidence(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    auto& evidence = context.settings.evidence;
    for (const auto& [name, member] : kept) {
        evidence.*member = std::min(evidence.*member, context.settings.journal.personal_data);
    }
    const auto* const node = root.find("evidence");
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    if (const auto* const budget = node->find("budget")) {
        const auto least = context.settings.test_bench ? std::int64_t{1024} : 64 * mebibyte;
        evidence.budget = budget->bytes(problems, least, 4096 * 1024 * mebibyte);
    }
    if (const auto* const upload = node->find("upload")) {
        evidence.upload = upload->bytes(problems, 1024, 64 * mebibyte);
    }
    if (const auto* const keep = node->find("keep"); keep != nullptr && keep->expect(ConfigNode::Kind::map, problems)) {
        read_kept(*keep, context);
    }
}

}  // namespace portcullis::settings
