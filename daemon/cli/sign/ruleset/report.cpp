#include "cli/sign/ruleset/report.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::sign {
namespace {

/// `/rules/3/zone: ` says more than the place alone where a member is missing.
std::string with_member(const codec::Refusal& refusal) {
    const auto slash = refusal.pointer.rfind('/');
    const auto member = slash == std::string::npos ? std::string{} : refusal.pointer.substr(slash + 1);
    return refusal.reason == "is missing" ? "`" + member + "` is missing" : refusal.reason;
}

}  // namespace

void report_at(const Sketch& sketch, const std::string& pointer, std::string what, std::string help,
               ConfigProblems& problems) {
    const auto* const source = sketch.source_of(pointer);
    if (source == nullptr) {
        problems.add({{}, pointer, std::move(what), std::move(help)});
        return;
    }
    const auto same_place = [&](const ConfigProblem& problem) {
        return problem.where.line == source->mark().line && problem.where.column == source->mark().column &&
               problem.what == what;
    };
    if (std::ranges::none_of(problems.all(), same_place)) {
        source->report(problems, std::move(what), std::move(help));
    }
}

void report_refusals(const Sketch& sketch, const std::vector<codec::Refusal>& refusals, ConfigProblems& problems) {
    for (const auto& refusal : refusals) {
        report_at(sketch, refusal.pointer, with_member(refusal), refusal.hint, problems);
    }
}

}  // namespace portcullis::sign
