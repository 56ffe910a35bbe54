#include "gate/input_watch.hpp"

#include <algorithm>
#include <set>

#include "core/value_members.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

const PointRef watched_point{DeviceName{"io"}, PointName{"di7"}};

/// One watched input and a clock.
struct WatchBench {
    explicit WatchBench(Role role) { watch.add(watched_point, role); }

    std::vector<std::string> see(Signal signal) { return told(watch.see(watched_point, signal, now())); }
    std::vector<std::string> after(std::chrono::milliseconds time) {
        clock += time;
        return told(watch.look(now()));
    }
    [[nodiscard]] Now now() const { return {Instant{clock}, WallTime{}, ClockState::synchronised}; }
    static std::vector<std::string> told(const std::vector<Event>& events) {
        std::vector<std::string> lines;
        for (const auto& event : events) {
            CHECK(event.subject == "device/io");
            lines.push_back(event.type + " " + text_member(Value{event.data}, "condition"));
        }
        return lines;
    }

    InputWatch watch;
    std::chrono::milliseconds clock = 1000s;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("mains that are lost are a condition from when they went, and end when they are back") {
    WatchBench bench{Role::mains_ok};
    CHECK(bench.see(Signal::on).empty());
    CHECK(bench.see(Signal::off).empty());
    CHECK(bench.watch.deadline() == Instant{bench.clock + 50ms});
    CHECK(bench.after(49ms).empty());
    CHECK(bench.after(1ms) == Lines{"condition.began on_battery"});
    CHECK(bench.after(10min).empty());
    CHECK(bench.see(Signal::unknown).empty());  // nobody knows: it neither ends nor begins
    CHECK(bench.see(Signal::on) == Lines{"condition.ended on_battery"});
}

TEST_CASE("what is so at the start is told, but for a button") {
    WatchBench door{Role::cabinet_door};
    CHECK(door.see(Signal::on).empty());
    CHECK(door.after(50ms) == Lines{"condition.began cabinet_open"});

    WatchBench button{Role::button_call};
    CHECK(button.see(Signal::on).empty());
    CHECK(button.after(5s).empty());
    CHECK(button.see(Signal::off).empty());
    CHECK(button.see(Signal::on).empty());
    CHECK(button.after(50ms) == Lines{"condition.began button_pressed"});
    CHECK(button.see(Signal::off) == Lines{"condition.ended button_pressed"});
}

TEST_CASE("a contact that bounces for less than 50 ms is no press") {
    WatchBench button{Role::button_call};
    CHECK(button.see(Signal::off).empty());
    for (int i = 0; i < 5; ++i) {
        CHECK(button.see(Signal::on).empty());
        CHECK(button.after(20ms).empty());
        CHECK(button.see(Signal::off).empty());
        CHECK(button.after(20ms).empty());
    }
}

TEST_CASE("a button that is held for 30 s is stuck, and one that comes back pressed does not count") {
    WatchBench button{Role::button_call};
    CHECK(button.see(Signal::off).empty());
    CHECK(button.see(Signal::on).empty());
    CHECK(button.after(50ms) == Lines{"condition.began button_pressed"});
    CHECK(button.after(29'950ms) == Lines{"condition.began button_stuck"});
    CHECK(button.see(Signal::unknown) == Lines{"condition.ended button_pressed", "condition.ended button_stuck"});
    CHECK(button.see(Signal::on).empty());
    CHECK(button.after(50ms).empty());
    CHECK(button.after(30s) == Lines{"condition.began button_stuck"});
    CHECK(button.see(Signal::off) == Lines{"condition.ended button_stuck"});
}

TEST_CASE("every role that is only watched has a condition of its own") {
    std::set<std::string> names;
    std::size_t roles = 0;
    for (const auto& row : enum_texts<Role>) {
        if (!is_only_watched(row.value)) {
            continue;
        }
        ++roles;
        WatchBench bench{row.value};
        CHECK(bench.watch.roles_of(watched_point.device) == std::set<std::string_view>{row.text});
        for (const auto signal : {Signal::off, Signal::on, Signal::off}) {
            for (const auto& line : bench.see(signal)) {
                names.insert(line);
            }
            for (const auto& line : bench.after(60ms)) {
                names.insert(line);
            }
        }
    }
    CHECK(roles == 9);
    CHECK(std::count_if(names.begin(), names.end(), [](const auto& line) { return line.find("began") == 10; }) == 9);
}

}  // namespace portcullis::gate
