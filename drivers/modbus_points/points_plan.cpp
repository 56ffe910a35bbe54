#include <utility>

#include "drivers/buses.hpp"
#include "drivers/modbus_points/modbus_points.hpp"

namespace portcullis::drivers {

namespace {

class PointsPlan final : public DevicePlan {
public:
    explicit PointsPlan(PointsSettings settings) : settings_(std::move(settings)) {}

    [[nodiscard]] const ProfileFacts& profile() const override { return settings_.profile.facts; }

    [[nodiscard]] std::vector<std::pair<std::string, std::string>> options() const override {
        auto keys = written(settings_.unit);
        if (settings_.profile.inputs) {
            keys.emplace_back("inputs", std::to_string(settings_.profile.inputs->count));
        }
        if (settings_.profile.outputs) {
            keys.emplace_back("outputs", std::to_string(settings_.profile.outputs->count));
        }
        if (settings_.profile.inputs && settings_.profile.inputs->counters) {
            keys.emplace_back("counters", settings_.counters ? "true" : "false");
        }
        keys.emplace_back("contact", portcullis::text_of(settings_.contact));
        std::string lost;
        for (const auto& [point, value] : settings_.on_host_lost) {
            lost += (lost.empty() ? "{ " : ", ") + point.text() + ": " + std::string{portcullis::text_of(value)};
        }
        if (!lost.empty()) {
            keys.emplace_back("on_host_lost", lost + " }");
        }
        return keys;
    }

    [[nodiscard]] std::chrono::milliseconds stale_after() const override { return settings_.unit.stale_after; }

    [[nodiscard]] std::chrono::milliseconds idle_poll() const override { return settings_.unit.idle_poll; }
    [[nodiscard]] BusShare bus_share(const std::vector<PointSetup>& setups) const override {
        return share_of(settings_.unit, settings_.profile.care, plan_poll(settings_, setups).all());
    }

    [[nodiscard]] std::vector<std::string> remarks() const override {
        auto all = DevicePlan::remarks();
        for (auto& remark : workaround_remarks(settings_.profile.care)) {
            all.push_back(std::move(remark));
        }
        if (settings_.contact_assumed) {
            all.emplace_back(
                "inputs are taken for wet contacts; write `contact: wet` or `contact: dry` as they are wired");
        }
        return all;
    }

    [[nodiscard]] std::vector<PointFact> points() const override {
        std::vector<PointFact> facts;
        const int inputs = settings_.profile.inputs ? settings_.profile.inputs->count : 0;
        for (int i = 0; i < inputs; ++i) {
            facts.push_back({.name = PointName{"di" + std::to_string(i)},
                             .direction = Direction::input,
                             .on_host_lost = std::nullopt});
        }
        const int outputs = settings_.profile.outputs ? settings_.profile.outputs->count : 0;
        for (int i = 0; i < outputs; ++i) {
            const PointName name{"do" + std::to_string(i)};
            facts.push_back(output_fact(name));
        }
        return facts;
    }

    [[nodiscard]] std::unique_ptr<Device> make(const DeviceContext& context, Buses& buses, const BusName& bus,
                                               const std::vector<PointSetup>& setups) const override {
        return std::make_unique<ModbusPoints>(buses.modbus(bus), context, settings_, setups);
    }

private:
    [[nodiscard]] PointFact output_fact(const PointName& name) const {
        const auto& outputs = *settings_.profile.outputs;
        const auto found = settings_.on_host_lost.find(name);
        PointFact fact{.name = name, .direction = Direction::output, .on_host_lost = std::nullopt};
        fact.on_host_lost = found != settings_.on_host_lost.end() ? std::optional{found->second} : outputs.on_host_lost;
        fact.latches = !outputs.host_watchdog;
        if (outputs.pulse) {
            fact.pulse_step = outputs.pulse->step;
            fact.most_pulse = outputs.pulse->step * outputs.pulse->most;
        }
        return fact;
    }

    PointsSettings settings_;
};

}  // namespace

std::unique_ptr<DevicePlan> plan_modbus_points(const ConfigNode& options, const ConfigNode& profile,
                                               ConfigProblems& problems) {
    return std::make_unique<PointsPlan>(read_points_settings(options, profile, problems));
}

}  // namespace portcullis::drivers
