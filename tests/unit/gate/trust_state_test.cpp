#include "gate/trust_state.hpp"

#include "gate/trust_floors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/trust_documents.hpp"
#include "tests/unit/store/temporary_directory.hpp"

using namespace portcullis;
using namespace portcullis::testing;
using codec::RefusalCause;
using gate::Provision;
using gate::TrustState;

namespace {

const WallTime noon = at("2026-11-24T12:00:00.000Z");

struct Fixture {
    TrustState state{{"xmht", "g07"}, {}, {}};
    std::vector<store::DocumentRow> rows;

    bool take(const Result<TrustState::Step, gate::DocumentRefused>& step) {
        if (!step) {
            refusal = step.error();
            return false;
        }
        std::erase_if(rows, [&](const auto& row) { return row.kind == step->taken.row.kind; });
        rows.push_back(step->taken.row);
        state = TrustState{*step->after};
        return true;
    }
    bool begin() { return take(state.begin(sealed_root(a_root()), noon)); }
    bool root(const RootDocument& root, const Names& names = {"alice", "bob"}) {
        return take(state.open_root(sealed_root(root, names), true, noon));
    }
    bool timestamp(const TimestampDocument& timestamp, const Names& names = {"clock"}) {
        return take(state.open_timestamp(sealed_timestamp(timestamp, names), noon));
    }
    /// A ruleset of which only the version is looked at: the text of its payload.
    bool ruleset(std::int64_t version, const Names& names = {"rita", "ralf"}, bool held = true) {
        const auto read = [](std::string_view payload) -> Result<DocumentHead, codec::Refusal> {
            return DocumentHead{"xmht",
                                {"*"},
                                std::stoll(std::string{payload}),
                                at("2026-11-01T00:00:00.000Z"),
                                at("2026-12-01T00:00:00.000Z")};
        };
        return take(state.open(sealed("ruleset", std::to_string(version), names), DocumentKind::ruleset, 10'000, read,
                               {held}, noon));
    }
    TrustState restarted(trust::Floors floors) { return TrustState{{"xmht", "g07"}, std::move(floors), rows}; }

    gate::DocumentRefused refusal;
};

DocumentMark mark_of(std::int64_t version) {
    return {version, trust::sha256(std::to_string(version))};
}

}  // namespace

