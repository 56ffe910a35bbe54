#include "cli/sign/audit_command.hpp"

#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/sign/sampling_audit.hpp"
#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "codec/ruleset.hpp"
#include "trust/base64.hpp"

namespace portcullis::sign {
namespace {

Result<Ruleset, std::string> read_ruleset_file(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) {
        return Failure{path.string() + ": cannot be read"};
    }
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (const auto envelope = codec::read_envelope(text, codec::ruleset_kind, codec::most_ruleset_bytes * 2)) {
        // Who signed is not asked here: the events name the version, and its commitments must fit the keys.
        text = trust::from_base64(envelope->payload).value_or(std::string{});
    }
    auto document = codec::read_ruleset(text);
    if (!document) {
        return Failure{path.string() + ": " + document.error().message()};
    }
    return std::move(document->ruleset);
}

Object figures_of(const AuditResult& result) {
    List shares;
    for (const auto& share : result.shares) {
        shares.emplace_back(Object{{"class", share.enterprise_class},
                                   {"rate_ppm", share.rate_ppm},
                                   {"eligible", share.eligible},
                                   {"drawn", share.drawn},
                                   {"more_than", share.bounds.low},
                                   {"fewer_than", share.bounds.high},
                                   {"within", share.within() ? "yes" : "no"}});
    }
    return {{"events", result.events},
            {"judged", result.judged},
            {"recomputed", result.recomputed},
            {"by_central", result.by_central},
            {"not_eligible", result.not_eligible},
            {"unkeyed", result.unkeyed},
            {"mismatches", result.mismatches},
            {"missing", result.missing},
            {"unchecked", result.unchecked},
            {"redrawn", result.redrawn},
            {"shares", std::move(shares)}};
}

void print(const AuditResult& result, std::ostream& out) {
    out << result.events << " events, " << result.judged << " draws: " << result.recomputed << " recomputed, "
        << result.by_central << " by central, " << result.not_eligible << " without a declaration, " << result.unkeyed
        << " without a key\n"
        << "mismatches " << result.mismatches << ", missing " << result.missing << ", unchecked " << result.unchecked
        << ", drawn again under another key with another result " << result.redrawn << "\n";
    for (const auto& share : result.shares) {
        out << "class " << share.enterprise_class << " at " << share.rate_ppm << " ppm: " << share.drawn
            << " declarations drawn of " << share.eligible << ", chance gives more than " << share.bounds.low
            << " and fewer than " << share.bounds.high << (share.within() ? "" : ": OUTSIDE") << "\n";
    }
    for (const auto& problem : result.problems) {
        out << "event " << problem.sequence << " " << problem.what << "\n";
    }
}

}  // namespace

int audit_sampling(const AuditOptions& options, std::ostream& out, std::ostream& errors) {
    const auto fail = [&errors](const std::string& problem) {
        errors << "portcullis-sign: " << problem << "\n";
        return 1;
    };
    std::vector<SamplingKeyFile> keys;
    for (const auto& path : options.keys) {
        auto key = read_sampling_key_file(path);
        if (!key) {
            return fail(key.error());
        }
        keys.push_back(std::move(key).value());
    }
    const auto ruleset = read_ruleset_file(options.ruleset);
    if (!ruleset) {
        return fail(ruleset.error());
    }
    SamplingAudit audit{std::move(keys), *ruleset};
    for (const auto& path : options.events) {
        std::ifstream file{path};
        if (!file) {
            return fail(path.string() + ": cannot be read");
        }
        std::size_t number = 0;
        for (std::string line; std::getline(file, line);) {
            ++number;
            if (line.empty()) {
                continue;
            }
            if (const auto problem = audit.add(line)) {
                return fail(path.string() + ":" + std::to_string(number) + ": " + *problem);
            }
        }
    }
    const auto result = audit.finish();
    if (options.json) {
        out << codec::canonical_text(Value{figures_of(result)}).value() << "\n";
    } else {
        print(result, out);
    }
    return result.clean() ? 0 : 1;
}

}  // namespace portcullis::sign
