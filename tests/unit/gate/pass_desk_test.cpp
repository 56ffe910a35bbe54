#include "gate/pass_desk.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "codec/canonical.hpp"
#include "gate/delivery.hpp"
#include "gate/trust_floors.hpp"
#include "supervision/passes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/trust_documents.hpp"
#include "tests/unit/store/a_journal.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::gate {
namespace {

using portcullis::testing::at;
using portcullis::testing::sealed;
using supervision::testing::entering;
using supervision::testing::passage_id;
using supervision::testing::plate;
using supervision::testing::truck;

RootDocument pass_root(std::int64_t version = 1) {
    auto root = portcullis::testing::a_root(version);
    root.keys.push_back(portcullis::testing::root_key("paula"));
    root.roles[DocumentKind::passes] = {{portcullis::testing::root_key("paula").keyid}, 1};
    return root;
}

/// A visitor who may come twice; signed on the day of the manual clock.
PassList a_pass_list(std::int64_t version) {
    PassList list;
    list.version = version;
    list.terminal = "xmht";
    list.gates = {"g07"};
    list.issued = at("2026-11-23T12:00:00.000Z");
    list.expires = at("2026-12-23T12:00:00.000Z");
    Pass pass{"P-1", PassKind::visitor, plate(truck)};
    pass.holder = "a visitor";
    pass.valid_from = at("2026-11-23T00:00:00.000Z");
    pass.valid_to = at("2026-11-27T00:00:00.000Z");
    pass.count = 2;
    list.passes = {pass};
    return list;
}

std::string sealed_list(const PassList& list, const portcullis::testing::Names& names = {"paula"}) {
    return sealed("passes", codec::write_passes(list), names);
}

/// A pass desk behind the checks of trust, over a real journal; deliveries are read at once.
class PassBench {
public:
    PassBench() {
        const auto root =
            TrustState{{"xmht", "g07"}, {}, {}}.begin(portcullis::testing::sealed_root(pass_root()), clock.now().wall);
        REQUIRE(root.ok());
        trust_ = root->after;
        open();
        Submission first;
        first.documents.push_back(root->taken.row);
        first.trust_floors = floors_text(trust_->floors());
        submit(std::move(first));
        restart();
    }

    void restart() {
        desk_.reset();
        journal_.reset();
        open();
    }

    [[nodiscard]] PassDesk& desk() { return *desk_; }

    /// Whether it was taken. `refusal` says why not.
    bool deliver(const std::string& envelope, DocumentKind kind = DocumentKind::passes) {
        const auto taker = desk_->taker();
        const std::map<DocumentKind, KindReading> readings{
            {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
        auto judged = judge_delivery(trust_, {envelope, "supervision", kind}, readings, clock.now().wall, nullptr);
        refusal = judged.refused.empty() ? DocumentRefused{} : judged.refused.front();
        if (judged.accepted.empty()) {
            return false;
        }
        Submission submission;
        std::vector<std::function<void()>> then;
        for (auto& [taken, enact] : judged.accepted) {
            if (enact) {
                then.push_back(enact(std::move(taken), submission, clock.now()));
            } else {
                submission.documents.push_back(taken.row);
            }
        }
        submission.trust_floors = floors_text(judged.after->floors());
        submission.committed = [this, then, after = judged.after] {
            trust_ = after;
            for (const auto& next : then) {
                next();
            }
            desk_->follow(*trust_);
        };
        submit(std::move(submission));
        return true;
    }
    bool deliver(const PassList& list) { return deliver(sealed_list(list)); }

    /// How many passes the truck has now.
    std::size_t passes_of_truck(const std::vector<Usage>& taken = {}) {
        facts = entering({});
        desk_->measure(facts, taken, clock.now().wall);
        return facts.measures.passes ? facts.measures.passes->passes.size() : 0;
    }
    [[nodiscard]] std::string state() const {
        for (const auto& [name, value] : desk_->view(clock.now())) {
            if (name == "passes_state") {
                return *value.get<std::string>();
            }
        }
        return {};
    }
    [[nodiscard]] std::size_t told(const std::string& type) const {
        return static_cast<std::size_t>(
            std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.type == type; }));
    }
    /// The stored bytes become others.
    void spoil(const std::string& envelope) {
        auto rows = journal_->documents("passes");
        REQUIRE(rows.ok());
        REQUIRE(rows->size() == 1);
        store::JournalBatch batch;
        rows->front().envelope = envelope;
        batch.documents.push_back(rows->front());
        REQUIRE(journal_->append(batch) == store::StoreOutcome::committed);
    }
    [[nodiscard]] std::size_t rows() { return journal_->documents("passes").value().size(); }
    void read_back_guarded() {
        store::Quarantine quarantine{directory_.path(), "1"};
        open(&quarantine);
    }
    /// The process ends twice while it reads these bytes.
    void crash_on(const std::string& envelope) {
        for (int i = 0; i < 2; ++i) {
            store::Quarantine quarantine{directory_.path(), "1"};
            CHECK_FALSE(quarantine.begin(trust::sha256(envelope)));
        }
    }

