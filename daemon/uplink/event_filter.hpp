#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::uplink {

/// Which events a destination wants. Empty lists want everything.
struct EventFilter {
    std::vector<std::string> types;    ///< `verdict.issued`, or `passage.*` for all types of one thing
    std::vector<std::string> lanes;    ///< of events about a lane or a device: these lanes …
    std::vector<std::string> devices;  ///< … and the devices wired to them

    [[nodiscard]] bool passes_all() const { return types.empty() && lanes.empty(); }
    /// `type` as in `passage.detected`, `subject` as in `lane/out-1`.
    [[nodiscard]] bool passes(std::string_view type, std::string_view subject) const {
        return passes_type(type) && passes_subject(subject);
    }

    /// Also of live state, whose topics are named as subjects are. What is about neither a lane nor a device belongs to
    /// the whole gate.
    [[nodiscard]] bool passes_subject(std::string_view subject) const {
        constexpr std::string_view lane = "lane/";
        constexpr std::string_view device = "device/";
        const auto among = [](const std::vector<std::string>& names, std::string_view name) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (lanes.empty()) {
            return true;
        }
        if (subject.starts_with(lane)) {
            return among(lanes, subject.substr(lane.size()));
        }
        return !subject.starts_with(device) || among(devices, subject.substr(device.size()));
    }

private:
    [[nodiscard]] bool passes_type(std::string_view type) const {
        return types.empty() || std::any_of(types.begin(), types.end(), [type](std::string_view wanted) {
                   return wanted.ends_with(".*") ? type.starts_with(wanted.substr(0, wanted.size() - 1))
                                                 : type == wanted;
               });
    }
};

}  // namespace portcullis::uplink
