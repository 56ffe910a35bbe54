#include "gate/zone_silence.hpp"

#include <utility>

#include "gate/gate_conditions.hpp"

namespace portcullis::gate {

void ZoneSilence::expect(const DeviceName& reader, std::string zone) {
    readers_[reader].zone = std::move(zone);
}

void ZoneSilence::heard(const DeviceName& reader, bool online) {
    if (const auto known = readers_.find(reader); known != readers_.end()) {
        known->second.online = online;
    }
}

std::vector<Event> ZoneSilence::watch(Now now, const std::function<std::int64_t(std::string_view)>& on_their_way) {
    std::vector<Event> events;
    for (auto& [name, reader] : readers_) {
        if (reader.online) {
            reader.since.reset();
        } else if (!reader.since) {
            reader.since = now.instant;
        }
        if (const auto change = reader.silence.watch(reader.since, on_their_way(reader.zone), now.instant)) {
            events.push_back(condition_event(*change, "device/" + name.text(), now));
        }
    }
    return events;
}

}  // namespace portcullis::gate
