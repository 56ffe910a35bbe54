#include "cli/device/list_devices.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <string>
#include <vector>

#include "cli/daemon_answer.hpp"

namespace portcullis::cli {

namespace {

using Row = std::vector<std::string>;

Row row_of(const Value& device) {
    return {shown(device, "device"),    shown(device, "profile"),
            shown(device, "bus"),       shown(device, "state") + (shown(device, "in_test") == "yes" ? ", in test" : ""),
            shown(device, "polls"),     shown(device, "errors"),
            shown(device, "readings"),  shown(device, "bad_frames"),
            shown(device, "last_good"), shown(device, "cause")};
}

void show_table(const std::vector<Row>& rows, std::ostream& out) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line += std::string(widths[i] - row[i].size() + 2, ' ');
            }
        }
        out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
    }
}

}  // namespace

int list_devices(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, "devices", errors);
    const auto read = answer ? read_answer(*answer, errors) : std::nullopt;
    if (!read) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
        return 0;
    }
    std::vector<Row> rows{
        {"device", "profile", "bus", "state", "polls", "errors", "readings", "bad", "last good", "cause"}};
    for (const auto& device : list_in(*read, "devices")) {
        rows.push_back(row_of(device));
    }
    show_table(rows, out);
    for (const auto& bus : list_in(*read, "buses")) {
        out << "bus " << shown(bus, "bus") << ": " << shown(bus, "transport") << ' ' << shown(bus, "address");
        if (const auto line = shown(bus, "line"); !line.empty()) {
            out << ", " << line;
        }
        out << '\n';
    }
    return 0;
}

}  // namespace portcullis::cli
