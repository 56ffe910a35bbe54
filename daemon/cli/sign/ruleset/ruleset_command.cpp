#include "cli/sign/ruleset/ruleset_command.hpp"

#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/ruleset/compile_ruleset.hpp"
#include "cli/sign/ruleset/draft.hpp"
#include "codec/envelope.hpp"
#include "codec/ruleset.hpp"
#include "core/hash256.hpp"
#include "settings/yaml_reader.hpp"
#include "supervision/cases.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

constexpr int done = 0;
constexpr int refused = 1;

int fail(std::ostream& errors, const std::string& problem) {
    errors << "portcullis-sign: " << problem << "\n";
    return refused;
}

std::optional<CompiledDocument> compiled(const RulesetOptions& options, std::ostream& errors) {
    ConfigProblems problems;
    std::optional<CompiledDocument> document;
    if (const auto text = settings::read_text_file(options.file, problems, most_yaml_bytes)) {
        document = compile_ruleset(*text, options.file.string(), problems);
    }
    for (const auto& problem : problems.all()) {
        errors << problem.message() << "\n";
    }
    return document;
}

int write(const RulesetOptions& options, const std::string& text, std::ostream& out, std::ostream& errors) {
    if (options.out.empty()) {
        out << text << std::flush;
        return out.good() ? done : fail(errors, "standard output cannot be written");
    }
    std::ofstream file{options.out, std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    return file.good() ? done : fail(errors, options.out.string() + ": cannot be written");
}

/// The bytes of a payload, or nothing when they are more than one may have.
std::optional<std::string> read_payload(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    std::string text(codec::most_ruleset_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return file.bad() || text.size() > codec::most_ruleset_bytes ? std::nullopt : std::optional{std::move(text)};
}

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

int check_ruleset(const RulesetOptions& options, std::ostream& out, std::ostream& errors) {
    const auto document = compiled(options, errors);
    if (!document) {
        return fail(errors, options.file.string() + " is no ruleset");
    }
    out << explained(document->document) << std::flush;
    return done;
}

int build_ruleset(const RulesetOptions& options, std::ostream& out, std::ostream& errors) {
    const auto document = compiled(options, errors);
    if (!document) {
        return fail(errors, "nothing was built");
    }
    errors << explained(document->document) << document->payload.size() << " bytes, sha256 "
           << hex_text(trust::sha256(document->payload)) << "\n";
    return write(options, document->payload, out, errors);
}

int sign_ruleset(const RulesetOptions& options, std::ostream& out, std::ostream& errors) {
    const auto payload = read_payload(options.file);
    if (!payload) {
        return fail(errors, options.file.string() + ": cannot be read, or is larger than a ruleset may be");
    }
    if (const auto defect = defect_of(*payload); !defect.empty()) {
        return fail(errors, options.file.string() + ": " + defect + "; nothing was signed");
    }
    const auto type = codec::payload_type_of(codec::ruleset_kind);
    codec::Envelope envelope{type, trust::to_base64(*payload), {}};
    for (const auto& path : options.keys) {
        const auto key = read_key_file(path);
        if (!key) {
            return fail(errors, key.error());
        }
        const auto signature = key->sign(trust::pre_authentication_encoding(type, *payload));
        const std::string_view bytes{reinterpret_cast<const char*>(signature.data()), signature.size()};
        for (const auto& before : envelope.signatures) {
            if (before.keyid == key->public_key().keyid()) {
                return fail(errors, path.string() + ": this key stands here twice, and would count once");
            }
        }
        envelope.signatures.push_back({key->public_key().keyid(), trust::to_base64(bytes)});
    }
    return write(options, codec::write_envelope(envelope), out, errors);
}

}  // namespace portcullis::sign
