// The gate draws with the key that central has sealed to it.
#include "codec/sampling_key_document.hpp"
#include "core/time_text.hpp"
#include "simulators/rig/gate_settings.hpp"
#include "tests/integration/signed_port.hpp"
#include "tests/support/catch.hpp"
#include "trust/base64.hpp"
#include "trust/sampling_key.hpp"
#include "trust/sodium.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const Truck truck{"闽D12345", "CSQU3054383"};

trust::SamplingSecret secret_of_the_period() {
    return trust::SamplingSecret::parse(std::string(64, '7')).value();
}

/// Draws every declaration, with the key of this period.
RulesetDocument drawing(std::int64_t version) {
    auto document = ruleset_of_the_port(version);
    auto& sampling = document.ruleset.sampling;
    sampling.rates = {{{}, {}, {}, 1'000'000}};
    sampling.keys = {{"period-1", "g1", secret_of_the_period().commitment(), document.ruleset.issued,
                      document.ruleset.issued + 24h}};
    return document;
}

std::string sealed_key(const std::string& box_key, WallTime from) {
    const trust::Sodium sodium;
    const auto to = trust::BoxPublicKey::parse(box_key).value();
    const codec::SamplingKeyDocument document{
        rig::terminal_name, "g1",
        "period-1",         from,
        from + 24h,         trust::to_base64(to.seal(sodium, secret_of_the_period()))};
    return sealed("sampling_key", codec::write_sampling_key(document), {"rosa"});
}

std::string declared_release(WallTime now) {
    return R"({"op":"put","order":"R-1","kind":"release","status":"released","movement":"import_laden","container":")" +
           truck.container + R"(","declarations":["390200261000123"],"draw":"at_gate","tractor_plates":[],)" +
           R"("trailer_plates":[],"conditions":[],"uses":1,"valid_from":")" + time_text(now - 1h) +
           R"(","valid_to":")" + time_text(now + 24h) + R"(","officer":"A113","decided":")" + time_text(now - 1h) +
           R"("})";
}

}  // namespace

TEST_CASE("A declaration is drawn at the gate with the key that was sealed to it") {
    SignedPort port;
    auto& bench = port.bench();
    port.start();
    const auto ruleset = drawing(1);
    port.publish("ruleset", sealed_ruleset(ruleset));
    port.until_acts(1);
    port.publish("sampling_key", sealed_key(bench.status()->box_key(), ruleset.ruleset.issued));
    bench.until_central_has("document.activated",
                            [](const auto& event) { return run::text_of(event, "kind") == "sampling_key"; });
    const auto cursor = bench.status()->order_cursor();
    bench.gate().publish_orders("ciq", {declared_release(bench.gate().clock().now().wall)});
    bench.until("the order is applied", [&] { return bench.status()->order_cursor() > cursor; });

    port.lane().arrives();
    port.lane().is_read(truck);
    bench.until_central_has("sampling.judged", [](const auto& event) {
        return run::text_of(event, "draw") == "gate_drawn" && run::text_of(event, "key_id") == "period-1";
    });
    bench.until_central_has("verdict.issued", [](const auto& event) {
        return run::text_of(event, "outcome") == "inspect" && run::text_of(event, "sampling") == "gate_drawn";
    });
    bench.kill_and_restart();
    CHECK(port.portcullis({"ruleset", "show"}).find("ruleset: 1 fresh") != std::string::npos);
}

}  // namespace portcullis::testing
