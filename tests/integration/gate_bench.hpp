#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/rig/gate_rig.hpp"
#include "simulators/run/lane_record.hpp"
#include "tests/integration/daemon_status.hpp"
#include "tests/integration/hand_lane.hpp"
#include "tests/integration/three_views.hpp"
#include "tests/integration/witness.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::testing {

/// The built daemon with a broker, central, mosquitto_sub and lanes that a test plays by hand. Everything but the
/// daemon, the broker and mosquitto_sub lives on the test's own thread and moves while the test waits.
class GateBench {
public:
    /// Variables of the daemon.
    using Environment = std::map<std::string, std::string>;

    /// `root`: whom the gate believes, instead of one key of orders. `zones`: settings of zones; `yard` is a reader.
    explicit GateBench(const std::vector<story::LaneKind>& lanes = {{}}, const std::string& root = {},
                       const std::string& zones = {}, const Environment& environment = {},
                       const std::string& name = "g1");

    /// Starts the daemon and waits until every lane is in service.
    void start();
    /// kill -9.
    void kill();
    void kill_and_restart();
    /// SIGTERM.
    void ask_to_stop();
    /// The exit code of a daemon that was asked to stop.
    int wait_for_exit();
    /// Sends orders and waits until the daemon has applied them.
    void order(const std::vector<story::GivenOrder>& orders);

    /// Waits until it is so; fails the test when it is not within a minute. `what` says what is waited for.
    void until(const std::string& what, const std::function<bool()>& so);
    [[nodiscard]] std::optional<DaemonStatus> status() const;

    /// Events that central has stored.
    [[nodiscard]] const std::vector<run::SeenEvent>& events() const { return events_; }
    [[nodiscard]] std::vector<const run::SeenEvent*> events(const std::string& name) const;
    /// Outcomes of `passage.ended`, in order.
    [[nodiscard]] std::vector<std::string> outcomes() const;
    /// Waits until central has stored an event that this is true of.
    void until_central_has(const std::string& name, const std::function<bool(const run::SeenEvent&)>& fits = {});

    /// Stops the daemon in order, and proves that central, mosquitto_sub and the journal hold the same stream: every
    /// event exactly once, in order, without a gap, valid, chained; every passage that was detected has ended once.
    void prove_stream();

    /// What is on disk, from a copy of the journal's files.
    [[nodiscard]] std::vector<JournalRow> journal() const;

    [[nodiscard]] HandLane& lane(std::size_t index = 0) { return *lanes_.at(index); }
    [[nodiscard]] rig::GateRig& gate() { return gate_; }

private:
    [[nodiscard]] std::string situation() const;
    void witness_catches_up();
    void check_events(const std::vector<std::string>& published) const;
    void check_passages() const;

    runtime::SystemClock clock_;
    store::testing::TemporaryDirectory folder_;
    boost::asio::io_context context_;
    rig::GateRig gate_;
    std::vector<std::unique_ptr<HandLane>> lanes_;
    Witness witness_;
    std::vector<run::SeenEvent> events_;
    std::string died_;
};

[[nodiscard]] story::GivenOrder released(const Truck& truck);
[[nodiscard]] story::GivenOrder held(const Truck& truck);
/// To be inspected by radiation in zone Z2.
[[nodiscard]] story::GivenOrder targeted(const Truck& truck);

}  // namespace portcullis::testing
