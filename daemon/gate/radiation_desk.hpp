#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/observation.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"
#include "gate/control_desk.hpp"
#include "gate/journal_desk.hpp"
#include "lane/lane_io.hpp"
#include "settings/gate_settings.hpp"

namespace portcullis::gate {

/// The radiation monitors of a gate, whatever they stand at: whether they measure, when a test object last proved it,
/// and what lanes and portals are to believe of them. Lives on the deciding thread; the time of the last test survives
/// a restart in the gate's notes.
class RadiationDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<Now()> now;
        /// Lanes and portals hear this of a monitor.
        std::function<void(const Observation&)> tell;
        /// The monitor that is meant by a portal's or lane's name, or by its own; empty = none.
        std::function<DeviceName(const std::string&)> monitor_of;
        /// A person acknowledged the alarm of a lane. False = there is no such lane.
        std::function<bool(const std::string& lane, Object actor)> acknowledge;
    };

    RadiationDesk(settings::RadiationSettings settings, const std::vector<DeviceName>& monitors, Ports ports);

    /// What the process before this one left in the gate's notes.
    void restore(const std::vector<lane::Memory>& notes);
    /// What a monitor says: told on, less what a test or a missing test takes from it.
    void observed(const Observation& observation);
    void tick(Now now);
    /// `radiation_test` and `radiation_acknowledge`.
    void add_to(ControlDesk& desk);

    /// A condition is told when it has lasted so long: a monitor that starts shows its background within this.
    static constexpr std::chrono::seconds told_after{30};
    /// The test object comes within this after it was announced.
    static constexpr std::chrono::minutes test_within{10};

private:
    struct Test {
        Object actor;
        Instant until;
    };
    struct Monitor {
        RadiationWatch watch{false, "not_heard_yet"};
        bool away = false;      ///< offline, or set aside
        bool occupied = false;  ///< as told
        Instant since;
        std::optional<Instant> condition;  ///< told, and since when it holds
        std::optional<WallTime> tested;    ///< or in service since, before the first test
        std::optional<Test> test;
        RadiationWatch told{false, "not_heard_yet"};
    };

    [[nodiscard]] bool overdue(const Monitor& monitor, WallTime now) const;
    [[nodiscard]] RadiationWatch believed(const Monitor& monitor, Now now) const;
    void tell_watch(const DeviceName& device, Monitor& monitor, Now now);
    void end_test(const DeviceName& device, Monitor& monitor, bool seen, Now now);
    void watch_condition(const DeviceName& device, Monitor& monitor, Now now);
    static void note(const DeviceName& device, const Monitor& monitor, Submission& submission);
    [[nodiscard]] std::string test(const Value& question);
    [[nodiscard]] std::string acknowledge(const Value& question) const;

    settings::RadiationSettings settings_;
    std::map<DeviceName, Monitor> monitors_;
    Ports ports_;
};

}  // namespace portcullis::gate
