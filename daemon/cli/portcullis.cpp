#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include "cli/check_command.hpp"
#include "cli/device/device_subcommands.hpp"
#include "cli/explain_subcommands.hpp"
#include "cli/journal_subcommands.hpp"
#include "cli/orders_subcommands.hpp"
#include "cli/passes_subcommands.hpp"
#include "cli/radiation_subcommands.hpp"
#include "cli/ruleset_subcommands.hpp"
#include "cli/status_command.hpp"
#include "cli/trust_subcommands.hpp"
#include "cli/uplink_subcommands.hpp"
#include "cli/vehicles_subcommands.hpp"
#include "cli/zones_subcommands.hpp"
#include "gate/installation.hpp"

namespace {

using namespace portcullis;

constexpr int bad_usage = 2;

CLI::App* add_check(CLI::App& app, cli::CheckOptions& checked) {
    auto* const check = app.add_subcommand("check", "Read a gate's settings and say everything that is wrong");
    check->add_option("file", checked.file, "the gate's settings file")->capture_default_str();
    check
        ->add_option("--profiles", checked.profile_folders,
                     "folders to look for device profiles, after the settings' own")
        ->capture_default_str();
    check->add_flag("--effective", checked.effective, "print the settings with every default");
    return check;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"portcullis: the technician's command for a gate"};
    app.set_version_flag("--version", std::string{"portcullis "} + PORTCULLIS_VERSION);
    app.require_subcommand(1);

    cli::CheckOptions checked{"/etc/portcullis/gate.yaml", {gate::installed_profiles()}, false};
    const auto* const check = add_check(app, checked);
    std::filesystem::path socket{"/run/portcullis/control"};
    bool json = false;
    auto* const status = app.add_subcommand("status", "Show the running daemon's lanes, devices and destinations");
    status->add_option("--socket", socket, "the daemon's control socket")->capture_default_str();
    status->add_flag("--json", json, "print the daemon's answer as it came");

    const cli::OrdersSubcommands orders{app};
    const cli::ZonesSubcommands zones{app};
    const cli::UplinkSubcommands uplink{app};
    const cli::TrustSubcommands trust{app};
    const cli::PassesSubcommands passes{app};
    const cli::VehiclesSubcommands vehicles{app};
    const cli::RadiationSubcommands radiation{app};
    cli::RulesetSubcommands ruleset{app};
    cli::ExplainSubcommands explain{app};
    cli::JournalSubcommands journal{app};
    cli::DeviceSubcommands device{app};

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : bad_usage;
    }
    try {
        // Each gives a code only for what is its own.
        for (const auto& code :
             {journal.run(std::cout, std::cerr), uplink.run(std::cout, std::cerr), trust.run(std::cout, std::cerr),
              passes.run(std::cout, std::cerr), vehicles.run(std::cout, std::cerr), ruleset.run(std::cout, std::cerr),
              orders.run(std::cout, std::cerr), zones.run(std::cout, std::cerr), explain.run(std::cout, std::cerr),
              device.run(std::cout, std::cerr), radiation.run(std::cout, std::cerr)}) {
            if (code) {
                return *code;
            }
        }
        if (check->parsed()) {
            return cli::check_settings(checked, std::cout, std::cerr);
        }
        return cli::show_status(socket, json, std::cout, std::cerr);
    } catch (const std::exception& error) {
        std::cerr << "portcullis: " << error.what() << '\n';
        return 1;
    }
}
