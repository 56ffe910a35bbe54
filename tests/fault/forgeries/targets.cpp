#include "tests/fault/forgeries/targets.hpp"

#include <map>
#include <memory>

#include "codec/orders.hpp"
#include "codec/passes_document.hpp"
#include "codec/ruleset.hpp"
#include "codec/sampling_key_document.hpp"
#include "codec/vehicles_document.hpp"
#include "codec/zone_result_document.hpp"
#include "gate/delivery.hpp"
#include "gate/pass_desk.hpp"
#include "gate/ruleset_desk.hpp"
#include "gate/sampling_documents.hpp"
#include "gate/trust_state.hpp"
#include "gate/vehicle_desk.hpp"
#include "gate/zone_desk.hpp"
#include "gate/zone_documents.hpp"
#include "tests/support/one_rule_ruleset.hpp"
#include "trust/sodium.hpp"

namespace portcullis::fault {
namespace {

using namespace portcullis::testing;
using gate::TrustState;

const WallTime noon = at("2026-11-24T12:00:00.000Z");
const DocumentHead list_head{"xmht", {"g07"}, 1, at("2026-11-23T00:00:00.000Z"), at("2026-12-23T00:00:00.000Z")};

/// By what the gate reads a kind that a desk takes: its own reader, cases included.
bool accepts(const std::shared_ptr<const TrustState>& state, const gate::DocumentTaker& taker,
             const std::string& received) {
    const std::map<DocumentKind, gate::KindReading> readings{
        {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
    const auto judged = gate::judge_delivery(state, {received, "supervision", taker.kind}, readings, noon, nullptr);
    return !judged.accepted.empty();
}

/// Holds what leaves with a number of one owner.
std::string ruleset_payload() {
    Predicate predicate;
    predicate.kind = PredicateKind::container_prefix;
    predicate.texts = {"CSQU"};
    auto document = one_rule_ruleset(1, "Boxes of one owner wait", predicate);
    document.ruleset.policy.rows = {{Way::in, std::nullopt, std::nullopt, {Authority{"ciq"}}, WithoutOrder::hold}};
    return codec::write_ruleset(document);
}

Target ruleset_target(const std::shared_ptr<const TrustState>& state) {
    const auto log = std::make_shared<runtime::Log>(runtime::Log::Form::plain, runtime::LogLevel::error);
    gate::RulesetDesk::Ports ports;
    ports.trust = [state]() -> const TrustState& { return *state; };
    const auto desk = std::make_shared<gate::RulesetDesk>(*log, std::move(ports), std::nullopt);
    return {"ruleset",
            "ruleset",
            ruleset_payload(),
            {"rita", "ralf"},
            "alice",
            [state, log, desk](const std::string& received) { return accepts(state, desk->taker(), received); }};
}

Target sampling_key_target(const std::shared_ptr<const TrustState>& state) {
    const trust::Sodium sodium;
    const std::string secret(64, '1');
    const auto box = trust::BoxKeyPair::parse(secret).value();
    const auto key = trust::SamplingSecret::parse(std::string(64, '7')).value();
    const codec::SamplingKeyDocument document{"xmht",
                                              "g07",
                                              "2026-11",
                                              at("2026-11-01T00:00:00.000Z"),
                                              at("2026-12-01T00:00:00.000Z"),
                                              trust::to_base64(box.public_key().seal(sodium, key))};
    const auto keys = std::make_shared<gate::SamplingKeys>(trust::BoxKeyPair::parse(secret).value(), "xmht", "g07");
    return {"sampling key",
            "sampling_key",
            codec::write_sampling_key(document),
            {"rosa"},
            "rita",
            [state, keys](const std::string& received) {
                return accepts(state, gate::sampling_key_taker(*keys), received);
            },
            "to"};
}

Target passes_target(const std::shared_ptr<const TrustState>& state) {
    PassList list{list_head, {}};
    Pass pass{"P-1", PassKind::visitor, PlateNumber::parse("闽D12345").value()};
    pass.holder = "a visitor";
    pass.lanes = {LaneName{"in-1"}};
    pass.hours = DayWindow{7 * 60, 19 * 60};
    pass.valid_from = at("2026-11-24T00:00:00.000Z");
    pass.valid_to = at("2026-11-25T00:00:00.000Z");
    pass.count = 2;
    list.passes = {pass};
    const auto log = std::make_shared<runtime::Log>(runtime::Log::Form::plain, runtime::LogLevel::error);
    const auto ledger = std::make_shared<lane::UsageLedger>();
    const auto desk = std::make_shared<gate::PassDesk>(
        *log, *ledger, gate::PassDesk::Ports{{}, [state]() -> const TrustState& { return *state; }, {}});
    return {
        "pass list",
        "passes",
        codec::write_passes(list),
        {"rosa", "customs"},
        "ciq",
        [state, log, ledger, desk](const std::string& received) { return accepts(state, desk->taker(), received); }};
}

Target vehicles_target(const std::shared_ptr<const TrustState>& state) {
    const VehicleList list{list_head, {{PlateNumber::parse("闽D12345").value(), TareCovers::vehicle, 15'000}}};
    const auto log = std::make_shared<runtime::Log>(runtime::Log::Form::plain, runtime::LogLevel::error);
    const auto desk = std::make_shared<gate::VehicleDesk>(
        *log, gate::VehicleDesk::Ports{{}, [state]() -> const TrustState& { return *state; }, {}});
    return {"vehicle list",
            "vehicles",
            codec::write_vehicles(list),
            {"rosa", "customs"},
            "ciq",
            [state, log, desk](const std::string& received) { return accepts(state, desk->taker(), received); }};
}

Target zone_result_target(const std::shared_ptr<const TrustState>& state) {
    const auto ended = at("2026-11-24T10:00:00.000Z");
    const codec::ZoneResultDocument document{"xmht",
                                             {"g07"},
                                             ended,
                                             at("2026-12-01T00:00:00.000Z"),
                                             {"ZR-1",
                                              ContainerNumber::parse("CSQU3054383").value(),
                                              "Z2",
                                              ZoneResultState::pass,
                                              {"radiation"},
                                              {"sampling"},
                                              {},
                                              {"CN123457"},
                                              {"A113"},
                                              "C001",
                                              ended - std::chrono::hours{1},
                                              ended},
                                             {}};
    const auto log = std::make_shared<runtime::Log>(runtime::Log::Form::plain, runtime::LogLevel::error);
    const auto ledger = std::make_shared<lane::UsageLedger>();
    const auto desk =
        std::make_shared<gate::ZoneDesk>(std::vector<settings::ZoneSettings>{}, *log, *ledger, gate::ZoneDesk::Ports{});
    return {"zone result",
            "zone_result",
            codec::write_zone_result(document),
            {"customs"},
            "rita",
            [state, log, ledger, desk](const std::string& received) {
                return accepts(state, gate::zone_result_taker(*desk), received);
            }};
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
    auto root = a_root();
    root.roles[DocumentKind::sampling_key] = {{root_key("rosa").keyid}, 1};
    root.roles[DocumentKind::passes] = {{root_key("rosa").keyid, root_key("customs").keyid}, 2};
    root.roles[DocumentKind::vehicles] = root.roles.at(DocumentKind::passes);
    root.roles[DocumentKind::zone_result] = {{root_key("customs").keyid}, 1};
    const auto state = nothing.begin(sealed_root(root), noon).value().after;
    auto timestamp = a_timestamp(1);
    timestamp.newest[{DocumentKind::orders, Authority{"ciq"}}] = {1, trust::sha256(orders_of("ciq"))};
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
    targets.push_back(ruleset_target(state));
    targets.push_back(sampling_key_target(state));
    targets.push_back(passes_target(state));
    targets.push_back(vehicles_target(state));
    targets.push_back(zone_result_target(state));
    targets.push_back(orders_target(state, "ciq", "customs"));
    targets.push_back(orders_target(state, "customs", "ciq"));
    return targets;
}

}  // namespace portcullis::fault
