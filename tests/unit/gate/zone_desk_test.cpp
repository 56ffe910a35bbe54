#include "gate/zone_desk.hpp"

#include <string>
#include <vector>

#include "codec/canonical.hpp"
#include "supervision/zone_answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/supervision/a_passage.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using supervision::testing::box;
using supervision::testing::box_a;
using supervision::testing::box_b;
using supervision::testing::leaving;
using supervision::testing::passage_id;

const LaneName gate_lane{"out-1"};
const LaneName yard_lane{"yard-1"};
const LaneName exit_lane{"out-2"};
const DeviceName yard_reader{"yard"};
const DeviceName door_reader{"door"};

/// Z1 has readers of its own, Z2 lanes; Z3 is somewhere else.
std::vector<settings::ZoneSettings> zones() {
    return {{"Z1", settings::ZoneDoor{{}, yard_reader}, settings::ZoneDoor{{}, door_reader}, 10min},
            {"Z2", settings::ZoneDoor{yard_lane, {}}, settings::ZoneDoor{exit_lane, {}}, 20min}};
}

/// A desk, the journal's notes and events, and words for what lanes tell.
struct DeskBench {
    portcullis::testing::ManualClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    lane::UsageLedger ledger;
    std::vector<Event> events;
    std::map<std::string, std::string> notes;
    std::unique_ptr<ZoneDesk> desk;

    DeskBench() { start(); }
    void start() {
        desk = std::make_unique<ZoneDesk>(zones(), log, ledger,
                                          ZoneDesk::Ports{[this](const Submission& submission) { take(submission); }});
        std::vector<store::NoteRow> rows{{gate_lane, "zone_trip/of a lane", "{}"}, {LaneName{}, "settings_hash", "1"}};
        for (const auto& [key, body] : notes) {
            rows.push_back({LaneName{}, key, body});
        }
        desk->recall(rows, clock.now());
    }
    void restart() {
        clock.advance(60s);
        start();
    }
    void take(const Submission& submission) {
        events.insert(events.end(), submission.events.begin(), submission.events.end());
        for (const auto& note : submission.gate_notes) {
            if (note.body) {
                notes[note.key] = codec::canonical_text(*note.body).value();
            } else {
                notes.erase(note.key);
            }
        }
    }

    /// A vehicle was judged, and its passage ends.
    void ends(const LaneName& lane, const std::string& verdict, const std::string& zone,
              std::vector<std::string> boxes = {box_a}, const std::string& outcome = "cleared") {
        judges(lane, List{"radiation"});
        leaves(lane, verdict, zone, std::move(boxes), outcome);
    }
    void judges(const LaneName& lane, List methods) {
        Submission judged;
        judged.events.push_back({"verdict.issued", "lane/" + lane.text(), clock.now(),
                                 Object{{"passage", passage_id(7).text()}, {"method", std::move(methods)}},
                                 std::nullopt});
        desk->follow(lane, judged);
        judged.events.clear();  // a lane's own
        take(judged);
    }
    void leaves(const LaneName& lane, const std::string& verdict, const std::string& zone,
                std::vector<std::string> boxes = {box_a}, const std::string& outcome = "cleared") {
        const auto passage = passage_id(7).text();
        List numbers{boxes.begin(), boxes.end()};
        Submission ended;
        ended.events.push_back({"passage.ended", "lane/" + lane.text(), clock.now(),
                                Object{{"passage", passage},
                                       {"outcome", outcome},
                                       {"verdict", verdict},
                                       {"zone", zone},
                                       {"verdict_sequence", 41},
                                       {"containers", std::move(numbers)}},
                                std::nullopt});
        desk->follow(lane, ended);
        take(ended);
    }
    void reads(const DeviceName& reader, const std::string& number) {
        desk->observed(
            {reader, PointName{}, clock.now().instant, Reading{ReadingKind::container, Face::rear, number, {}, "", {}}},
            clock.now());
    }
    void becomes(const DeviceName& reader, DeviceState state) {
        desk->observed({reader, PointName{}, clock.now().instant, HealthChanged{state, ""}}, clock.now());
    }
    void concludes(const std::string& zone, ZoneResultState state, const std::string& id = "ZR-1",
                   std::vector<std::string> answers = {"sampling"}) {
        const auto now = clock.now().wall;
        codec::ZoneResultDocument document{"xmht",
                                           {"*"},
                                           now,
                                           now + 24h,
                                           {id,
                                            box(box_a),
                                            zone,
                                            state,
                                            {"open"},
                                            std::move(answers),
                                            {},
                                            {"CN2"},
                                            {"A113"},
                                            "C001",
                                            now - 10min,
                                            now},
                                           {{"dose_rate", "0.11"}}};
        Submission submission;
        Hash256 hash{};
        hash[0] = static_cast<std::uint8_t>(id.back());
        desk->conclude(document, hash, submission, clock.now());
        take(submission);
    }
    void passes(std::chrono::milliseconds time) {
        clock.advance(time);
        desk->tick(clock.now());
    }
    /// `zone.directed Z2 …` of each event but those of the lanes.
    [[nodiscard]] std::vector<std::string> told(const std::string& member = {}) const {
        std::vector<std::string> told;
        for (const auto& event : events) {
            if (event.type.starts_with("zone.")) {
                auto line = event.type + " " + *event.data.find("zone")->get<std::string>();
                if (!member.empty() && event.data.find(member) != nullptr) {
                    const auto* text = event.data.find(member)->get<std::string>();
                    line +=
                        " " + (text == nullptr ? std::to_string(*event.data.find(member)->get<std::int64_t>()) : *text);
                }
                CHECK(event.subject == "zone/" + *event.data.find("zone")->get<std::string>());
                told.push_back(std::move(line));
            }
        }
        return told;
    }
    using Told = std::vector<std::string>;
};

