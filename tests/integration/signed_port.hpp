#pragma once

#include <string>
#include <vector>

#include "codec/ruleset.hpp"
#include "core/documents.hpp"
#include "core/ruleset_case.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/mqtt_probe.hpp"
#include "tests/support/trust_documents.hpp"

/// A port whose gate believes a root: who signs, and how its documents come to the gate.
namespace portcullis::testing {

/// The root of trust_documents.hpp for the simulated terminal; central signs orders of `ciq` and `terminal`.
[[nodiscard]] RootDocument root_of_the_port();

/// Two of three sign rulesets; this one asks `ciq` for boxes that leave, and admits the rest.
[[nodiscard]] RulesetDocument ruleset_of_the_port(std::int64_t version);

[[nodiscard]] std::string sealed_ruleset(const RulesetDocument& document, const Names& names = {"rita", "ralf"});

/// A bench whose gate believes that root, and who publishes to it.
class SignedPort {
public:
    explicit SignedPort(const std::vector<story::LaneKind>& lanes = {{}}, const std::string& zones = {});

    /// Starts the daemon; it believes its root from then on.
    void start();
    /// Publishes a document.
    void publish(const std::string& kind, const std::string& envelope, bool retained = true);
    /// Waits until central has stored that a ruleset of this version acts.
    void until_acts(std::int64_t version);
    /// `portcullis …` with the gate's socket; gives what it printed.
    std::string portcullis(std::vector<std::string> arguments, int exit_code = 0);

    [[nodiscard]] GateBench& bench() { return bench_; }
    [[nodiscard]] HandLane& lane() { return bench_.lane(); }

private:
    GateBench bench_;
    MqttProbe probe_;
    int runs_ = 0;
};

}  // namespace portcullis::testing
