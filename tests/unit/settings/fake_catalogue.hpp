#pragma once

#include <chrono>
#include <map>
#include <string>

#include "settings/device_catalogue.hpp"

namespace portcullis::settings::testing {

/// Products: an I/O module, a reader, a radiation monitor. Their profiles say `is: io`, the kind read, `is: monitor`.
class FakeCatalogue final : public DeviceCatalogue {
public:
    std::optional<SafeOutput> on_host_lost = SafeOutput::off;
    std::map<std::string, std::optional<SafeOutput>> on_host_lost_of;  ///< outputs that differ from it
    std::chrono::milliseconds stale_after{500};

    bool add_bus(const BusName& name, const ConfigNode& node, ConfigProblems& problems) override {
        const auto* const modbus = node.find("modbus_tcp");
        const auto* const stream = node.find("serial") != nullptr ? node.find("serial") : node.find("tcp");
        (void)node.find("line");
        if (modbus == nullptr && stream == nullptr) {
            node.report(problems, "no transport");
            return false;
        }
        takes_one_[name] = modbus == nullptr;
        return true;
    }
    [[nodiscard]] bool takes_one_device(const BusName& bus) const override { return takes_one_.at(bus); }
    std::optional<DeviceFacts> add_device(const DeviceName& /*name*/, const BusName& /*bus*/, const ConfigNode& options,
                                          const ConfigNode& profile, ConfigProblems& problems) override {
        const auto* const is = profile.require("is", problems);
        if (is == nullptr) {
            return std::nullopt;
        }
        DeviceFacts facts;
        const auto what = is->text(problems);
        if (what == "monitor") {
            facts.measures_radiation = true;
            return facts;
        }
        if (what == "scale") {
            facts.weighs = true;
            const auto* const until = options.find("verified_until");
            facts.verified_until = until == nullptr ? "" : until->text(problems);
            return facts;
        }
        if (what != "io") {
            facts.reads = enum_from<ReadingKind>(what);
            return facts;
        }
        facts.stale_after = stale_after;
        const auto* const unit = options.find("unit");
        facts.options = {{"unit", unit == nullptr ? "1" : unit->text(problems)}};
        for (const auto* const digit : {"0", "1", "2", "3", "4", "5", "6", "7"}) {
            facts.points.push_back({PointName{std::string{"di"} + digit}, Direction::input, std::nullopt});
            const auto name = std::string{"do"} + digit;
            const auto other = on_host_lost_of.find(name);
            facts.points.push_back(
                {PointName{name}, Direction::output, other == on_host_lost_of.end() ? on_host_lost : other->second});
        }
        return facts;
    }

private:
    std::map<BusName, bool> takes_one_;
};

}  // namespace portcullis::settings::testing
