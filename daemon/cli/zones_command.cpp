#include "cli/zones_command.hpp"

#include <ostream>

#include "cli/daemon_answer.hpp"

namespace portcullis::cli {

int show_zones(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, "zones", errors);
    const auto read = answer ? read_answer(*answer, errors) : std::nullopt;
    if (!read) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
        return 0;
    }
    for (const auto& zone : list_in(*read, "zones")) {
        out << "zone " << shown(zone, "zone");
        if (const auto readers = shown(zone, "readers"); readers != "none") {
            out << ", readers there: " << readers;
        }
        out << '\n';
    }
    for (const auto& trip : list_in(*read, "trips")) {
        out << shown(trip, "container") << ' ' << shown(trip, "state") << ' ' << shown(trip, "zone") << ", sent "
            << shown(trip, "directed") << ", result " << shown(trip, "result") << '\n';
    }
    if (list_in(*read, "trips").empty()) {
        out << "no box is on its way to a zone or in one\n";
    }
    out << shown(*read, "results") << " zone results\n";
    return 0;
}

}  // namespace portcullis::cli
