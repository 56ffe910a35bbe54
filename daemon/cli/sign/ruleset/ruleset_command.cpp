#include "cli/sign/ruleset/ruleset_command.hpp"

#include <ostream>

#include "cli/sign/ruleset/compile_ruleset.hpp"
#include "codec/ruleset.hpp"
#include "core/hash256.hpp"
#include "supervision/cases.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

/// A gate would take the payload: it reads, and its cases come out as they say. Otherwise why not.
std::string defect_of(const std::string& payload) {
    const auto read = codec::read_ruleset(payload);
    if (!read) {
        return read.error().message();
    }
    const auto differences = supervision::run_cases(supervision::CompiledRuleset{read->ruleset}, read->cases);
    return differences.empty() ? std::string{} : "case " + differences.front().id + " comes out otherwise than it says";
}

}  // namespace

int check_ruleset(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto document = compiled_from(options, compile_ruleset, errors);
    if (!document) {
        return refuse(errors, options.file.string() + " is no ruleset");
    }
    out << explained(document->document) << std::flush;
    return 0;
}

int build_ruleset(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto document = compiled_from(options, compile_ruleset, errors);
    if (!document) {
        return refuse(errors, "nothing was built");
    }
    errors << explained(document->document) << document->payload.size() << " bytes, sha256 "
           << hex_text(trust::sha256(document->payload)) << "\n";
    return put_text(options, document->payload, out, errors);
}

int sign_ruleset(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto payload = payload_in(options.file, codec::most_ruleset_bytes);
    if (!payload) {
        return refuse(errors, options.file.string() + ": cannot be read, or is larger than a ruleset may be");
    }
    if (const auto defect = defect_of(*payload); !defect.empty()) {
        return refuse(errors, options.file.string() + ": " + defect + "; nothing was signed");
    }
    return put_sealed(options, codec::ruleset_kind, *payload, out, errors);
}

}  // namespace portcullis::sign