TEST_CASE("A box that is led to a zone's lane arrives, is inspected, and leaves through the exit") {
    DeskBench bench;
    bench.ends(gate_lane, "inspect", "Z2");
    bench.clock.advance(5min);
    bench.ends(yard_lane, "inspect", "Z2");
    bench.concludes("Z2", ZoneResultState::pass);
    bench.clock.advance(1h);
    bench.ends(exit_lane, "release", "none");
    CHECK(bench.told("source") ==
          DeskBench::Told{"zone.directed Z2", "zone.arrived Z2 lane", "zone.result Z2 central", "zone.left Z2 lane"});
    const auto& directed = bench.events[1].data;
    CHECK(*directed.find("limit_s")->get<std::int64_t>() == 1200);
    CHECK(*directed.find("verdict_sequence") == Value{41});
    CHECK(*directed.find("methods") == Value{List{"radiation"}});
    const auto& left = bench.events.back().data;
    CHECK(*left.find("result") == Value{"pass"});
    CHECK(*left.find("result_id") == Value{"ZR-1"});
    CHECK(*left.find("dwell_s") == Value{3600});
    CHECK(bench.notes.size() == 1);  // the result stays, the trip is over
}

TEST_CASE("A zone's own readers see who comes and who leaves") {
    DeskBench bench;
    bench.ends(gate_lane, "inspect", "Z1");
    bench.reads(yard_reader, box_b);  // not sent
    bench.reads(yard_reader, "CSQU3054384");
    bench.reads(yard_reader, "");
    bench.reads(door_reader, box_b);
    bench.reads(yard_reader, box_a);
    bench.reads(yard_reader, box_a);
    bench.reads(door_reader, box_a);
    bench.reads(door_reader, box_a);
    CHECK(bench.told("source") == DeskBench::Told{"zone.directed Z1", "zone.arrived Z1 reader", "zone.left Z1 reader"});
    CHECK(*bench.events.back().data.find("result") == Value{"none"});
    CHECK(*Value{bench.desk->view(bench.clock.now())}.find("read_unsent") == Value{3});
}

