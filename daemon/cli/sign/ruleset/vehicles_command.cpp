#include "cli/sign/ruleset/vehicles_command.hpp"

#include <ostream>

#include "cli/sign/ruleset/compile_vehicles.hpp"
#include "codec/vehicles_document.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

/// What it is, for people: how many, and how long it holds.
void explain_vehicles(const VehicleList& list, std::ostream& out) {
    out << "vehicle list " << list.version << " for terminal " << list.terminal << ", gates";
    for (const auto& gate : list.gates) {
        out << ' ' << gate;
    }
    out << "\nissued " << time_text(list.issued) << ", expires " << time_text(list.expires) << "\n"
        << list.vehicles.size() << " vehicles\n";
}

}  // namespace

int check_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_from(options, compile_vehicles, errors);
    if (!list) {
        return refuse(errors, options.file.string() + " is no vehicle list");
    }
    explain_vehicles(*list, out);
    return 0;
}

int build_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto list = compiled_from(options, compile_vehicles, errors);
    if (!list) {
        return refuse(errors, "nothing was built");
    }
    const auto payload = codec::write_vehicles(*list);
    explain_vehicles(*list, errors);
    errors << payload.size() << " bytes, sha256 " << hex_text(trust::sha256(payload)) << "\n";
    return put_text(options, payload, out, errors);
}

int sign_vehicles(const AuthoredOptions& options, std::ostream& out, std::ostream& errors) {
    const auto payload = payload_in(options.file, codec::most_vehicles_bytes);
    if (!payload) {
        return refuse(errors, options.file.string() + ": cannot be read, or is larger than a vehicle list may be");
    }
    if (const auto list = codec::read_vehicles(*payload); !list) {
        return refuse(errors, options.file.string() + ": " + list.error().message() + "; nothing was signed");
    }
    return put_sealed(options, codec::vehicles_kind, *payload, out, errors);
}

}  // namespace portcullis::sign
