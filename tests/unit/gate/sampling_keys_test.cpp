#include "gate/sampling_keys.hpp"

#include <filesystem>

#include "core/time_text.hpp"
#include "store/state_directory.hpp"
#include "supervision/evaluate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/supervision/a_passage.hpp"
#include "trust/base64.hpp"
#include "trust/draw.hpp"

namespace portcullis::gate {
namespace {

using supervision::testing::leaving;
using supervision::testing::noon;
using supervision::testing::release_order;

const std::string box = "CSQU3054383";

struct Bench {
    trust::Sodium sodium;
    trust::SamplingSecret secret = trust::SamplingSecret::parse(std::string(64, '7')).value();
    SamplingKeys keys{trust::BoxKeyPair::parse(std::string(64, '1')).value(), "xmht", "g07"};
    Ruleset ruleset;
    DecisionBasis basis;

    Bench() {
        basis.now.wall = noon;
        ruleset.version = 1;
        ruleset.policy = supervision::testing::default_policy();
        ruleset.sampling.rates = {{{}, {}, {}, 50'000}};
        ruleset.sampling.keys = {
            {"k1", "g07", secret.commitment(), noon - std::chrono::hours{24}, noon + std::chrono::hours{24}}};
    }
    [[nodiscard]] codec::SamplingKeyDocument document() const {
        const auto gate = trust::BoxKeyPair::parse(std::string(64, '1')).value();
        return {"xmht",
                "g07",
                "k1",
                noon,
                noon + std::chrono::hours{24},
                trust::to_base64(gate.public_key().seal(sodium, secret))};
    }
    [[nodiscard]] PassageFacts drawn(const OrdersFound& found) const {
        auto facts = leaving({box});
        keys.draw(supervision::CompiledRuleset{ruleset}, found, basis, facts);
        return facts;
    }
};

OrdersFound declared(std::vector<std::string> declarations, const std::string& root = {}) {
    auto order = release_order("R-1", box);
    auto& release = std::get<ReleaseOrder>(order.order.body);
    release.declarations = std::move(declarations);
    if (!root.empty()) {
        release.attributes["declaration_root"] = root;
    }
    OrdersFound found;
    found.orders.push_back(order);
    return found;
}

TEST_CASE("A gate opens the key that is sealed to it and draws with it") {
    Bench bench;
    CHECK(bench.drawn(declared({"D-1"})).measures.boxes.empty());
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    const auto facts = bench.drawn(declared({"D-1"}));
    REQUIRE(facts.measures.boxes.size() == 1);
    const auto& measures = facts.measures.boxes.front();
    REQUIRE(measures.tickets.size() == 1);
    CHECK(measures.tickets.front().ticket_ppm == trust::draw_ticket(bench.secret, {"sampling", "xmht", "D-1", {}}));
    REQUIRE(measures.draw);
    CHECK(measures.draw->key_id == "k1");
    CHECK(measures.draw->declaration == "D-1");
}

TEST_CASE("A key for another gate or terminal or sealed to another is refused") {
    Bench bench;
    auto document = bench.document();
    document.gate = "g08";
    CHECK(bench.keys.take(document)->cause == codec::RefusalCause::audience);
    document = bench.document();
    document.terminal = "xmst";
    CHECK(bench.keys.take(document)->cause == codec::RefusalCause::audience);
    document = bench.document();
    document.sealed = trust::to_base64(
        trust::BoxKeyPair::parse(std::string(64, '2')).value().public_key().seal(bench.sodium, bench.secret));
    CHECK(bench.keys.take(document)->cause == codec::RefusalCause::signature);
    CHECK(bench.drawn(declared({"D-1"})).measures.boxes.empty());
}

TEST_CASE("A key that the ruleset does not commit to draws nothing") {
    Bench bench;
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    bench.ruleset.sampling.keys.front().commitment.front() ^= 1;
    CHECK(bench.drawn(declared({"D-1"})).measures.boxes.empty());
    bench.ruleset.sampling.keys.clear();
    CHECK(bench.drawn(declared({"D-1"})).measures.boxes.empty());
}

TEST_CASE("A key draws only while the whole error band of the clock lies in its period") {
    Bench bench;
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    bench.basis.now.wall = noon + std::chrono::hours{24} - std::chrono::seconds{1};
    CHECK(bench.drawn(declared({"D-1"})).measures.boxes.empty());  // the order is over by then
    auto found = declared({"D-1"});
    found.orders.front().order.valid_to = noon + std::chrono::hours{48};
    CHECK(bench.drawn(found).measures.boxes.size() == 1);
    bench.basis.clock_band = std::chrono::seconds{2};
    CHECK(bench.drawn(found).measures.boxes.empty());
}

TEST_CASE("What replaces a declaration draws as the first of its chain") {
    Bench bench;
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    const auto first = bench.drawn(declared({"D-1"})).measures.boxes.front();
    const auto again = bench.drawn(declared({"D-7"}, "D-1")).measures.boxes.front();
    const auto other = bench.drawn(declared({"D-7"})).measures.boxes.front();
    CHECK(again.tickets == first.tickets);
    CHECK(other.tickets != first.tickets);
}

TEST_CASE("Of several declarations the smallest ticket decides and a box without any has none") {
    Bench bench;
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    const auto both = bench.drawn(declared({"D-1", "D-2"})).measures.boxes.front();
    const auto one = bench.drawn(declared({"D-1"})).measures.boxes.front().tickets.front().ticket_ppm;
    const auto two = bench.drawn(declared({"D-2"})).measures.boxes.front().tickets.front().ticket_ppm;
    CHECK(both.tickets.front().ticket_ppm == std::min(one, two));
    CHECK(both.draw->declarations == std::vector<std::string>{"D-1", "D-2"});
    CHECK(both.draw->declaration == (one < two ? "D-1" : "D-2"));
    CHECK(bench.drawn(declared({})).measures.boxes.empty());
}

TEST_CASE("Each rule with a rate has a ticket of its own and the verdict rests on the same numbers") {
    Bench bench;
    REQUIRE_FALSE(bench.keys.take(bench.document()));
    Rule rule;
    rule.id = "Q07";
    rule.outcome = VerdictOutcome::inspect;
    rule.rate_ppm = 100'000;
    auto whole = rule;
    whole.id = "Q08";
    whole.rate_ppm = 1'000'000;
    bench.ruleset.rules = {rule, whole};
    const auto found = declared({"D-1"});
    const auto facts = bench.drawn(found);
    const auto& tickets = facts.measures.boxes.front().tickets;
    REQUIRE(tickets.size() == 2);
    CHECK(tickets.back().purpose == "rule:Q07");
    CHECK(tickets.back().ticket_ppm == trust::draw_ticket(bench.secret, {"rule:Q07", "xmht", "D-1", box}));
    bench.ruleset.rules.clear();
    auto verdict = supervision::evaluate(bench.ruleset, facts, found, bench.basis);
    SamplingKeys::tell(facts, verdict);
    REQUIRE(verdict.boxes.size() == 1);
    REQUIRE(verdict.boxes.front().draw);
    const bool drawn = tickets.front().ticket_ppm < verdict.boxes.front().rate_ppm;
    CHECK(verdict.boxes.front().sampling == (drawn ? SamplingOutcome::gate_drawn : SamplingOutcome::gate_not));
}

TEST_CASE("The gate's own box key is made once and a file that is none is left alone") {
    const auto folder = std::filesystem::temp_directory_path() / "portcullis-box-key-test";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const trust::Sodium sodium;
    const auto ids = trust::random_ids(sodium);
    const auto first = open_box_key(folder, ids);
    REQUIRE(first);
    const auto permissions = std::filesystem::status(folder / "box.key").permissions();
    CHECK((permissions & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
          std::filesystem::perms::none);
    CHECK(open_box_key(folder, ids)->public_key() == first->public_key());
    CHECK(store::write_small_file(folder / "box.key", "nonsense\n") == std::nullopt);
    CHECK_FALSE(open_box_key(folder, ids));
    CHECK(portcullis::testing::file_text((folder / "box.key").string()) == "nonsense\n");
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace portcullis::gate
