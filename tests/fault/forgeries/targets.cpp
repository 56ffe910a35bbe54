#include "tests/fault/forgeries/targets.hpp"

#include <memory>

#include "codec/orders.hpp"
#include "gate/trust_state.hpp"

namespace portcullis::fault {
namespace {

using namespace portcullis::testing;
using gate::TrustState;

const WallTime noon = at("2026-11-24T12:00:00.000Z");

/// The strict readers of the kinds that a root and a timestamp do not cover belong to those kinds; this one reads what
/// each of them begins with.
Result<DocumentHead, codec::Refusal> read_head(std::string_view payload) {
    const auto claim = codec::read_payload_claim(payload);
    if (!claim) {
        return Failure{claim.error()};
    }
    return DocumentHead{claim->terminal,
                        {"*"},
                        claim->version,
                        claim->issued.value_or(WallTime{}),
                        claim->expires.value_or(WallTime{})};
}

std::string orders_of(const std::string& authority) {
    OrderBatch batch;
    batch.authority = Authority{authority};
    batch.terminal = "xmht";
    batch.gates = {"g07"};
    batch.number = 1;
    batch.previous = std::string(64, '0');
    batch.issued = at("2026-11-23T00:00:00.000Z");
    batch.expires = at("2026-11-30T00:00:00.000Z");
    const std::vector<std::string> orders{
        R"({"op":"put","order":"R-1","kind":"release","status":"released","movement":"import_laden",)"
        R"("container":"CSQU3054383","valid_from":"2026-11-23T00:00:00.000Z","officer":"A1",)"
        R"("decided":"2026-11-22T08:00:00.000Z"})"};
    return codec::write_order_batch(batch, orders);
}

Target orders_target(const std::shared_ptr<const TrustState>& state, const std::string& authority,
                     const std::string& other) {
    const gate::OrderTerms terms{"xmht", "g07", noon, [](const Authority&) { return codec::OrderChainState{}; }};
    return {"orders of " + authority,
            "orders",
            orders_of(authority),
            {authority},
            other,
            [state, terms](const std::string& received) {
                const auto opened = gate::open_orders(received, state->orders(noon).keys, terms);
                return opened.ok() && !opened->passed_over;
            }};
}

}  // namespace

std::vector<Target> make_targets() {
    const TrustState nothing{{"xmht", "g07"}, {}, {}};
    const auto state = nothing.begin(sealed_root(a_root()), noon).value().after;
    auto timestamp = a_timestamp(1);
    timestamp.newest[{DocumentKind::orders, Authority{"ciq"}}] = {1, trust::sha256(orders_of("ciq"))};
    const std::string ruleset =
        R"({"kind":"ruleset","terminal":"xmht","gates":["*"],"version":1,"issued":"2026-11-20T00:00:00.000Z",)"
        R"("expires":"2026-12-20T00:00:00.000Z","rules":[{"id":"R1","outcome":"hold"}]})";
    std::vector<Target> targets;
    targets.push_back({"root",
                       "root",
                       codec::write_root(with_key_replaced(a_root(2), "carol", "dora")),
                       {"alice", "bob"},
                       "rita",
                       [state](const std::string& received) { return state->open_root(received, true, noon).ok(); }});
    targets.push_back({"timestamp",
                       "timestamp",
                       codec::write_timestamp(timestamp),
                       {"clock"},
                       "ciq",
                       [state](const std::string& received) { return state->open_timestamp(received, noon).ok(); }});
    targets.push_back({"ruleset", "ruleset", ruleset, {"rita", "ralf"}, "alice", [state](const std::string& received) {
                           return state->open(received, DocumentKind::ruleset, 64 * 1024, read_head, true, noon).ok();
                       }});
    targets.push_back(orders_target(state, "ciq", "customs"));
    targets.push_back(orders_target(state, "customs", "ciq"));
    return targets;
}

}  // namespace portcullis::fault
