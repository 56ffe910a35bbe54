#include "gate/device_inventory.hpp"

#include <utility>

namespace portcullis::gate {

namespace {

std::string or_unknown(const std::string& text) {
    return text.empty() ? "unknown" : text;
}

/// `Advantech ADAM-6060` of the maker `Advantech` is the model `ADAM-6060`.
std::string model_of(const drivers::ProfileFacts& profile) {
    const auto begin = profile.maker + " ";
    return !profile.maker.empty() && profile.product.starts_with(begin) ? profile.product.substr(begin.size())
                                                                        : profile.product;
}

}  // namespace

DeviceInventory::DeviceInventory(const GatePlan& plan) {
    for (const auto& planned : plan.devices) {
        const auto& profile = planned.plan->profile();
        const auto& label = planned.plan->label();
        devices_[planned.name] = {profile.maker,   model_of(profile),    label.serial_number, {},
                                  planned.profile, planned.profile_hash, label.verified_until};
    }
}

Event DeviceInventory::event_of(const DeviceName& device, const Entry& entry, Now now) {
    return {"device.inventory", "device/" + device.text(), now,
            Object{{"maker", or_unknown(entry.maker)},
                   {"model", or_unknown(entry.model)},
                   {"serial", or_unknown(entry.serial)},
                   {"firmware", or_unknown(entry.firmware)},
                   {"profile", or_unknown(entry.profile)},
                   {"profile_hash", or_unknown(entry.profile_hash)},
                   {"verified_until", entry.verified_until.empty() ? "none" : entry.verified_until}},
            std::nullopt};
}

std::vector<Event> DeviceInventory::at_start(Now now) const {
    std::vector<Event> events;
    for (const auto& [device, entry] : devices_) {
        events.push_back(event_of(device, entry, now));
    }
    return events;
}

std::vector<Event> DeviceInventory::told(const DeviceName& device, const DeviceIdentity& identity, Now now) {
    const auto found = devices_.find(device);
    if (found == devices_.end()) {
        return {};
    }
    auto& entry = found->second;
    const auto serial = identity.serial.empty() ? entry.serial : identity.serial;
    if (entry.serial == serial && entry.firmware == identity.firmware) {
        return {};
    }
    entry.serial = serial;
    entry.firmware = identity.firmware;
    return {event_of(device, entry, now)};
}

}  // namespace portcullis::gate