TEST_CASE("A box that does not come in time is overdue, once, also over a restart") {
    DeskBench bench;
    bench.ends(gate_lane, "inspect", "Z2");
    bench.passes(19min);
    CHECK(bench.told() == DeskBench::Told{"zone.directed Z2"});
    bench.restart();  // a minute
    bench.passes(0s);
    CHECK(bench.told() == DeskBench::Told{"zone.directed Z2", "zone.overdue Z2"});
    bench.restart();
    bench.passes(1h);
    CHECK(bench.told().size() == 2);
    bench.ends(yard_lane, "inspect", "Z2");
    CHECK(bench.told().back() == "zone.arrived Z2");
    bench.restart();
    bench.ends(exit_lane, "release", "none");
    CHECK(bench.told().back() == "zone.left Z2");
    CHECK(bench.notes.empty());
}

TEST_CASE("Where nobody sees who arrives nobody is overdue, and a result says that the box was there") {
    DeskBench bench;
    bench.ends(gate_lane, "inspect", "Z3");
    bench.passes(48h);
    bench.restart();
    bench.passes(48h);
    CHECK(bench.told() == DeskBench::Told{"zone.directed Z3"});
    bench.concludes("Z3", ZoneResultState::pass);
    CHECK(bench.told("source") ==
          DeskBench::Told{"zone.directed Z3", "zone.arrived Z3 central", "zone.result Z3 central"});
    bench.ends(gate_lane, "release", "none");
    CHECK(bench.told("result").back() == "zone.left Z3 pass");
}

TEST_CASE("Who goes back where it came from was sent nowhere") {
    DeskBench bench;
    for (const auto* outcome : {"turned_away", "backed_out", "abandoned", "interrupted", "void", "merged"}) {
        bench.ends(gate_lane, "inspect", "Z2", {box_a}, outcome);
    }
    bench.ends(gate_lane, "release", "none");
    bench.ends(gate_lane, "hold", "none");
    bench.ends(gate_lane, "inspect", "none");
    CHECK(bench.told().empty());
    CHECK(bench.notes.empty());
    bench.ends(gate_lane, "inspect", "Z2", {box_a, box_b}, "diverted");
    CHECK(bench.told("container") == DeskBench::Told{"zone.directed Z2 " + box_a, "zone.directed Z2 " + box_b});
}

TEST_CASE("A box that is not released stays in its zone, whichever lane sees it") {
    DeskBench bench;
    bench.ends(gate_lane, "inspect", "Z1");
    bench.ends(gate_lane, "hold", "none", {box_a}, "turned_away");
    CHECK(bench.told() == DeskBench::Told{"zone.directed Z1"});
    bench.ends(gate_lane, "inspect", "Z2");  // sent anew, elsewhere
    CHECK(bench.told() == DeskBench::Told{"zone.directed Z1", "zone.directed Z2"});
    CHECK(bench.notes.size() == 1);
}

TEST_CASE("What a zone is asked to do is known also when the process began anew between verdict and end") {
    DeskBench bench;
    const auto directed = [&] {
        for (auto event = bench.events.rbegin(); event != bench.events.rend(); ++event) {
            if (event->type == "zone.directed") {
                return *event->data.find("methods");
            }
        }
        return Value{"none was directed"};
    };
    bench.judges(gate_lane, List{"radiation", "open"});
    bench.restart();
    bench.leaves(gate_lane, "inspect", "Z2");
    CHECK(directed() == Value{List{"radiation", "open"}});
    CHECK(bench.notes.size() == 1);  // the trip alone
    bench.judges(gate_lane, List{"radiation"});
    bench.judges(gate_lane, List{});  // a newer verdict asks for nothing
    bench.restart();
    bench.leaves(gate_lane, "inspect", "Z2");
    CHECK(directed() == Value{List{}});
    CHECK(bench.notes.size() == 1);
}