    portcullis::testing::ManualClock clock;
    lane::UsageLedger ledger;
    DocumentRefused refusal;
    PassageFacts facts;
    std::vector<Event> events;
    int changed = 0;

private:
    void open(store::Quarantine* quarantine = nullptr) {
        desk_.reset();
        journal_.reset();
        journal_ = store::testing::open_journal(directory_.path());
        const auto& start = journal_->start();
        if (start.trust_floors) {
            trust_ = std::make_shared<TrustState>(TrustState::Audience{"xmht", "g07"},
                                                  read_floors(*start.trust_floors).value(), start.documents);
        }
        desk_ = std::make_unique<PassDesk>(
            log_, ledger,
            PassDesk::Ports{[this](Submission one) { submit(std::move(one)); },
                            [this]() -> const TrustState& { return *trust_; }, [this] { ++changed; }});
        desk_->load(*journal_, quarantine);
    }
    void submit(Submission submission) {
        events.insert(events.end(), submission.events.begin(), submission.events.end());
        auto batch = store::testing::events_after(*journal_, static_cast<int>(submission.events.size()));
        batch.documents = std::move(submission.documents);
        batch.trust_floors = submission.trust_floors;
        REQUIRE(journal_->append(batch) == store::StoreOutcome::committed);
        if (submission.committed) {
            submission.committed();
        }
    }

    store::testing::TemporaryDirectory directory_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    std::unique_ptr<store::Journal> journal_;
    std::shared_ptr<const TrustState> trust_;
    std::unique_ptr<PassDesk> desk_;
};

}  // namespace

TEST_CASE_METHOD(PassBench, "A pass list that its role signed counts at once and after a restart") {
    CHECK(passes_of_truck() == 0);
    CHECK(state() == "missing");
    CHECK_FALSE(desk().is_lost());
    REQUIRE(deliver(a_pass_list(1)));
    CHECK(passes_of_truck() == 1);
    CHECK(facts.measures.passes->version == 1);
    CHECK(facts.measures.passes->passes.front().pass.holder.empty());
    CHECK(changed == 1);
    CHECK(told("document.activated") == 1);
    restart();
    CHECK(passes_of_truck() == 1);
    CHECK(state() == "fresh");
    CHECK_FALSE(deliver(a_pass_list(1)));
    CHECK(refusal.place == codec::BatchPlace::repeated);
}

TEST_CASE_METHOD(PassBench, "A vehicle has its own passes, and neither an unread plate nor another has any") {
    REQUIRE(deliver(a_pass_list(1)));
    auto other = entering({});
    other.identity.tractor = plate("闽D54321");
    desk().measure(other, {}, clock.now().wall);
    CHECK_FALSE(other.measures.passes);
    CHECK(desk().places(other).empty());
    other.identity.home_plate = plate(truck);
    desk().measure(other, {}, clock.now().wall);
    CHECK(other.measures.passes);
    other.measures.passes.reset();
    other.identity.tractor.reset();
    desk().measure(other, {}, clock.now().wall);
    CHECK_FALSE(other.measures.passes);
}

TEST_CASE_METHOD(PassBench, "A newer list replaces the one before it whole, and an older one never comes back") {
    REQUIRE(deliver(a_pass_list(2)));
    auto empty = a_pass_list(3);
    empty.passes.clear();
    REQUIRE(deliver(empty));
    CHECK(passes_of_truck() == 0);
    CHECK(rows() == 1);
    CHECK_FALSE(deliver(a_pass_list(2)));
    CHECK(refusal.cause == codec::RefusalCause::version);
    restart();
    CHECK_FALSE(deliver(a_pass_list(2)));
    CHECK(refusal.cause == codec::RefusalCause::version);
    CHECK_FALSE(deliver(a_pass_list(3)));
    CHECK(refusal.cause == codec::RefusalCause::chain);
    CHECK(passes_of_truck() == 0);
}

TEST_CASE_METHOD(PassBench, "A list that somebody else signed, for another gate or out of date, changes nothing") {
    REQUIRE(deliver(a_pass_list(1)));
    auto empty = a_pass_list(2);
    empty.passes.clear();
    CHECK_FALSE(deliver(sealed_list(empty, {"rita", "ralf"})));
    CHECK(refusal.cause == codec::RefusalCause::signature);
    auto foreign = empty;
    foreign.gates = {"g08"};
    CHECK_FALSE(deliver(foreign));
    CHECK(refusal.cause == codec::RefusalCause::audience);
    auto over = empty;
    over.issued = at("2026-11-01T00:00:00.000Z");
    over.expires = at("2026-11-02T00:00:00.000Z");
    CHECK_FALSE(deliver(over));
    CHECK(refusal.cause == codec::RefusalCause::expiry);
    CHECK(passes_of_truck() == 1);
    CHECK(rows() == 1);
}

