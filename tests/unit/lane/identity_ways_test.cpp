// What readers and load can do to a passage.
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::lane {
namespace {

LaneSettings with(std::initializer_list<Role> more) {
    auto settings = out_lane();
    settings.roles.insert(more);
    return settings;
}

LaneSettings beam_lane() {
    auto settings = with({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft, Role::empty_seen});
    settings.load = LoadPolicy::beams;
    return settings;
}

TEST_CASE("no reading: the lane waits its time, says who is missing, and asks with what it has", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        CHECK_FALSE(facts.boxes);
        CHECK(facts.load == Load::unknown);
        return hold_for(ReasonCode::container_unread);
    };
    bench.on(Role::arrival_loop);
    bench.after(7900ms);
    CHECK(bench.asked.empty());
    bench.after(200ms);
    CHECK(bench.count("reading.missing") == 2);
    CHECK(bench.text("reading.missing", "cause") == "timeout");
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.commanded(Role::arm_up) == 0);
}

TEST_CASE("a reader that says that it could not read is unread, one that is offline is not waited for", "[lane]") {
    LaneBench bench;
    bench.offline(Role::container_rear);
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.text("reading.missing", "cause") == "offline");

    LaneBench other;
    other.on(Role::arrival_loop);
    other.read(Role::plate_front, a_plate);
    other.read(Role::container_rear, "");
    other.after(8s);
    CHECK(other.text("reading.missing", "cause") == "unread");
}

TEST_CASE("a wrong check digit is a reading with its defect, never the identity", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        CHECK(facts.identity.containers.empty());
        CHECK(facts.identity.invalid_containers == std::vector<std::string>{"CSQU3054384"});
        return hold_for(ReasonCode::container_invalid);
    };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, "CSQU3054384");
    CHECK(bench.text("reading.taken", "valid") == "no");
    CHECK(bench.text("reading.taken", "defect") == "check_digit");
    bench.after(8s);
    CHECK(bench.asked.size() == 1);
}

TEST_CASE("a bad check digit, however often it is read, is told once and changes nothing else", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    for (int i = 0; i < 100; ++i) {
        bench.read(Role::container_rear, "CSQU3054384");
    }
    CHECK(bench.count("reading.taken") == 2);
    CHECK(bench.state() == PassageState::identifying);
    CHECK(bench.asked.empty());
    bench.read(Role::container_rear, a_box);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.identity.containers.size() == 1);
    CHECK(bench.commanded(Role::arm_up) == 1);
}

TEST_CASE("a chassis number is no cargo", "[lane]") {
    const auto taken =
        judge(Role::container_rear, DeviceName{"ocr"},
              Reading{ReadingKind::container, Face::rear, "MSKZ6011677", std::nullopt, "", std::nullopt}, Instant{});
    CHECK_FALSE(taken.container);
    CHECK_FALSE(taken.valid());
}

TEST_CASE("votes count readers and not frames", "[lane]") {
    auto settings = with({Role::container_front, Role::container_left});
    settings.roles.insert({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft});
    settings.load = LoadPolicy::beams;
    LaneBench bench(settings);
    bench.on(Role::load_beam_mid);
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, b_box);
    bench.read(Role::container_rear, b_box);
    bench.read(Role::container_rear, b_box);
    bench.read(Role::container_front, a_box);
    bench.read(Role::container_left, a_box);
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    const auto& identity = bench.asked.front().facts.identity;
    REQUIRE(identity.containers.size() == 1);
    CHECK(identity.containers.front().number.text() == a_box);
    CHECK(identity.containers.front().votes == 2);
    CHECK(identity.disagreements.empty());
    CHECK(bench.count("reading.taken") == 4);  // the same reader said the same three times
}

TEST_CASE("two readers, one box, two numbers: nobody wins", "[lane]") {
    auto settings = beam_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    bench.on(Role::load_beam_aft);
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    const auto& identity = bench.asked.front().facts.identity;
    CHECK(identity.containers.empty());
    REQUIRE(identity.disagreements.size() == 1);
    CHECK(identity.disagreements.front().texts.size() == 2);
}

TEST_CASE("the same two numbers on a twin are two boxes", "[lane]") {
    auto settings = beam_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    for (const auto beam : {Role::load_beam_fore, Role::load_beam_aft}) {
        bench.on(beam);
    }
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.load == Load::two_20);
    CHECK(bench.asked.front().facts.identity.containers.size() == 2);
    CHECK(bench.usage.size() == 2);  // each box with its own order
}