TEST_CASE("A zone's reader that is not heard for five minutes is a condition, until it is heard") {
    DeskBench bench;
    const auto conditions = [&] {
        std::vector<std::string> told;
        for (const auto& event : bench.events) {
            if (event.type.starts_with("condition.")) {
                CHECK(*event.data.find("condition") == Value{"zone_feed_silent"});
                told.push_back(event.type + " " + event.subject + " " +
                               std::to_string(*event.data.find("value")->get<std::int64_t>()));
            }
        }
        return told;
    };
    bench.passes(1s);
    bench.becomes(yard_reader, DeviceState::online);
    bench.ends(gate_lane, "inspect", "Z1");
    bench.passes(299s);
    bench.becomes(door_reader, DeviceState::online);  // just in time
    bench.passes(1s);
    CHECK(conditions().empty());
    bench.becomes(yard_reader, DeviceState::offline);
    bench.passes(1s);
    bench.passes(299s);
    CHECK(conditions().empty());
    bench.passes(1s);
    CHECK(conditions() == std::vector<std::string>{"condition.began device/yard 1"});
    bench.passes(600s);
    bench.becomes(yard_reader, DeviceState::online);
    bench.passes(1s);
    CHECK(conditions().back() == "condition.ended device/yard 1");
    CHECK(conditions().size() == 2);
}

TEST_CASE("A zone's feed is told when its readers come or go, and not else") {
    DeskBench bench;
    bench.becomes(yard_reader, DeviceState::online);
    CHECK(bench.told().empty());  // the other has not said a word
    bench.becomes(door_reader, DeviceState::online);
    bench.becomes(DeviceName{"io"}, DeviceState::offline);
    bench.becomes(door_reader, DeviceState::online);
    bench.reads(yard_reader, box_b);
    bench.clock.advance(340s);
    bench.becomes(yard_reader, DeviceState::fault);
    CHECK(bench.told("alive") == DeskBench::Told{"zone.feed Z1 yes", "zone.feed Z1 no"});
    CHECK(bench.told("last_s").back() == "zone.feed Z1 340");
    CHECK(bench.told("last_s").front() == "zone.feed Z1 unknown");
}

TEST_CASE("A verdict is judged by the newest result, which answers for one passage at a control point") {
    DeskBench bench;
    auto facts = leaving();
    bench.desk->measure(facts, {}, bench.clock.now().wall);
    REQUIRE(facts.measures.boxes.size() == 1);
    CHECK(facts.measures.boxes[0].result_state() == ZoneResultState::none);  // looked up, and known to be none
    CHECK(bench.desk->places(facts).empty());

    bench.concludes("Z2", ZoneResultState::pass);
    CHECK(bench.told() == DeskBench::Told{"zone.result Z2"});  // nobody was sent: it is on record all the same
    bench.restart();
    const auto answer = [&](const std::vector<Usage>& taken) {
        auto asked = leaving();
        bench.desk->measure(asked, taken, bench.clock.now().wall);
        const auto& known = asked.measures.boxes.at(0);
        REQUIRE(known.zone_result);
        CHECK(known.zone_result->new_seals == std::vector<std::string>{"CN2"});
        return known.answered_before.empty();
    };
    const auto places = bench.desk->places(facts);
    REQUIRE(places.size() == 1);
    CHECK(places[0] == supervision::answer_place("ZR-1", box(box_a), ControlPoint{"g07"}));
    CHECK(answer({}));
    CHECK(answer({{places[0], UsageState::reserved, facts.passage}}));
    CHECK_FALSE(answer({{places[0], UsageState::used, passage_id(9)}}));
    auto elsewhere = places[0];
    elsewhere.control_point = ControlPoint{"g08"};
    CHECK(answer({{elsewhere, UsageState::used, passage_id(9)}}));
    bench.ledger.use(places[0], passage_id(9));  // not in the journal yet
    CHECK_FALSE(answer({}));
}

TEST_CASE("An expired pass answers nothing, and what failed goes on to hold") {
    DeskBench bench;
    const auto known = [&] {
        auto facts = leaving();
        bench.desk->measure(facts, {}, bench.clock.now().wall);
        return facts.measures.boxes.at(0).zone_result;
    };
    bench.concludes("Z2", ZoneResultState::pass);
    bench.clock.advance(24h - 1s);
    CHECK(known());
    bench.clock.advance(1s);
    CHECK_FALSE(known());
    bench.concludes("Z2", ZoneResultState::fail, "ZR-2");
    bench.clock.advance(48h);
    REQUIRE(known());
    CHECK(known()->result == ZoneResultState::fail);
}

}  // namespace
}  // namespace portcullis::gate