TEST_CASE_METHOD(PassBench, "A list that cannot be read back lets nobody in, says so, and is taken again") {
    REQUIRE(deliver(a_pass_list(1)));
    auto more = a_pass_list(1);
    more.passes.front().count.reset();
    more.passes.front().kind = PassKind::standing;
    for (const auto& bytes : {std::string{"{}"}, sealed_list(more)}) {
        spoil(bytes);
        restart();
        CHECK(passes_of_truck() == 0);
        desk().tick(clock.now());
        CHECK(state() == "missing");
        CHECK(told("document.state") > 0);
        CHECK(desk().is_lost());
        REQUIRE(deliver(a_pass_list(1)));
        CHECK_FALSE(desk().is_lost());
        CHECK(passes_of_truck() == 1);
    }
}

TEST_CASE_METHOD(PassBench, "A list that ended the process is held back, and lets nobody in") {
    const auto envelope = sealed_list(a_pass_list(1));
    REQUIRE(deliver(envelope));
    crash_on(envelope);
    read_back_guarded();
    CHECK(passes_of_truck() == 0);
    CHECK(state() == "missing");
}

TEST_CASE_METHOD(PassBench, "A list ends by itself, and is told to have") {
    REQUIRE(deliver(a_pass_list(1)));
    desk().tick(clock.now());
    const auto before = changed;
    clock.advance(std::chrono::hours{24 * 30});
    CHECK(passes_of_truck() == 0);
    desk().tick(clock.now());
    desk().tick(clock.now());
    CHECK(state() == "expired");
    CHECK(told("document.state") == 2);
    CHECK(changed == before + 1);
}

TEST_CASE_METHOD(PassBench, "Neither a list nor a pass comes to life again when the clock is set back") {
    auto list = a_pass_list(1);
    REQUIRE(deliver(list));
    auto timestamp = portcullis::testing::a_timestamp();
    clock.advance(std::chrono::hours{24 * 3});  // the pass is over
    timestamp.head.issued = at("2026-11-27T00:00:01.000Z");
    timestamp.head.expires = at("2026-11-28T00:00:00.000Z");
    REQUIRE(deliver(portcullis::testing::sealed_timestamp(timestamp), DocumentKind::timestamp));
    clock.step_wall(-std::chrono::hours{24 * 3});
    CHECK(passes_of_truck() == 0);
    CHECK(state() == "fresh");
}

TEST_CASE_METHOD(PassBench, "A list that the timestamp names as replaced lets nobody in until the newer one comes") {
    REQUIRE(deliver(a_pass_list(1)));
    const auto next = a_pass_list(2);
    auto timestamp = portcullis::testing::a_timestamp();
    timestamp.newest[{DocumentKind::passes, {}}] = {2, trust::sha256(codec::write_passes(next))};
    REQUIRE(deliver(portcullis::testing::sealed_timestamp(timestamp), DocumentKind::timestamp));
    CHECK(state() == "stale");
    CHECK(passes_of_truck() == 0);
    restart();
    CHECK(passes_of_truck() == 0);
    REQUIRE(deliver(next));
    CHECK(passes_of_truck() == 1);
}

TEST_CASE_METHOD(PassBench, "A list whose keys were replaced must be signed anew") {
    REQUIRE(deliver(a_pass_list(1)));
    auto root = portcullis::testing::with_key_replaced(pass_root(2), "paula", "peter");
    REQUIRE(deliver(portcullis::testing::sealed_root(root), DocumentKind::root));
    CHECK(passes_of_truck() == 0);
    CHECK(rows() == 0);
    restart();
    CHECK(passes_of_truck() == 0);
    CHECK_FALSE(deliver(a_pass_list(2)));
    auto anew = a_pass_list(1);
    anew.issued = at("2026-11-24T00:00:00.000Z");
    CHECK(deliver(sealed_list(anew, {"peter"})));
    CHECK(passes_of_truck() == 1);
}

TEST_CASE_METHOD(PassBench, "Places that others have of a pass are counted, ahead of the database too") {
    REQUIRE(deliver(a_pass_list(1)));
    auto truck_in = entering({});
    const auto places = desk().places(truck_in);
    REQUIRE(places.size() == 1);
    const std::vector<Usage> stored{{places.front(), UsageState::used, passage_id(7)},
                                    {places.front(), UsageState::reserved, truck_in.passage}};
    REQUIRE(passes_of_truck(stored) == 1);
    CHECK(facts.measures.passes->passes.front().taken == 1);
    REQUIRE(ledger.reserve({places.front(), 2}, {}, passage_id(8)));
    REQUIRE(passes_of_truck(stored) == 1);
    CHECK(facts.measures.passes->passes.front().taken == 2);
    CHECK(facts.measures.passes->passes.front().places.size() == 3);
}

TEST_CASE_METHOD(PassBench, "Nothing that is told of a list names a plate, a pass or a holder") {
    REQUIRE(deliver(a_pass_list(1)));
    desk().tick(clock.now());
    std::string told = codec::canonical_text(Value{desk().view(clock.now())}).value();
    for (const auto& event : events) {
        told += codec::canonical_text(Value{event.data}).value();
    }
    for (const auto& secret : {truck, std::string{"P-1"}, std::string{"visitor\""}, std::string{"a visitor"}}) {
        INFO(secret);
        CHECK(told.find(secret) == std::string::npos);
    }
}

}  // namespace portcullis::gate