TEST_CASE("all three beams covered and two readers with a number each: one box, and one of them is wrong", "[lane]") {
    auto settings = beam_lane();
    settings.roles.insert(Role::container_front);
    LaneBench bench(settings);
    for (const auto beam : {Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft}) {
        bench.on(beam);
    }
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_front, b_box);
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.load == Load::one_40);
    CHECK(bench.asked.front().facts.identity.containers.empty());
    CHECK(bench.asked.front().facts.identity.disagreements.size() == 1);
}

TEST_CASE("all three beams covered and one reader that sees two numbers: two short boxes", "[lane]") {
    LaneBench bench(beam_lane());
    for (const auto beam : {Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft}) {
        bench.on(beam);
    }
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.read(Role::container_rear, b_box);
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.load == Load::two_20);
    CHECK(bench.asked.front().facts.identity.containers.size() == 2);
}

TEST_CASE("beams say what stands on the vehicle", "[lane]") {
    struct Row {
        bool fore, mid, aft;
        Load load;
        LoadPosition position;
    };
    const auto row = GENERATE(values<Row>({{false, false, false, Load::none, LoadPosition::not_applicable},
                                           {true, true, true, Load::one_40, LoadPosition::not_applicable},
                                           {true, false, true, Load::two_20, LoadPosition::not_applicable},
                                           {true, false, false, Load::one_20, LoadPosition::fore},
                                           {false, true, false, Load::one_20, LoadPosition::mid},
                                           {false, false, true, Load::one_20, LoadPosition::aft},
                                           {true, true, false, Load::unknown, LoadPosition::not_applicable}}));
    InputImage inputs({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft});
    const auto set = [&](Role role, bool value) {
        (void)inputs.see(role, {value ? Signal::on : Signal::off, 2}, Instant{1s});
    };
    set(Role::load_beam_fore, row.fore);
    set(Role::load_beam_mid, row.mid);
    set(Role::load_beam_aft, row.aft);
    const auto fact = judge_load(LoadPolicy::beams, inputs, IdentityFusion{});
    CHECK(fact.load == row.load);
    CHECK(fact.position == row.position);
}

TEST_CASE("a stale beam makes the load unknown, and silence of a trusted reader too", "[lane]") {
    InputImage inputs({Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft});
    (void)inputs.see(Role::load_beam_fore, {Signal::off, 2}, Instant{1s});
    (void)inputs.see(Role::load_beam_mid, {Signal::off, 2}, Instant{1s});
    (void)inputs.see(Role::load_beam_aft, {Signal::unknown, 1}, Instant{1s});
    CHECK(judge_load(LoadPolicy::beams, inputs, IdentityFusion{}).load == Load::unknown);
    CHECK(judge_load(LoadPolicy::trust_readers, inputs, IdentityFusion{}).load == Load::unknown);
}

TEST_CASE("a vehicle that still rolls in is not judged by half its load", "[lane]") {
    LaneBench bench(beam_lane());
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    bench.after(300ms);
    bench.on(Role::load_beam_fore);
    bench.after(300ms);
    bench.on(Role::load_beam_mid);
    bench.after(300ms);
    bench.on(Role::load_beam_aft);
    CHECK(bench.asked.empty());
    bench.after(1100ms);
    REQUIRE(bench.asked.size() == 1);
    CHECK(bench.asked.front().facts.load == Load::one_40);
}

TEST_CASE("a truck that waits for a proof of emptiness is asked about again when it comes", "[lane]") {
    LaneBench bench(beam_lane());
    bench.decides = [](const PassageFacts& facts) {
        return facts.fullness == Fullness::empty ? release_of(facts) : hold_for(ReasonCode::empty_unproved);
    };
    bench.on(Role::load_beam_aft);
    bench.truck_arrives();
    bench.after(1100ms);
    CHECK(bench.state() == PassageState::referred);
    bench.on(Role::empty_seen);
    CHECK(bench.state() == PassageState::permitted);
    CHECK(bench.count("load.judged") == 2);
}

TEST_CASE("a number that contradicts after the verdict and before the arm holds the truck", "[lane]") {
    auto settings = beam_lane();
    settings.roles.insert(Role::container_left);
    settings.identify_within = 2s;
    LaneBench bench(settings);
    bench.commits = Commits::by_hand;
    bench.decides = [](const PassageFacts& facts) {
        return facts.identity.disagreements.empty() ? release_of(facts) : hold_for(ReasonCode::readers_disagree);
    };
    bench.on(Role::load_beam_aft);
    bench.truck_arrives();
    bench.after(2s);
    REQUIRE(bench.state() == PassageState::permitted);
    bench.read(Role::container_left, b_box);
    CHECK(bench.state() == PassageState::referred);
    CHECK(bench.count("passage.late_fact") == 1);
    CHECK(bench.count("verdict.superseded") == 1);
    CHECK(bench.text("arm.result", "write") == "withdrawn");
    bench.commit_all();
    CHECK(bench.commanded(Role::arm_up) == 0);
    CHECK(bench.count("arm.result") == 1);
}

