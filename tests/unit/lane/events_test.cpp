// Every event that the lane's stories make is one that docs/events declares.
#include <set>

#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "lane_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "trust/hash.hpp"

namespace portcullis::lane {
namespace {

using Story = void (*)(LaneBench&);

void drives_through(LaneBench& bench) {
    bench.truck_arrives();
    bench.arm_opens();
    bench.truck_leaves();
}

void unread_and_unassigned(LaneBench& bench) {
    bench.read(Role::container_rear, "MSKZ6011677");
    bench.after(1s);
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::container_unread); };
    bench.on(Role::arrival_loop);
    bench.read(Role::container_rear, "CSQU3054384");
    bench.after(9s);
    bench.read(Role::plate_front, a_plate);
    bench.read(Role::plate_front, "闽DA1234");
    bench.off(Role::arrival_loop);
    bench.after(6s);
}

void superseded_and_expired(LaneBench& bench) {
    bench.truck_arrives();
    bench.arm_opens();
    bench.decides = [](const PassageFacts&) { return inspect(); };
    bench.orders_changed();
    bench.decides = [](const PassageFacts&) { return hold_for(ReasonCode::order_revoked); };
    bench.orders_changed();
    bench.arm_closes();
    bench.off(Role::arrival_loop);
    bench.after(10s);
}

void tailgate_and_obstruction(LaneBench& bench) {
    bench.truck_arrives();
    bench.arm_opens();
    bench.on(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.on(Role::arrival_loop);
    bench.on(Role::exit_loop);
    bench.off(Role::arm_loop);
    bench.after(1500ms);
    bench.on(Role::arm_loop);
    bench.off(Role::exit_loop);
    bench.after(2s);
    bench.off(Role::arm_loop);
    bench.off(Role::arrival_loop);
    bench.after(10s);
    bench.arm_leaves_open();
    bench.on(Role::arm_loop);
    bench.after(10s);
}

void wrong_way_and_faults(LaneBench& bench) {
    bench.arm_leaves_closed();
    bench.on(Role::exit_loop);
    bench.on(Role::arm_loop);
    bench.after(700s);
    bench.on(Role::arm_open_limit);
    bench.on(Role::arm_closed_limit);
    bench.unknown(Role::exit_loop);
    bench.after(2s);
    bench.restart();
    bench.all_quiet();
}

/// What a lane of this kind makes of a story.
std::vector<LaneBench::Written> told(Story story, LoadPolicy load) {
    auto settings = out_lane();
    settings.load = load;
    if (load == LoadPolicy::beams) {
        settings.roles.insert(
            {Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft, Role::empty_seen, Role::arm_stop});
    }
    LaneBench bench(settings);
    bench.on(Role::load_beam_aft);
    story(bench);
    for (auto& one : bench.journal) {
        bench.put_sequences(one.event.data);
    }
    return bench.journal;
}

TEST_CASE("every event is as its schema says, and none says more", "[lane]") {
    const testing::EventSchemas schemas;
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    codec::EventStamp stamp;
    stamp.salt.emplace();
    stamp.source = "/portcullis/xmht/g07";
    std::set<std::string> types;
    for (const auto story : {&drives_through, &unread_and_unassigned, &superseded_and_expired,
                             &tailgate_and_obstruction, &wrong_way_and_faults}) {
        for (const auto load : {LoadPolicy::trust_readers, LoadPolicy::beams}) {
            for (const auto& one : told(story, load)) {
                types.insert(one.event.type);
                stamp.sequence = one.sequence;
                const auto written = writer.write(one.event, stamp);
                INFO(one.event.type);
                REQUIRE(written);
                CAPTURE(written->published);
                const auto problems = schemas.problems(written->published);
                CAPTURE(problems);
                CHECK(problems.empty());
            }
        }
    }
    CHECK(types.size() >= 25);
}

}  // namespace
}  // namespace portcullis::lane
