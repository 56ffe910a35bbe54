#include "points_rig.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using namespace portcullis::testing;
using Rig = PointsRig;

TEST_CASE("the safe state is written at the first contact and at an ordered stop") {
    Rig rig;
    rig.stub.set_bit(first_output, true);
    rig.stub.set_bit(first_output + 2, true);
    auto red = output("do3", SafeOutput::on);
    red.sense = OutputSense::inverted;
    rig.add_io({output("do0"), output("do1", SafeOutput::on), output("do2", SafeOutput::keep), red});
    rig.start();
    rig.until([&] { return rig.written(first_output + 3).size() == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{false});
    CHECK(rig.written(first_output + 1) == std::vector<bool>{true});
    CHECK(rig.written(first_output + 2).empty());
    CHECK(rig.written(first_output + 3) == std::vector<bool>{false});

    rig.stub.set_bit(first_output, true);
    rig.stop();
    CHECK(rig.written(first_output) == std::vector<bool>{false, false});
    CHECK(rig.written(first_output + 1) == std::vector<bool>{true, true});
    CHECK(rig.written(first_output + 2).empty());
    CHECK_FALSE(rig.stub.bit(first_output));
}

TEST_CASE("an output is moved, read back, and answered once") {
    Rig rig;
    auto& io = rig.add_io({output("do2", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    const auto result = rig.perform(io, {.point = PointName{"do2"}, .act = OutputAct::on});
    CHECK(result.write == WriteOutcome::done);
    CHECK(result.readback == Signal::on);
    CHECK(result.cause.empty());
    CHECK(rig.stub.bit(first_output + 2));
    CHECK(io.view().points.front().signal == Signal::on);

    CHECK(rig.perform(io, {.point = PointName{"do2"}, .act = OutputAct::off}).write == WriteOutcome::done);
    CHECK_FALSE(rig.stub.bit(first_output + 2));
    CHECK(rig.perform(io, {.point = PointName{"do5"}, .act = OutputAct::on}).write == WriteOutcome::failed);
}

TEST_CASE("a pulse ends by itself, once, and is counted") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    const auto result = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 200ms});
    CHECK(result.write == WriteOutcome::done);
    CHECK(result.readback == Signal::on);
    const auto second = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 200ms});
    CHECK(second.write == WriteOutcome::failed);
    CHECK_THAT(second.cause, contains_text("pulse before it"));
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("the end of a pulse is tried until it is proved, also over a loss of the device") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 100ms}).write ==
          WriteOutcome::done);
    rig.stub.go_away();
    rig.until([&] { return rig.is("io", DeviceState::offline); });
    CHECK(io.view().pulses_ended == 0);
    rig.stub.come_back();
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK_FALSE(rig.stub.bit(first_output));
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("a pulse ends at an ordered stop") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 1h}).write ==
          WriteOutcome::done);
    rig.stop();
    CHECK_FALSE(rig.stub.bit(first_output));
}

TEST_CASE("a pulse whose write was not answered is unknown, not repeated, and ended all the same") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    rig.stub.script([done = false](const Bytes& request, const Bytes& honest) mutable {
        return request[7] == write_function && !std::exchange(done, true) ? Reply{Act::silence, {}}
                                                                          : Reply{Act::send, honest};
    });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 50ms}).write ==
          WriteOutcome::unknown);
    rig.until([&] { return io.view().pulses_ended == 1; });
    CHECK(rig.written(first_output) == std::vector<bool>{true, false});
}

TEST_CASE("a command to a device that is offline fails at once and is never made up for") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    rig.stub.go_away();
    rig.until([&] { return rig.is("io", DeviceState::offline); });
    const auto result = rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::on});
    CHECK(result.write == WriteOutcome::failed);
    CHECK_THAT(result.cause, contains_text("offline"));
    rig.stub.come_back();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.written(first_output).empty());
}

TEST_CASE("a down request looks at sensors of other buses, and is withdrawn when one is occupied") {
    Rig rig;
    ModbusStub other;
    auto& io = rig.add_io({output("do1", SafeOutput::keep)});
    rig.add("beams", bus_of(other), std::string{"{ "} + patient + " }", adam, {input("di0")});
    rig.start();
    const auto beam = [&](Signal signal) {
        const auto seen = rig.all<InputSeen>("beams", "di0");
        return !seen.empty() && seen.back().signal == signal && seen.back().equal_reads == 2;
    };
    rig.until([&] { return beam(Signal::on) && rig.is("io", DeviceState::online); });
    const PointCommand down{.point = PointName{"do1"},
                            .act = OutputAct::pulse,
                            .pulse = 50ms,
                            .must_be_clear = {{DeviceName{"beams"}, PointName{"di0"}}}};
    CHECK(rig.perform(io, down).write == WriteOutcome::withdrawn);
    CHECK(rig.written(first_output + 1).empty());
    other.set_bit(0, true);
    rig.until([&] { return beam(Signal::off); });
    CHECK(rig.perform(io, down).write == WriteOutcome::done);
    rig.until([&] { return io.view().pulses_ended == 1; });

    other.go_away();
    rig.until([&] { return rig.is("beams", DeviceState::offline); });
    CHECK(rig.perform(io, down).write == WriteOutcome::withdrawn);
}

TEST_CASE("commands that wait at a stop are answered and not written later") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    int answers = 0;
    io.perform({.id = {1}, .point = PointName{"do0"}, .act = OutputAct::on, .not_after = rig.clock.now().instant + 1h},
               [&answers](const CommandResult& done) {
                   ++answers;
                   CHECK(done.write == WriteOutcome::unknown);
               });
    rig.stop();
    CHECK(answers == 1);
}

TEST_CASE("a command that is withdrawn while it waits for the bus is not written") {
    Rig rig;
    auto& io = rig.add_io({output("do0", SafeOutput::keep), output("do1", SafeOutput::keep)});
    rig.start();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    // Nothing answers a write of do1: the bus is busy with it until its time-out.
    rig.stub.script([](const Bytes& request, const Bytes& honest) {
        const bool slow = request[7] == write_function && request[9] == first_output + 1;
        return slow ? Reply{Act::silence, {}} : Reply{Act::send, honest};
    });
    const auto not_after = rig.clock.now().instant + 1h;
    std::optional<CommandResult> ahead;
    std::optional<CommandResult> result;
    io.perform({.id = {1}, .point = PointName{"do1"}, .act = OutputAct::on, .not_after = not_after},
               [&](const CommandResult& done) { ahead = done; });
    io.perform({.id = {2}, .point = PointName{"do0"}, .act = OutputAct::pulse, .pulse = 50ms, .not_after = not_after},
               [&](const CommandResult& done) { result = done; });
    io.withdraw({2});
    io.withdraw({77});
    rig.until([&] { return ahead && result; });
    CHECK(ahead->write == WriteOutcome::unknown);
    CHECK(result->write == WriteOutcome::withdrawn);
    CHECK_THAT(result->cause, contains_text("taken back"));
    CHECK(rig.written(first_output).empty());

    rig.stub.honest();
    rig.until([&] { return rig.is("io", DeviceState::online); });
    CHECK(rig.perform(io, {.point = PointName{"do0"}, .act = OutputAct::on}).write == WriteOutcome::done);
}
