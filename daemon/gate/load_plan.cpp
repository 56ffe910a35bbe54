#include "gate/load_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>

#include "codec/event_catalogue.hpp"
#include "codec/event_schemas.hpp"
#include "trust/hash.hpp"
#include "trust/signature.hpp"

namespace portcullis::gate {

namespace {

Hash256 hash_of(const std::vector<settings::ReadFile>& files) {
    std::string all;
    for (const auto& file : files) {
        all += hex_text(trust::sha256(file.bytes)) + "\n";
    }
    return trust::sha256(all);
}

/// The devices that are wired to one of these lanes or stand at a portal before one, each once.
std::vector<std::string> devices_of(const std::vector<std::string>& lanes, const settings::GateSettings& settings) {
    std::set<std::string> devices;
    for (const auto& lane : settings.lanes) {
        if (std::find(lanes.begin(), lanes.end(), lane.lane.name.text()) == lanes.end()) {
            continue;
        }
        for (const auto& point : lane.points) {
            devices.insert(point.device.text());
        }
        for (const auto& reader : lane.readers) {
            devices.insert(reader.device.text());
        }
        if (!lane.sign.empty()) {
            devices.insert(lane.sign.text());
        }
    }
    for (const auto& portal : settings.portals) {
        const bool before_one = std::any_of(portal.lanes.begin(), portal.lanes.end(), [&](const LaneName& lane) {
            return std::find(lanes.begin(), lanes.end(), lane.text()) != lanes.end();
        });
        if (before_one && !portal.radiation.empty()) {
            devices.insert(portal.radiation.text());
        }
        for (const auto& reader : portal.readers) {
            if (before_one) {
                devices.insert(reader.device.text());
            }
        }
    }
    return {devices.begin(), devices.end()};
}

std::vector<uplink::UplinkSettings> uplinks_of(const settings::GateSettings& settings) {
    std::vector<uplink::UplinkSettings> uplinks;
    for (const auto& written : settings.uplinks) {
        uplink::UplinkSettings one;
        one.name = written.name;
        one.brokers = written.brokers;
        if (written.tls) {
            one.tls = uplink::TlsFiles{written.tls->ca.string(), written.tls->certificate.string(),
                                       written.tls->key.string()};
        }
        one.prefix = written.prefix;
        one.required = written.required;
        one.user = written.user;
        one.password = written.password;
        one.delivery.ack_window = written.ack_window;
        one.delivery.in_flight = written.in_flight;
        one.filter.types = written.filter_types;
        one.filter.lanes = written.filter_lanes;
        one.filter.devices = devices_of(written.filter_lanes, settings);
        one.redactions = written.redact;
        uplinks.push_back(std::move(one));
    }
    return uplinks;
}

/// Which profile each device has, and which bytes that was.
void name_profiles(std::vector<PlannedDevice>& devices, const settings::GateSettings& settings,
                   const std::vector<settings::ReadFile>& files) {
    for (auto& device : devices) {
        const auto written = std::find_if(settings.devices.begin(), settings.devices.end(),
                                          [&device](const auto& one) { return one.name == device.name; });
        if (written == settings.devices.end()) {
            continue;
        }
        device.profile = written->profile;
        for (const auto& file : files) {
            if (file.path.filename() == written->profile + ".yaml" && file.root.find("driver") != nullptr) {
                device.profile_hash = hex_text(trust::sha256(file.bytes));
            }
        }
    }
}

std::vector<LanePlan> lanes_of(const settings::GateSettings& settings) {
    std::vector<LanePlan> lanes;
    for (const auto& written : settings.lanes) {
        LanePlan lane;
        lane.settings = written.lane;
        for (const auto& point : written.points) {
            lane.points.push_back({point.role, {point.device, point.setup.point}, point.setup});
        }
        for (const auto& reader : written.readers) {
            lane.readers.push_back({reader.role, reader.device});
        }
        lane.sign = written.sign;
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

}  // namespace

settings::LoadSurroundings settings_surroundings(DriverCatalogue& catalogue,
                                                 std::vector<std::filesystem::path> profile_folders) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): before threads
    return {catalogue, std::move(profile_folders), folder == nullptr ? "" : folder,
            [](std::string_view hex) { return trust::PublicKey::parse(hex).has_value(); },
            codec::EventCatalogue{codec::embedded_event_schemas()}.types()};
}

LoadedPlan load_plan(const std::filesystem::path& file, const std::vector<std::filesystem::path>& profile_folders) {
    DriverCatalogue catalogue;
    auto read = settings::load_gate_settings(file, settings_surroundings(catalogue, profile_folders));
    LoadedPlan loaded{std::nullopt, std::move(read.problems)};
    if (!read.settings) {
        return loaded;
    }
    GatePlan plan;
    plan.terminal = read.settings->terminal;
    plan.name = read.settings->name;
    plan.state = read.settings->state;
    plan.control_socket = read.settings->control_socket;
    plan.settings_hash = hash_of(read.files);
    plan.journal = read.settings->journal;
    plan.orders = read.settings->orders;
    plan.evidence = read.settings->evidence;
    for (const auto& written : read.settings->uplinks) {
        if (written.evidence) {
            plan.evidence_to.insert(written.name);
        }
    }
    plan.uplinks = uplinks_of(*read.settings);
    if (read.settings->orders_key) {
        plan.orders_keys.push_back(trust::PublicKey::parse(hex_text(*read.settings->orders_key)).value());
    }
    plan.root_file = read.settings->root_file;
    plan.policy = read.settings->policy;
    plan.lanes = lanes_of(*read.settings);
    plan.zones = read.settings->zones;
    plan.radiation = read.settings->radiation;
    plan.portals = read.settings->portals;
    plan.sign_words = read.settings->sign_words;
    plan.buses = catalogue.take_buses();
    plan.devices = catalogue.take_devices();
    name_profiles(plan.devices, *read.settings, read.files);
    loaded.plan = std::move(plan);
    return loaded;
}

}  // namespace portcullis::gate
