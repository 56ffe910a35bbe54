#include "simulators/central/central_command.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "simulators/central/central.hpp"

namespace portcullis::central {
namespace {

struct Options {
    std::string broker = "mqtt://127.0.0.1:1883";
    std::string prefix;
    std::string terminal;
    std::string key_file;
    std::string schemas = "docs/events";
    std::string state;
    std::vector<std::string> orders;
    std::int64_t until = 0;
};

std::string first_line(const std::string& path) {
    std::ifstream file{path};
    std::string line;
    if (!std::getline(file, line)) {
        throw std::runtime_error("cannot read the key file " + path + ": make one with portcullis-sign keygen");
    }
    return line;
}

/// `ciq=orders.jsonl`: one order object a line.
void publish_file(Central& central, const std::string& option) {
    const auto equals = option.find('=');
    std::ifstream file{equals == std::string::npos ? "" : option.substr(equals + 1)};
    if (!file) {
        throw std::runtime_error("--orders " + option + ": write authority=file, a file of one order a line");
    }
    std::vector<std::string> orders;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty()) {
            orders.push_back(line);
        }
    }
    central.publish_orders(option.substr(0, equals), orders);
}

void wait_for_signal_or(Central& central, std::int64_t until) {
    boost::asio::io_context context;
    boost::asio::signal_set signals{context, SIGINT, SIGTERM};
    bool ended = false;
    signals.async_wait([&](const boost::system::error_code&, int) { ended = true; });
    while (!ended) {
        if (until > 0 && central.report().last >= until) {
            return;
        }
        context.run_one_for(std::chrono::milliseconds{100});
    }
}

std::string report_line(const CentralReport& report) {
    return boost::json::serialize(boost::json::object{{"stream", report.stream},
                                                      {"last", report.last},
                                                      {"acknowledged", report.acknowledged},
                                                      {"events", report.events},
                                                      {"gaps", report.gaps},
                                                      {"holes", report.holes},
                                                      {"duplicates_ignored", report.duplicates_ignored},
                                                      {"reordered", report.reordered},
                                                      {"replays_asked", report.replays_asked},
                                                      {"chain_ok", report.chain_ok},
                                                      {"first_error", report.first_error}});
}

int run(const Options& options) {
    const runtime::SystemClock clock;
    Central central{{.broker = options.broker,
                     .prefix = options.prefix,
                     .terminal = options.terminal,
                     .key = SigningKey::from_hex(first_line(options.key_file)),
                     .schemas = options.schemas,
                     .state = options.state},
                    clock};
    for (const auto& orders : options.orders) {
        publish_file(central, orders);
    }
    central.start();
    wait_for_signal_or(central, options.until);
    central.stop();
    const auto report = central.report();
    std::cout << report_line(report) << std::endl;
    return report.gaps == 0 && report.chain_ok ? 0 : 1;
}

}  // namespace

void add_central_command(CLI::App& program, int& exit_code) {
    auto* command = program.add_subcommand("central", "The supervision centre: orders out, events in, gaps counted");
    const auto options = std::make_shared<Options>();
    command->add_option("--broker", options->broker, "mqtt://host:port")->capture_default_str();
    command->add_option("--prefix", options->prefix, "topics of the gate: portcullis/{terminal}/{gate}")->required();
    command->add_option("--terminal", options->terminal, "the terminal that batches are for")->required();
    command->add_option("--key", options->key_file, "signing key, as portcullis-sign keygen writes it")->required();
    command->add_option("--schemas", options->schemas, "folder of the event schemas")->capture_default_str();
    command->add_option("--state", options->state, "folder that keeps events and batches over a restart");
    command->add_option("--orders", options->orders, "authority=file: order objects, one a line, sent as one batch");
    command->add_option("--until", options->until, "end when this sequence is stored");
    command->callback([options, &exit_code] {
        try {
            exit_code = run(*options);
        } catch (const std::exception& error) {
            std::cerr << "central: " << error.what() << '\n';
            exit_code = 2;
        }
    });
}

}  // namespace portcullis::central
