#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "drivers/buses.hpp"
#include "drivers/registry.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

namespace portcullis::testing {

/// Devices on real sockets and ports, with everything that they report kept in order.
class DeviceRig {
public:
    ~DeviceRig() { stop(); }

    /// `bus` and `options` as a technician writes them; the profile from config/profiles or as text.
    drivers::Device& add(const std::string& name, const std::string& bus, const std::string& options,
                         const std::string& profile, const std::vector<PointSetup>& setups = {}) {
        const bool is_text = profile.find('\n') != std::string::npos;
        return add_node(name, bus, yaml(options),
                        is_text ? yaml(profile) : yaml_file("config/profiles/" + profile + ".yaml"), setups);
    }

    drivers::Device& add_node(const std::string& name, const std::string& bus, const ConfigNode& options,
                              const ConfigNode& profile, const std::vector<PointSetup>& setups) {
        ConfigProblems problems;
        const auto bus_settings = drivers::read_bus(yaml(bus), problems);
        REQUIRE(bus_settings);
        const auto plan = drivers::plan_device(options, profile, *bus_settings, problems);
        for (const auto& problem : problems.all()) {
            FAIL(problem.message());
        }
        const BusName bus_name{bus};
        if (buses_known_.insert(bus).second) {
            buses.add(bus_name, *bus_settings);
        }
        devices_.push_back(plan->make({DeviceName{name}, main, clock, log, image}, buses, bus_name, setups));
        return *devices_.back();
    }

    void start() {
        for (const auto& device : devices_) {
            device->start([this](const Observation& seen) { observations.push_back(seen); });
        }
    }

    /// Turns the context until it is so; fails the test when it is not within a generous time.
    void until(const std::function<bool()>& so) {
        const auto give_up = clock.now().instant + std::chrono::seconds{60};
        while (!so()) {
            REQUIRE(clock.now().instant < give_up);
            main.restart();
            main.run_one_for(std::chrono::milliseconds{5});
        }
    }

    void stop() {
        for (const auto& device : devices_) {
            device->stop();
        }
        buses.begin_stop();
        REQUIRE(buses.finish_stop(std::chrono::minutes{1}));
        devices_.clear();
    }

    template <class What>
    [[nodiscard]] std::vector<What> all(const std::string& device, const std::string& point = {}) const {
        std::vector<What> found;
        for (const auto& seen : observations) {
            const auto* what = std::get_if<What>(&seen.what);
            if (what != nullptr && seen.device.text() == device && seen.point.text() == point) {
                found.push_back(*what);
            }
        }
        return found;
    }

    [[nodiscard]] bool is(const std::string& device, DeviceState state) const {
        const auto changes = all<HealthChanged>(device);
        return !changes.empty() && changes.back().state == state;
    }

    boost::asio::io_context main;
    runtime::SystemClock clock;
    runtime::Log log{runtime::Log::Form::plain, runtime::LogLevel::error};
    drivers::InputImage image;
    drivers::Buses buses{main, clock};
    std::vector<Observation> observations;

private:
    std::set<std::string> buses_known_;
    std::vector<std::unique_ptr<drivers::Device>> devices_;
};

}  // namespace portcullis::testing
