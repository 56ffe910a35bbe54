// portcullis-sign: what central needs to speak to gates. Keys and signed documents; nothing is sent from here.
#include <CLI/CLI.hpp>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "cli/sign/import/import_subcommands.hpp"
#include "cli/sign/key_file.hpp"
#include "cli/sign/ruleset/authored_subcommands.hpp"
#include "cli/sign/sampling_subcommands.hpp"
#include "cli/sign/sign_orders.hpp"
#include "cli/sign/snapshot_subcommand.hpp"
#include "cli/sign/trust_subcommands.hpp"
#include "core/time_text.hpp"
#include "trust/sodium.hpp"

namespace {

using namespace portcullis;

enum ExitCode : int { done = 0, refused = 1, bad_usage = 2 };

struct OrdersOptions {
    std::string key;
    std::string authority;
    std::string terminal;
    std::string gates;
    std::int64_t number = 0;
    std::string previous;
    std::string issued;
    std::string expires;
    std::string file = "-";
};

int fail(const std::string& problem) {
    std::cerr << "portcullis-sign: " << problem << "\n";
    return refused;
}

std::vector<std::string> split(const std::string& list) {
    std::vector<std::string> items;
    std::istringstream in{list};
    for (std::string item; std::getline(in, item, ',');) {
        items.push_back(item);
    }
    return items;
}

int keygen(const std::string& out) {
    const trust::Sodium sodium;
    const auto key = trust::SigningKey::generate(sodium);
    if (const auto problem = sign::write_key_file(out, key); !problem.empty()) {
        return fail(problem);
    }
    std::cout << "public " << key.public_key().text() << "\nkeyid  " << key.public_key().keyid() << "\n";
    return done;
}

/// The batch's head, or what is wrong with the options.
Result<OrderBatch, std::string> head_of(const OrdersOptions& options) {
    const auto issued = time_from_text(options.issued);
    const auto expires = time_from_text(options.expires);
    if (!issued || !expires) {
        return Failure{
            std::string{"--issued and --expires take a time in UTC with milliseconds, such as "
                        "2026-11-23T01:02:03.000Z"}};
    }
    if (options.previous.empty() && options.number != 1) {
        return Failure{
            std::string{"--previous is needed for every batch but the first: the SHA-256 of the batch "
                        "before, which portcullis-sign printed when it signed that"}};
    }
    OrderBatch head;
    head.authority = Authority{options.authority};
    head.terminal = options.terminal;
    head.gates = split(options.gates);
    head.number = options.number;
    head.previous = options.previous.empty() ? std::string(64, '0') : options.previous;
    head.issued = *issued;
    head.expires = *expires;
    return head;
}

int orders(const OrdersOptions& options) {
    const auto key = sign::read_key_file(options.key);
    if (!key) {
        return fail(key.error());
    }
    const auto head = head_of(options);
    if (!head) {
        return fail(head.error());
    }
    std::ifstream file;
    const bool from_stdin = options.file == "-";
    if (!from_stdin) {
        file.open(options.file);
        if (!file) {
            return fail(options.file + ": cannot be read");
        }
    }
    const auto objects =
        sign::read_order_lines(from_stdin ? std::cin : file, from_stdin ? "stdin" : options.file, head->authority);
    if (!objects) {
        for (const auto& problem : objects.error()) {
            std::cerr << problem << "\n";
        }
        return fail("nothing was signed");
    }
    const auto batch = sign::sign_orders(*head, *objects, *key);
    if (!batch) {
        return fail(batch.error());
    }
    std::cout << batch->envelope << std::flush;
    std::cerr << "batch " << options.number << " of " << options.authority << ": " << objects->size()
              << " orders, sha256 " << batch->payload_sha256 << "\n";
    return std::cout.good() ? done : fail("standard output cannot be written");
}

int run(int argc, char** argv) {
    CLI::App app{"Keys and signed documents for Portcullis gates. What it writes to standard output is sent as it is."};
    app.set_version_flag("--version", PORTCULLIS_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit code: 0 done, 1 refused (nothing was signed), 2 wrong usage, 3 some rows of an import were refused.");

    std::string out;
    auto* keygen_command = app.add_subcommand("keygen", "Makes a signing key; prints what gates need to trust it");
    keygen_command->add_option("--out", out, "New file for the secret key (mode 0600)")->required();

    OrdersOptions options;
    auto* orders_command = app.add_subcommand("orders", "Signs a batch of orders from JSON Lines, one order a line");
    const sign::ImportSubcommands imports{app, *orders_command};
    const sign::SamplingSubcommands sampling{app};
    const sign::AuthoredSubcommands rulesets{app, sign::authored_rulesets()};
    const sign::AuthoredSubcommands passes{app, sign::authored_passes()};
    const sign::AuthoredSubcommands vehicles{app, sign::authored_vehicles()};
    const sign::TrustSubcommands trust_documents{app};
    const sign::SnapshotSubcommand snapshot{app};
    // Not required(): CLI11 would ask for them with `orders import` too.
    const std::string needed = "Needed";
    orders_command->add_option("--key", options.key, "Key file of keygen")->group(needed);
    orders_command->add_option("--authority", options.authority, "Whose orders these are: ciq, customs, terminal, ...")
        ->group(needed);
    orders_command->add_option("--terminal", options.terminal, "The gates' terminal")->group(needed);
    orders_command->add_option("--gates", options.gates, "Names with commas between, or '*' for all")->group(needed);
    orders_command->add_option("--number", options.number, "1, 2, 3 ... for each authority, without a gap")
        ->group(needed);
    orders_command->add_option("--previous", options.previous, "SHA-256 of the batch before; not for number 1");
    orders_command->add_option("--issued", options.issued, "UTC, e.g. 2026-11-23T01:02:03.000Z")->group(needed);
    orders_command->add_option("--expires", options.expires, "After it no gate takes the batch")->group(needed);
    orders_command->add_option("file", options.file, "JSON Lines; without it, or with -, standard input");

    try {
        app.parse(argc, argv);
        if (orders_command->parsed() && orders_command->get_subcommands().empty()) {
            for (const auto* option : orders_command->get_options()) {
                if (option->get_group() == needed && option->count() == 0) {
                    throw CLI::RequiredError{option->get_name()};
                }
            }
        }
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? done : bad_usage;
    }
    // Each gives a code only for what is its own.
    for (const auto& code :
         {sampling.run(std::cout, std::cerr), imports.run(std::cin, std::cout, std::cerr),
          rulesets.run(std::cout, std::cerr), passes.run(std::cout, std::cerr), vehicles.run(std::cout, std::cerr),
          trust_documents.run(), snapshot.run(std::cin, std::cerr)}) {
        if (code) {
            return *code;
        }
    }
    return keygen_command->parsed() ? keygen(out) : orders(options);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        return fail(error.what());
    }
}
