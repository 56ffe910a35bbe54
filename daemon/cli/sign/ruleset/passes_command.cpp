#include "cli/sign/ruleset/passes_command.hpp"

#include <algorithm>
#include <ostream>

#include "cli/sign/ruleset/compile_passes.hpp"
#include "codec/passes_document.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

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

}  // namespace

int check_passes(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_from(options, compile_passes, errors);
    if (!list) {
        return refuse(errors, options.file.string() + " is no pass list");
    }
    explain(*list, out);
    return 0;
}

int build_passes(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_from(options, compile_passes, errors);
    if (!list) {
        return refuse(errors, "nothing was built");
    }
    const auto payload = codec::write_passes(*list);
    explain(*list, errors);
    errors << payload.size() << " bytes, sha256 " << hex_text(trust::sha256(payload)) << "\n";
    return put_text(options, payload, out, errors);
}

int sign_passes(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto payload = payload_in(options.file, codec::most_passes_bytes);
    if (!payload) {
        return refuse(errors, options.file.string() + ": cannot be read, or is larger than a pass list may be");
    }
    if (const auto list = codec::read_passes(*payload); !list) {
        return refuse(errors, options.file.string() + ": " + list.error().message() + "; nothing was signed");
    }
    return put_sealed(options, codec::passes_kind, *payload, out, errors);
}

}  // namespace portcullis::sign
