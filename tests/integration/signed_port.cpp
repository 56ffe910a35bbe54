#include "tests/integration/signed_port.hpp"

#include <cstdlib>

#include "runtime/clock.hpp"
#include "simulators/rig/child_process.hpp"
#include "simulators/rig/gate_settings.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

WallTime an_hour_ago() {
    return runtime::SystemClock{}.now().wall - 1h;
}

}  // namespace

RootDocument root_of_the_port() {
    auto root = a_root();
    root.head.terminal = rig::terminal_name;
    root.head.issued = an_hour_ago() - 24h;
    root.head.expires = an_hour_ago() + 24h * 30;
    const auto key = trust::PublicKey::parse(rig::orders_key()).value();
    root.keys.push_back({key.keyid(), "central", bytes_from_hex<32>(key.text()).value()});
    for (const auto* authority : {"ciq", "terminal"}) {
        root.orders[Authority{authority}] = {{key.keyid()}, 1};
    }
    root.roles[DocumentKind::sampling_key] = {{root_key("rosa").keyid}, 1};
    root.roles[DocumentKind::zone_result] = {{root_key("ciq").keyid}, 1};
    root.roles[DocumentKind::passes] = {{root_key("customs").keyid}, 1};
    root.roles[DocumentKind::vehicles] = {{root_key("customs").keyid}, 1};
    return root;
}

RulesetDocument ruleset_of_the_port(std::int64_t version) {
    RulesetDocument document;
    auto& ruleset = document.ruleset;
    ruleset.version = version;
    ruleset.terminal = rig::terminal_name;
    ruleset.gates = {"*"};
    ruleset.issued = an_hour_ago();
    ruleset.expires = an_hour_ago() + 24h * 7;
    ruleset.policy = supervision::testing::default_policy();
    return document;
}

std::string sealed_ruleset(const RulesetDocument& document, const Names& names) {
    return sealed("ruleset", codec::write_ruleset(document), names);
}

SignedPort::SignedPort(const std::vector<story::LaneKind>& lanes, const std::string& zones)
    : bench_(lanes, sealed_root(root_of_the_port()), zones), probe_(bench_.gate().broker().uri(), "publisher") {}

void SignedPort::start() {
    bench_.start();
    portcullis({"trust", "init"});
}

void SignedPort::publish(const std::string& kind, const std::string& envelope, bool retained) {
    probe_.publish(bench_.gate().prefix() + "/document/" + kind, envelope, retained);
}

void SignedPort::until_acts(std::int64_t version) {
    bench_.until_central_has("document.activated", [version](const auto& event) {
        return run::text_of(event, "kind") == "ruleset" && event.data.at("version").as_int64() == version;
    });
}

std::string SignedPort::portcullis(std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), std::string{std::getenv("PORTCULLIS_BIN")} + "/portcullis");
    arguments.insert(arguments.end(), {"--socket", (bench_.gate().state() / "control").string()});
    const auto output = bench_.gate().state() / ("said-" + std::to_string(++runs_));
    rig::ChildProcess program{arguments, output};
    std::optional<int> ended;
    bench_.until("portcullis has ended", [&] {
        ended = program.ended();
        return ended.has_value();
    });
    auto printed = file_text(output.string());
    INFO(arguments.at(1) << " " << arguments.at(2) << ": " << printed);
    CHECK(ended == exit_code);
    return printed;
}

}  // namespace portcullis::testing
