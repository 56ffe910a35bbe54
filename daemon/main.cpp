#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>

#include "console/control_socket.hpp"
#include "gate/gate.hpp"
#include "gate/installation.hpp"
#include "gate/load_plan.hpp"
#include "gate/service_manager.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "trust/sodium.hpp"

namespace {

using namespace portcullis;

/// Exit codes: also in docs/operations.md. 4 is the gate's own (a forced end).
constexpr int bad_settings = 1;
constexpr int bad_usage = 2;
constexpr int unusable_state = 3;
constexpr int forced_end = 4;

std::optional<gate::GatePlan> load(const std::filesystem::path& file,
                                   const std::vector<std::filesystem::path>& profile_folders) {
    auto loaded = gate::load_plan(file, profile_folders);
    for (const auto& problem : loaded.problems) {
        std::cerr << problem.message() << '\n';
    }
    return std::move(loaded.plan);
}

int run(const gate::GatePlan& plan, const runtime::Log& log) {
    const trust::Sodium sodium;
    const runtime::SystemClock clock;
    boost::asio::io_context context{1};
    const auto checking = [&log](const std::string& file, std::uintmax_t bytes) {
        gate::ServiceManager{}.checking(file, bytes);
        log.notice("the last stop was not an ordered one; checking", {{"file", file}, {"bytes", bytes}});
    };
    auto stores =
        gate::open_stores(plan.state, trust::random_ids(sodium), checking, [&clock] { return clock.now().instant; });
    if (!stores) {
        log.error("cannot open the state", {{"fault", stores.error().fault}, {"why", stores.error().message}});
        return unusable_state;
    }
    gate::Gate gate{{context, clock, log, sodium, runtime::read_boot_id()}, plan, std::move(stores).value()};
    boost::asio::signal_set signals{context, SIGTERM, SIGINT};
    signals.async_wait([&gate](const boost::system::error_code& error, int) {
        if (!error) {
            gate.stop("signal");
        }
    });
    gate.start();
    context.run();
    if (!gate.end_workers()) {
        std::_Exit(gate.exit_code());  // what hangs would hang every destructor; all that counts is durable
    }
    return gate.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"portcullisd: gate control for a port terminal's lanes"};
    std::filesystem::path settings = "/etc/portcullis/gate.yaml";
    std::vector<std::filesystem::path> profiles{gate::installed_profiles()};
    app.add_option("--settings", settings, "the gate's settings file")->capture_default_str();
    app.add_option("--profiles", profiles, "folders to look for device profiles, after the settings' own");
    app.set_version_flag("--version", std::string{"portcullisd "} + PORTCULLIS_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : bad_usage;
    }
    // Paho's look-ups of names end by themselves (docs/decisions/0005); what is set already is somebody's wish.
    ::setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);  // NOLINT(concurrency-mt-unsafe): before any thread
    const runtime::Log log{runtime::log_form_of_environment(), runtime::LogLevel::info};
    try {
        const auto plan = load(settings, profiles);
        return plan ? run(*plan, log) : bad_settings;
    } catch (const console::ControlSocketUnusable& error) {
        log.error("cannot open the control socket", {{"why", error.what()}});
        return unusable_state;
    } catch (const std::exception& error) {
        log.error("the daemon must stop", {{"why", error.what()}});
        return forced_end;
    }
}
