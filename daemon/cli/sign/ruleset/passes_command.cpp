#include "cli/sign/ruleset/passes_command.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>

#include "cli/sign/ruleset/compile_passes.hpp"
#include "cli/sign/ruleset/draft.hpp"
#include "cli/sign/sealing.hpp"
#include "codec/passes_document.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "settings/yaml_reader.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

int refuse(std::ostream& errors, const std::string& problem) {
    errors << "portcullis-sign: " << problem << "\n";
    return 1;
}

std::optional<PassList> compiled_list(const PassesOptions& options, std::ostream& errors) {
    ConfigProblems problems;
    std::optional<PassList> list;
    if (const auto text = settings::read_text_file(options.file, problems, most_yaml_bytes)) {
        list = compile_passes(*text, options.file.string(), problems);
    }
    for (const auto& problem : problems.all()) {
        errors << problem.message() << "\n";
    }
    return list;
}

/// What it is, for people: how many, and how long it holds.
void explain(const PassList& list, std::ostream& out) {
    const auto visitors = std::ranges::count(list.passes, PassKind::visitor, &Pass::kind);
    out << "pass list " << list.version << " for terminal " << list.terminal << ", gates";
    for (const auto& gate : list.gates) {
        out << ' ' << gate;
    }
    out << "\nissued " << time_text(list.issued) << ", expires " << time_text(list.expires) << "\n"
        << list.passes.size() << " passes, " << visitors << " of visitors\n";
}

int put_text(const PassesOptions& options, const std::string& text, std::ostream& out, std::ostream& errors) {
    if (options.out.empty()) {
        out << text << std::flush;
        return out.good() ? 0 : refuse(errors, "standard output cannot be written");
    }
    std::ofstream file{options.out, std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    return file.good() ? 0 : refuse(errors, options.out.string() + ": cannot be written");
}

/// The bytes of a payload, or nothing when they are more than one may have.
std::optional<std::string> payload_of_list(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text(codec::most_passes_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return text.empty() || text.size() > codec::most_passes_bytes ? std::nullopt : std::optional{std::move(text)};
}

}  // namespace

int check_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_list(options, errors);
    if (!list) {
        return refuse(errors, options.file.string() + " is no pass list");
    }
    explain(*list, out);
    return 0;
}

int build_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_list(options, errors);
    if (!list) {
        return refuse(errors, "nothing was built");
    }
    const auto payload = codec::write_passes(*list);
    explain(*list, errors);
    errors << payload.size() << " bytes, sha256 " << hex_text(trust::sha256(payload)) << "\n";
    return put_text(options, payload, out, errors);
}

int sign_passes(const PassesOptions& options, std::ostream& out, std::ostream& errors) {
    const auto payload = payload_of_list(options.file);
    if (!payload) {
        return refuse(errors, options.file.string() + ": cannot be read, or is larger than a pass list may be");
    }
    if (const auto list = codec::read_passes(*payload); !list) {
        return refuse(errors, options.file.string() + ": " + list.error().message() + "; nothing was signed");
    }
    const auto sealed = seal(codec::passes_kind, *payload, options.keys);
    return sealed ? put_text(options, *sealed + "\n", out, errors) : refuse(errors, sealed.error());
}

}  // namespace portcullis::sign