TEST_CASE_METHOD(Fixture, "a root gives nobody the orders of a name under which the gate itself counts places") {
    auto root = a_root();
    root.orders[Authority{"passes"}] = root.orders.begin()->second;
    CHECK_FALSE(take(state.begin(sealed_root(root), noon)));
    CHECK(refusal.cause == RefusalCause::parse);
    CHECK(refusal.detail.find("/roles/orders/passes") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "nothing is believed before somebody says which root to believe") {
    CHECK(state.provision() == Provision::unprovisioned);
    CHECK_FALSE(root(a_root()));
    CHECK_FALSE(timestamp(a_timestamp()));
    CHECK_FALSE(ruleset(1));
    CHECK(state.orders(noon).keys.by_authority.empty());
    CHECK_FALSE(take(state.begin(sealed_root(a_root(), {"alice"}), noon)));
    CHECK(refusal.cause == RefusalCause::signature);
    REQUIRE(begin());
    CHECK(state.provision() == Provision::provisioned);
    CHECK(state.orders(noon).keys.by_authority.size() == 2);
    CHECK_FALSE(begin());
}

TEST_CASE_METHOD(Fixture, "a root follows when the keys of both sign it and none is left out") {
    REQUIRE(begin());
    auto second = with_key_replaced(with_key_replaced(a_root(2), "alice", "dora"), "bob", "emil");
    CHECK_FALSE(root(second, {"alice", "bob"}));
    CHECK(refusal.cause == RefusalCause::signature);
    CHECK_FALSE(root(second, {"dora", "emil"}));
    CHECK_FALSE(root(second, {"alice", "bob", "dora"}));
    CHECK_FALSE(root(a_root(3), {"alice", "bob"}));
    CHECK(refusal.cause == RefusalCause::chain);
    REQUIRE(root(second, {"alice", "bob", "dora", "emil"}));
    CHECK(state.root()->head.version == 2);
    CHECK_FALSE(root(a_root(1)));
    auto third = second;
    third.head.version = 3;
    CHECK_FALSE(root(third, {"alice", "bob"}));
    CHECK(root(third, {"dora", "carol"}));
}

TEST_CASE_METHOD(Fixture, "one key that signs twice counts once") {
    REQUIRE(begin());
    CHECK_FALSE(root(a_root(2), {"alice", "alice"}));
    CHECK_FALSE(ruleset(1, {"rita", "rita"}));
    CHECK(ruleset(1, {"rita", "rosa"}));
}

TEST_CASE_METHOD(Fixture, "an expired root takes no document but the root that follows it") {
    auto short_lived = a_root();
    short_lived.head.expires = at("2026-11-24T11:00:00.000Z");
    CHECK_FALSE(take(state.begin(sealed_root(short_lived), noon)));
    CHECK(refusal.cause == RefusalCause::expiry);
    REQUIRE(take(state.begin(sealed_root(short_lived), at("2026-11-24T10:00:00.000Z"))));
    CHECK_FALSE(ruleset(1));
    CHECK(refusal.cause == RefusalCause::expiry);
    CHECK(state.orders(noon).keys.by_authority.empty());
    REQUIRE(root(a_root(2)));
    CHECK(ruleset(1));
}

TEST_CASE_METHOD(Fixture, "versions only rise and the same one with other bytes is a fork") {
    REQUIRE(begin());
    REQUIRE(ruleset(5));
    CHECK_FALSE(ruleset(4));
    CHECK(refusal.cause == RefusalCause::version);
    CHECK_FALSE(ruleset(5));
    CHECK(refusal.place == codec::BatchPlace::repeated);
    CHECK(ruleset(5, {"rita", "ralf"}, false));  // the floor is known, the document was lost
    CHECK(ruleset(6));
    REQUIRE(timestamp(a_timestamp(3)));
    auto other = a_timestamp(3);
    other.head.expires = at("2026-11-24T23:00:00.000Z");
    CHECK_FALSE(timestamp(other));
    CHECK(refusal.cause == RefusalCause::chain);
    CHECK_FALSE(timestamp(a_timestamp(2)));
}

TEST_CASE_METHOD(Fixture, "what the timestamp names as newest is the least that is taken") {
    REQUIRE(begin());
    auto names_seven = a_timestamp(1);
    names_seven.newest[{DocumentKind::ruleset, {}}] = mark_of(7);
    REQUIRE(timestamp(names_seven));
    CHECK_FALSE(ruleset(6));
    CHECK(refusal.cause == RefusalCause::version);
    CHECK(ruleset(7));

    auto names_six = a_timestamp(2);
    names_six.newest[{DocumentKind::ruleset, {}}] = mark_of(6);
    CHECK_FALSE(timestamp(names_six));
    auto other_bytes = a_timestamp(2);
    other_bytes.newest[{DocumentKind::ruleset, {}}] = {7, Hash256{1}};
    CHECK_FALSE(timestamp(other_bytes));
    auto orders = a_timestamp(2);
    orders.newest[{DocumentKind::orders, Authority{"ciq"}}] = mark_of(40);
    REQUIRE(timestamp(orders));
    CHECK(state.orders(noon).named.at(Authority{"ciq"}) == mark_of(40));
}

TEST_CASE_METHOD(Fixture, "a clock that is set back brings no expired document back") {
    REQUIRE(begin());
    REQUIRE(timestamp(a_timestamp(1)));
    CHECK(state.timestamp_holds(noon));
    CHECK_FALSE(state.timestamp_holds(at("2026-11-25T00:00:00.000Z")));
    auto older = a_timestamp(2);
    older.head.issued = at("2026-11-20T00:00:00.000Z");
    older.head.expires = at("2026-11-21T00:00:00.000Z");
    const auto text = sealed_timestamp(older);
    CHECK_FALSE(take(state.open_timestamp(text, at("2026-11-20T12:00:00.000Z"))));
    CHECK(refusal.cause == RefusalCause::expiry);
}

TEST_CASE_METHOD(Fixture, "a version far ahead signed with a stolen key is undone by replacing the key") {
    REQUIRE(begin());
    auto stolen = a_timestamp(1'000'000);
    stolen.head.issued = at("2026-11-24T11:00:00.000Z");
    stolen.head.expires = at("2099-01-01T00:00:00.000Z");
    stolen.newest[{DocumentKind::ruleset, {}}] = mark_of(1'000'000);
    REQUIRE(timestamp(stolen));
    REQUIRE(ruleset(2'000'000, {"rita", "ralf"}));

    auto second = with_key_replaced(a_root(2), "clock", "clock2");
    second = with_key_replaced(with_key_replaced(second, "rita", "rita2"), "ralf", "ralf2");
    second.head.issued = at("2026-11-24T11:30:00.000Z");
    REQUIRE(root(second));
    CHECK_FALSE(state.timestamp());
    CHECK_FALSE(timestamp(a_timestamp(1), {"clock"}));
    CHECK_FALSE(timestamp(a_timestamp(1), {"clock2"}));  // issued before the keys were replaced
    auto fresh = a_timestamp(1);
    fresh.head.issued = at("2026-11-24T11:45:00.000Z");
    REQUIRE(timestamp(fresh, {"clock2"}));
    CHECK_FALSE(ruleset(3'000'000, {"rita", "ralf"}));
    CHECK_FALSE(ruleset(1, {"rita2", "ralf2"}));  // issued before the keys were replaced
    CHECK(refusal.cause == RefusalCause::version);
}

TEST_CASE_METHOD(Fixture, "a document is for its terminal and gates") {
    REQUIRE(begin());
    auto elsewhere = a_timestamp(1);
    elsewhere.head.terminal = "other";
    CHECK_FALSE(timestamp(elsewhere));
    CHECK(refusal.cause == RefusalCause::audience);
    elsewhere.head.terminal = "xmht";
    elsewhere.head.gates = {"g08"};
    CHECK_FALSE(timestamp(elsewhere));
    CHECK(refusal.cause == RefusalCause::audience);
    elsewhere.head.gates = {"g08", "g07"};
    CHECK(timestamp(elsewhere));
}

TEST_CASE_METHOD(Fixture, "documents that are older than the floors are not in force after a restart") {
    REQUIRE(begin());
    REQUIRE(root(a_root(2)));
    const auto old_rows = rows;
    REQUIRE(root(a_root(3)));
    CHECK(restarted(state.floors()).root()->head.version == 3);

    rows = old_rows;
    auto restored = restarted(state.floors());
    CHECK(restored.provision() == Provision::root_missing);
    CHECK_FALSE(restored.open_root(sealed_root(a_root(2)), true, noon));
    CHECK_FALSE(restored.open_root(sealed_root(a_root(4)), true, noon));
    CHECK_FALSE(restored.begin(sealed_root(a_root()), noon));
    const auto found = restored.open_root(sealed_root(a_root(3)), true, noon);
    REQUIRE(found);
    CHECK(found->after->provision() == Provision::provisioned);
    CHECK(found->after->floors().taken == state.floors().taken);
}

TEST_CASE_METHOD(Fixture, "floors are written and read back and of two copies the newer counts") {
    const store::testing::TemporaryDirectory directory;
    CHECK(gate::load_floors(directory.path(), std::nullopt).floors == trust::Floors{});
    REQUIRE(begin());
    auto names = a_timestamp(1);
    names.newest[{DocumentKind::orders, Authority{"ciq"}}] = mark_of(40);
    REQUIRE(timestamp(names));
    const auto older = state.floors();
    CHECK(gate::read_floors(gate::floors_text(older)).value() == older);
    auto second = with_key_replaced(a_root(2), "clock", "clock2");
    REQUIRE(root(second));
    const auto newer = state.floors();
    CHECK(gate::read_floors(gate::floors_text(newer)).value() == newer);

    REQUIRE_FALSE(gate::save_floors(directory.path(), older));
    CHECK(gate::load_floors(directory.path(), gate::floors_text(newer)).floors == newer);
    CHECK(gate::load_floors(directory.path(), gate::floors_text(newer)).defect);
    REQUIRE_FALSE(gate::save_floors(directory.path(), newer));
    CHECK(gate::load_floors(directory.path(), gate::floors_text(older)).floors == newer);
    CHECK_FALSE(gate::load_floors(directory.path(), gate::floors_text(newer)).defect);
    CHECK(gate::load_floors(directory.path(), std::nullopt).floors == newer);
    CHECK(gate::load_floors(directory.path(), "{}").floors == newer);
    CHECK(gate::load_floors(directory.path(), "{}").defect);
}
