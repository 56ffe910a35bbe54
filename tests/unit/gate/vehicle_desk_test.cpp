// What vehicles weigh without their load, as central signs it.
#include "gate/vehicle_desk.hpp"

#include <map>
#include <memory>

#include "gate/delivery.hpp"
#include "gate/trust_floors.hpp"
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
using supervision::testing::leaving;
using supervision::testing::plate;
using supervision::testing::truck;

const std::string chassis = "闽D1234挂";

VehicleList a_vehicle_list(std::int64_t version, std::vector<TareEntry> vehicles) {
    VehicleList list;
    list.version = version;
    list.terminal = "xmht";
    list.gates = {"g07"};
    list.issued = at("2026-11-23T12:00:00.000Z");
    list.expires = at("2026-12-23T12:00:00.000Z");
    list.vehicles = std::move(vehicles);
    return list;
}

/// A vehicle desk behind the checks of trust, over a real journal; deliveries are read at once.
class VehicleBench {
public:
    VehicleBench() {
        auto root = portcullis::testing::a_root(1);
        root.keys.push_back(portcullis::testing::root_key("paula"));
        root.roles[DocumentKind::vehicles] = {{portcullis::testing::root_key("paula").keyid}, 1};
        const auto begun =
            TrustState{{"xmht", "g07"}, {}, {}}.begin(portcullis::testing::sealed_root(root), clock.now().wall);
        REQUIRE(begun.ok());
        trust_ = begun->after;
        open();
        Submission first;
        first.documents.push_back(begun->taken.row);
        first.trust_floors = floors_text(trust_->floors());
        submit(std::move(first));
        restart();
    }

    void restart() {
        desk_.reset();
        journal_.reset();
        open();
    }

    bool deliver(const VehicleList& list, const std::string& by = "paula") {
        const auto envelope = sealed("vehicles", codec::write_vehicles(list), {by});
        const auto taker = desk_->taker();
        const std::map<DocumentKind, KindReading> readings{
            {taker.kind, {taker.most_bytes, taker.numbered, taker.begin()}}};
        auto judged = judge_delivery(trust_, {envelope, "supervision", DocumentKind::vehicles}, readings,
                                     clock.now().wall, nullptr);
        if (judged.accepted.empty()) {
            return false;
        }
        Submission submission;
        std::vector<std::function<void()>> then;
        for (auto& [taken, enact] : judged.accepted) {
            then.push_back(enact(std::move(taken), submission, clock.now()));
        }
        submission.trust_floors = floors_text(judged.after->floors());
        submission.committed = [this, then, after = judged.after] {
            trust_ = after;
            for (const auto& next : then) {
                next();
            }
        };
        submit(std::move(submission));
        return true;
    }

    std::optional<std::int64_t> tare_of(const std::string& tractor, const std::string& trailer = {}) {
        auto facts = leaving();
        facts.identity.tractor = plate(tractor);
        if (!trailer.empty()) {
            facts.identity.trailer = plate(trailer);
        }
        desk_->measure(facts, clock.now().wall);
        return facts.measures.vehicle_tare_kg;
    }

    portcullis::testing::ManualClock clock;
    std::vector<Event> events;
    int changed = 0;

private:
    void open() {
        journal_ = store::testing::open_journal(directory_.path());
        const auto& start = journal_->start();
        if (start.trust_floors) {
            trust_ = std::make_shared<TrustState>(TrustState::Audience{"xmht", "g07"},
                                                  read_floors(*start.trust_floors).value(), start.documents);
        }
        desk_ = std::make_unique<VehicleDesk>(
            log_, VehicleDesk::Ports{[this](Submission one) { submit(std::move(one)); },
                                     [this]() -> const TrustState& { return *trust_; }, [this] { ++changed; }});
        desk_->load(*journal_, nullptr);
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
    std::unique_ptr<VehicleDesk> desk_;
};

}  // namespace

TEST_CASE_METHOD(VehicleBench, "A vehicle list gives a plate its tare at once and after a restart") {
    CHECK_FALSE(tare_of(truck));
    REQUIRE(deliver(a_vehicle_list(1, {{plate(truck), TareCovers::vehicle, 14'500}})));
    CHECK(tare_of(truck) == 14'500);
    CHECK_FALSE(tare_of("闽D00001"));
    CHECK(changed == 1);
    CHECK(events.back().type == "document.activated");
    restart();
    CHECK(tare_of(truck) == 14'500);
}

TEST_CASE_METHOD(VehicleBench, "A newer vehicle list replaces it whole, an older or foreign one is refused") {
    REQUIRE(deliver(a_vehicle_list(2, {{plate(truck), TareCovers::vehicle, 14'500}})));
    CHECK_FALSE(deliver(a_vehicle_list(1, {{plate(truck), TareCovers::vehicle, 9'000}})));
    CHECK_FALSE(deliver(a_vehicle_list(3, {{plate(truck), TareCovers::vehicle, 9'000}}), "alice"));
    CHECK(tare_of(truck) == 14'500);
    REQUIRE(deliver(a_vehicle_list(3, {})));
    CHECK_FALSE(tare_of(truck));
}

TEST_CASE_METHOD(VehicleBench, "Of a combination that is weighed apart both plates must be read and listed") {
    REQUIRE(deliver(
        a_vehicle_list(1, {{plate(truck), TareCovers::tractor, 8'600}, {plate(chassis), TareCovers::trailer, 5'900}})));
    CHECK_FALSE(tare_of(truck));
    CHECK_FALSE(tare_of(truck, "闽D9999挂"));
    CHECK(tare_of(truck, chassis) == 14'500);
}

TEST_CASE_METHOD(VehicleBench, "A vehicle list that has expired gives no tare") {
    REQUIRE(deliver(a_vehicle_list(1, {{plate(truck), TareCovers::vehicle, 14'500}})));
    clock.advance(std::chrono::hours{40 * 24});
    CHECK_FALSE(tare_of(truck));
}

}  // namespace portcullis::gate
