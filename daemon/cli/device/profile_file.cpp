#include "cli/device/profile_file.hpp"

#include <system_error>
#include <utility>

#include "cli/device/player.hpp"
#include "drivers/registry.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::cli {

namespace {

const ConfigMark no_place{"(the device's settings)", 0, 0};

/// A driver that there is, on any bus: what is wrong else is the driver's to say.
drivers::BusSettings bus_for(const ConfigNode& profile) {
    return stand_in_bus(profile).value_or(drivers::ModbusTcpSettings{{"192.0.2.1", 502}});
}

}  // namespace

std::optional<PlannedProfile> plan_profile(const std::filesystem::path& file, const std::optional<ConfigNode>& options,
                                           ConfigProblems& problems) {
    const auto text = settings::read_text_file(file, problems);
    auto root = text ? settings::read_yaml(*text, file.string(), problems) : std::nullopt;
    if (!root || !root->expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    const auto own = options ? *options : ConfigNode::map(no_place, "device", {});
    ConfigProblems found;
    PlannedProfile planned{std::move(*root), nullptr, {}};
    planned.plan = drivers::plan_device(own, planned.profile, bus_for(planned.profile), found);
    if (planned.plan) {
        planned.profile.report_unread(found);
        own.report_unread(found);
    }
    bool good = planned.plan != nullptr;
    for (const auto& problem : found.all()) {
        // Options that a site must give are missing here, where there is no site.
        if (!options && problem.where.file == no_place.file) {
            planned.wanted.push_back(problem.what + (problem.help.empty() ? "" : " (" + problem.help + ")"));
            continue;
        }
        problems.add(problem);
        good = false;
    }
    return good ? std::optional{std::move(planned)} : std::nullopt;
}

std::optional<std::filesystem::path> find_profile(const std::string& name,
                                                  const std::vector<std::filesystem::path>& folders) {
    std::error_code failed;
    if (std::filesystem::is_regular_file(name, failed)) {
        return name;
    }
    for (const auto& folder : folders) {
        const auto file = folder / (name + ".yaml");
        if (std::filesystem::is_regular_file(file, failed)) {
            return file;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::cli
