#include "gate/device_counts.hpp"

#include <string_view>
#include <utility>

#include "core/value_members.hpp"

namespace portcullis::gate {

namespace {

constexpr std::string_view device_subject = "device/";

}  // namespace

void DeviceCounts::follow(const std::vector<Event>& events) {
    for (const auto& event : events) {
        const bool read = event.type == "reading.taken";
        const bool missed = event.type == "reading.missing";
        const bool alarm = event.type == "radiation.alarm";
        if (!event.subject.starts_with(device_subject) || !(read || missed || alarm || event.type == "weight.taken")) {
            continue;
        }
        auto& counts = counts_[DeviceName{event.subject.substr(device_subject.size())}];
        const Value data{event.data};
        counts.accepted += read && text_member(data, "accepted") == "yes" ? 1 : 0;
        counts.unread += missed ? 1 : 0;
        counts.alarms += alarm ? 1 : 0;
        const auto passage = text_member(data, "passage");
        const bool known = !passage.empty() && passage != "unassigned" && passage != "none" && passage != "unknown";
        if (known && !missed) {
            counts.passages.insert(passage);
        }
    }
}

DeviceCounts::Counts DeviceCounts::take(const DeviceName& device) {
    const auto node = counts_.extract(device);
    return node.empty() ? Counts{} : std::move(node.mapped());
}

}  // namespace portcullis::gate