TEST_CASE("a reading that fills a gap while the truck waits is asked about again", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts& facts) {
        return facts.identity.containers.empty() ? hold_for(ReasonCode::container_unread) : release_of(facts);
    };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.after(9s);
    REQUIRE(bench.state() == PassageState::referred);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.text("passage.late_fact", "contradicts") == "no");
    CHECK(bench.state() == PassageState::permitted);
}

TEST_CASE("tractor and trailer plates are two things", "[lane]") {
    LaneBench bench(with({Role::plate_rear}));
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::plate_rear, "闽D1234挂");
    bench.read(Role::container_rear, a_box);
    REQUIRE(bench.asked.size() == 1);
    const auto& identity = bench.asked.front().facts.identity;
    REQUIRE(identity.tractor);
    REQUIRE(identity.trailer);
    CHECK(identity.tractor->text() == a_plate);
    CHECK(identity.trailer->text() == "闽D1234挂");
}

TEST_CASE("a cross-border vehicle shows two plates, and both are its own", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, "FV123");
    bench.read(Role::plate_front, "粤Z7C59港");
    bench.read(Role::container_rear, a_box);
    REQUIRE(bench.asked.size() == 1);
    const auto& identity = bench.asked.front().facts.identity;
    REQUIRE(identity.tractor);
    REQUIRE(identity.home_plate);
    CHECK(identity.tractor->text() == "粤Z7C59港");
    CHECK(identity.home_plate->text() == "FV123");
    CHECK(identity.other_plates == std::vector{*identity.home_plate});
    CHECK(identity.disagreements.empty());
    CHECK(bench.text("reading.taken", "accepted") == "yes");
}

TEST_CASE("the second plate of a cross-border vehicle may come late", "[lane]") {
    LaneBench bench;
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::plate_not_on_order); };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, "FV123");
    bench.read(Role::container_rear, a_box);
    bench.read(Role::plate_front, "粤Z7C59港");
    CHECK(bench.text("passage.late_fact", "contradicts") == "no");
    const auto& identity = bench.asked.back().facts.identity;
    CHECK(identity.home_plate->text() == "FV123");
    CHECK(identity.disagreements.empty());
}

TEST_CASE("two plates of the same country are one too many", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::plate_front, "粤Z7C59港");
    bench.read(Role::container_rear, a_box);
    CHECK(bench.asked.front().facts.identity.disagreements.size() == 1);
}

TEST_CASE("a plate with a defect is kept as it was read", "[lane]") {
    LaneBench bench;
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, "闽DI2345");
    bench.read(Role::container_rear, a_box);
    bench.after(9s);
    CHECK(bench.asked.front().facts.identity.invalid_plates == std::vector<std::string>{"闽DI2345"});
}

TEST_CASE("seals that were read come with the one box, once each", "[lane]") {
    LaneBench bench{with({Role::seal_rear})};
    std::vector<BoxMeasures> boxes;
    bench.decides = [&](const PassageFacts& facts) {
        boxes = facts.measures.boxes;
        return hold_for(ReasonCode::order_missing);
    };
    bench.on(Role::arrival_loop);
    bench.read(Role::seal_rear, "CN777777");
    bench.read(Role::seal_rear, "CN777777");
    bench.read(Role::plate_front, a_plate);
    CHECK(bench.asked.empty());  // the box is awaited as before
    bench.read(Role::container_rear, a_box);
    REQUIRE(boxes.size() == 1);
    CHECK(boxes[0].container.text() == a_box);
    CHECK(boxes[0].seals_read == std::vector<std::string>{"CN777777"});

    SECTION("one that is read later is judged again") {
        bench.read(Role::seal_rear, "CN888888");
        REQUIRE(bench.asked.size() == 2);
        CHECK(boxes[0].seals_read == std::vector<std::string>{"CN777777", "CN888888"});
    }
}

TEST_CASE("without a seal nothing is said of one, and the lane waits for its reader", "[lane]") {
    LaneBench bench{with({Role::seal_rear})};
    bench.decides = [](const PassageFacts& facts) {
        CHECK(facts.measures.boxes.empty());
        return hold_for(ReasonCode::order_missing);
    };
    bench.on(Role::arrival_loop);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::container_rear, a_box);
    CHECK(bench.asked.empty());
    bench.after(8s);
    CHECK(bench.asked.size() == 1);
    CHECK(bench.text("reading.missing", "role") == "seal_rear");
}

}  // namespace
}  // namespace portcullis::lane
