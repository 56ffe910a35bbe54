#include "cli/check_command.hpp"

#include <ostream>
#include <string>

#include "gate/load_plan.hpp"
#include "settings/dump_effective.hpp"
#include "settings/load.hpp"
#include "settings/remarks.hpp"

namespace portcullis::cli {
namespace {

std::string counted(std::size_t number, const std::string& one, const std::string& many) {
    return std::to_string(number) + " " + (number == 1 ? one : many);
}

std::string summary(const settings::GateSettings& gate) {
    return counted(gate.lanes.size(), "lane", "lanes") + ", " + counted(gate.devices.size(), "device", "devices") +
           " on " + counted(gate.buses.size(), "bus", "buses") + ", " +
           counted(gate.uplinks.size(), "destination", "destinations");
}

}  // namespace

int check_settings(const CheckOptions& options, std::ostream& out, std::ostream& errors) {
    gate::DriverCatalogue catalogue;
    const auto loaded =
        settings::load_gate_settings(options.file, gate::settings_surroundings(catalogue, options.profile_folders));
    if (!loaded.settings) {
        for (const auto& problem : loaded.problems) {
            errors << problem.message() << '\n';
        }
        return 1;
    }
    if (options.effective) {
        out << settings::dump_effective(*loaded.settings);
    } else {
        out << options.file.string() << ": good: " << summary(*loaded.settings) << '\n';
    }
    auto remarks = settings::remarks_of(*loaded.settings);
    const auto of_devices = catalogue.remarks();
    remarks.insert(remarks.end(), of_devices.begin(), of_devices.end());
    for (const auto& remark : remarks) {
        out << (options.effective ? "# " : "") << remark << '\n';  // what is printed with --effective loads again
    }
    return 0;
}

}  // namespace portcullis::cli
