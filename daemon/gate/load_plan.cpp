#include "gate/load_plan.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include "gate/driver_catalogue.hpp"
#include "settings/load.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

Hash256 hash_of(const std::vector<settings::ReadFile>& files) {
    std::string all;
    for (const auto& file : files) {
        all += hex_text(trust::sha256(file.bytes)) + "\n";
    }
    return trust::sha256(all);
}

/// User and password as the service manager hands them over: two lines of the file `name` in its credentials folder.
bool take_credentials(const std::string& name, uplink::UplinkSettings& into) {
    const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe): before threads
    std::ifstream file{std::filesystem::path{folder == nullptr ? "" : folder} / name};
    return std::getline(file, into.user) && std::getline(file, into.password);
}

std::vector<uplink::UplinkSettings> uplinks_of(const settings::GateSettings& settings,
                                               const std::filesystem::path& file,
                                               std::vector<ConfigProblem>& problems) {
    std::vector<uplink::UplinkSettings> uplinks;
    for (const auto& written : settings.uplinks) {
        uplink::UplinkSettings one;
        one.name = written.name;
        one.broker = written.broker;
        one.prefix = written.prefix;
        one.required = written.required;
        one.delivery.ack_window = written.ack_window;
        one.delivery.in_flight = written.in_flight;
        if (!written.credentials.empty() && !take_credentials(written.credentials, one)) {
            problems.push_back({{file.string(), 1, 1},
                                "uplink." + written.name + ".credentials",
                                "there is no credential '" + written.credentials + "' with user and password",
                                "give it to the service with LoadCredential=" + written.credentials +
                                    ":/etc/portcullis/credentials/" + written.credentials});
        }
        uplinks.push_back(std::move(one));
    }
    return uplinks;
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
        lanes.push_back(std::move(lane));
    }
    return lanes;
}

}  // namespace

LoadedPlan load_plan(const std::filesystem::path& file, const std::vector<std::filesystem::path>& profile_folders) {
    DriverCatalogue catalogue;
    auto read = settings::load_gate_settings(file, {catalogue, profile_folders});
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
    plan.uplinks = uplinks_of(*read.settings, file, loaded.problems);
    if (auto key = trust::PublicKey::parse(hex_text(read.settings->orders_key))) {
        plan.orders_keys.push_back(std::move(*key));
    } else {
        loaded.problems.push_back({{file.string(), 1, 1},
                                   "trust.orders_key",
                                   "this is no Ed25519 public key",
                                   "copy the 64 hex digits that 'portcullis-sign keygen' printed"});
    }
    plan.policy = read.settings->policy;
    plan.lanes = lanes_of(*read.settings);
    plan.buses = catalogue.take_buses();
    plan.devices = catalogue.take_devices();
    if (loaded.problems.empty()) {
        loaded.plan = std::move(plan);
    }
    return loaded;
}

}  // namespace portcullis::gate
