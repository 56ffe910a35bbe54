#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/observation.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "drivers/bus_settings.hpp"
#include "gate/control_desk.hpp"
#include "gate/device_desk.hpp"
#include "gate/gate_plan.hpp"

namespace portcullis::gate {

/// What a device said lately, in words, while somebody watches it: at most 512 lines, and none when nobody has asked
/// for two seconds.
class SaidLately {
public:
    struct Line {
        Instant at;
        std::string words;
    };

    void listen(Instant until) { until_ = until; }
    void put(Instant at, std::string words);

    struct Look {
        std::vector<Line> lines;
        std::uint64_t next = 0;
    };
    /// Lines from a number on; 0 or one that was never given = from now on.
    [[nodiscard]] Look look(std::uint64_t from) const;

private:
    std::deque<Line> lines_;
    std::uint64_t first_ = 1;
    Instant until_;
};

/// `portcullis device list`, `watch`, `trace` and `record`, as questions of the control socket. Whoever watches asks
/// again and again and is given what came since; the daemon keeps a bounded piece and forgets it two seconds after the
/// last question.
class DeviceViewing {
public:
    struct Ports {
        std::function<Now()> now;
    };

    /// Plan and desk outlive it.
    DeviceViewing(const GatePlan& plan, DeviceDesk& desk, Ports ports);

    /// `{"ask":"devices"}`: all of them, their buses, and how they are.
    /// `{"ask":"device_wire","device":NAME,"from":N,"said_from":M}`, or `"bus":NAME`: frames and words since then.
    void add_to(ControlDesk& desk);
    /// A device said something: kept while somebody watches it.
    void said(const Observation& observation);

    static constexpr std::chrono::seconds listens{2};

private:
    void list(const ControlDesk::Reply& reply) const;
    void wire(const Value& question, const ControlDesk::Reply& reply);
    [[nodiscard]] Object device(const PlannedDevice& planned) const;
    [[nodiscard]] List wired(const DeviceName& device) const;
    [[nodiscard]] const PlannedDevice* find(const std::string& name) const;
    [[nodiscard]] const drivers::BusSettings* bus(const BusName& name) const;

    const GatePlan& plan_;
    DeviceDesk& desk_;
    Ports ports_;
    std::map<DeviceName, SaidLately> said_;
};

}  // namespace portcullis::gate
