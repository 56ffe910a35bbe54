#include "cli/status_command.hpp"

#include <iomanip>
#include <ostream>
#include <string>

#include "cli/daemon_answer.hpp"
#include "cli/trust_command.hpp"
#include "core/value.hpp"

namespace portcullis::cli {

namespace {

void show_lanes(const Value& status, std::ostream& out) {
    for (const auto& lane : list_in(status, "lanes")) {
        out << "lane " << std::left << std::setw(12) << shown(lane, "lane") << ' ' << shown(lane, "mode") << ", arm "
            << shown(lane, "arm") << ", light " << shown(lane, "light_go");
        if (const auto why = shown(lane, "why"); !why.empty()) {
            out << ": " << why;
        }
        if (const auto alarm = shown(lane, "radiation_alarm"); alarm != "-") {
            out << "; radiation alarm, " << alarm << ", not acknowledged";
        }
        out << '\n';
        for (const auto& passage : list_in(lane, "passages")) {
            out << "     " << shown(passage, "state") << ' ' << shown(passage, "identity") << " verdict "
                << shown(passage, "verdict") << '\n';
        }
    }
}

void show_rest(const Value& status, std::ostream& out) {
    for (const auto& device : list_in(status, "devices")) {
        out << "device " << std::left << std::setw(10) << shown(device, "device") << ' ' << shown(device, "state")
            << ", polls " << shown(device, "polls") << ", errors " << shown(device, "errors") << ", bad frames "
            << shown(device, "bad_frames");
        if (const auto cause = shown(device, "cause"); !cause.empty()) {
            out << ": " << cause;
        }
        out << '\n';
    }
    for (const auto& uplink : list_in(status, "uplinks")) {
        out << "destination " << shown(uplink, "destination") << ": online " << shown(uplink, "online") << ", sent "
            << shown(uplink, "sent") << ", broker took " << shown(uplink, "broker_took") << ", central stored "
            << shown(uplink, "central_stored") << " of " << shown(uplink, "last");
        if (shown(uplink, "online") != "yes") {
            out << ": " << shown(uplink, "cause");
        }
        if (const auto refusal = shown(uplink, "refusal"); !refusal.empty()) {
            out << "; broker refused " << shown(uplink, "broker_refused") << ", the last one: " << refusal;
        }
        out << '\n';
    }
}

}  // namespace

int show_status(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, "status", errors);
    if (!answer) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
        return 0;
    }
    const auto status = read_answer(*answer, errors);
    if (!status) {
        return 1;
    }
    if (const auto* gate = status->find("gate")) {
        out << "gate, version " << shown(*gate, "version") << ", stream " << shown(*gate, "stream") << ", "
            << shown(*gate, "last") << " events, journal " << shown(*status, "journal") << ", orders "
            << shown(*gate, "order_cursor") << " (" << shown(*gate, "orders_state") << ", "
            << shown(*gate, "orders_age_s") << " s old), clock " << shown(*gate, "clock");
        if (shown(*gate, "clock") != "synchronised") {
            out << " (+-" << shown(*gate, "clock_band_ms") << " ms)";
        }
        out << '\n';
        for (const auto& authority : list_in(*gate, "orders_behind")) {
            out << "orders of " << *authority.get<std::string>() << ": some batches are missing\n";
        }
        if (const auto* storage = gate->find("storage")) {
            out << "storage " << shown(*storage, "level") << ": " << shown(*storage, "free_bytes")
                << " bytes free, full in " << shown(*storage, "hours_left") << " hours, ballast "
                << shown(*storage, "ballast") << ", commits p99 " << shown(*storage, "commit_p99_us") << " us, wear "
                << shown(*storage, "wear_permille") << " permille\n";
        }
    }
    if (const auto* trust = status->find("trust")) {
        show_trust_line(*trust, out);
    }
    show_lanes(*status, out);
    show_rest(*status, out);
    return 0;
}

}  // namespace portcullis::cli
