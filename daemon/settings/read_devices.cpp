#include <algorithm>
#include <set>

#include "settings/load_context.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {
namespace {

constexpr std::string_view pseudo_terminals = "/dev/pts/";

/// A path outside /dev or a pseudo terminal is a simulator's, and another one after every start.
void check_serial_path(const ConfigNode& serial, LoadContext& context) {
    ConfigProblems none;  // another shape than a text is reported by whoever reads the transport
    const auto path = serial.text(none);
    const bool simulated = path.starts_with('/') && (path.starts_with(pseudo_terminals) || !path.starts_with("/dev/"));
    if (simulated && !context.settings.test_bench) {
        serial.report(context.problems, "`" + path + "` is no serial port of a gate",
                      "use its name under /dev/serial/by-id, /dev/serial/by-path or /dev/portcullis, or write "
                      "`test_bench: true` under `gate` for a simulator");
    }
}

/// What was chosen decides which keys belong here.
void check_branch(const ConfigNode& bus, LoadContext& context) {
    struct Branch {
        const char* key;
        std::vector<const char*> belongs_to;
        const char* owner;
    };
    const std::vector<Branch> branches{{"line", {"serial", "modbus_rtu"}, "a serial port"},
                                       {"rs485", {"modbus_rtu"}, "a modbus_rtu port"},
                                       {"local_echo", {"modbus_rtu"}, "a modbus_rtu port"}};
    const auto has = [&bus](const char* key) { return bus.find(key) != nullptr; };
    for (const auto& [key, belongs_to, owner] : branches) {
        const auto* const member = bus.find(key);
        if (member == nullptr || std::ranges::any_of(belongs_to, has)) {
            continue;
        }
        for (const auto* const chosen : {"modbus_tcp", "modbus_rtu_over_tcp", "serial", "tcp", "http", "http_listen"}) {
            if (has(chosen)) {
                member->report(context.problems,
                               "`" + std::string{key} + "` belongs to " + owner + ", and this bus is `" + chosen + "`",
                               "take it out");
            }
        }
    }
}

/// User and password that a camera wants, or that readers must show.
void read_credential_of(const BusName& name, const ConfigNode& bus, LoadContext& context) {
    const auto* const credentials = bus.find("credentials");
    if (credentials == nullptr) {
        return;
    }
    if (bus.find("http") == nullptr && bus.find("http_listen") == nullptr) {
        credentials->report(context.problems, "`credentials` belong to `http` or `http_listen`", "take them out");
        return;
    }
    context.surroundings.catalogue.set_credential(name, read_credential(*credentials, context));
}

WrittenKeys written_keys(const ConfigNode& bus) {
    WrittenKeys keys;
    ConfigProblems none;
    for (const auto* const key : {"modbus_tcp", "modbus_rtu", "modbus_rtu_over_tcp", "serial", "line", "rs485",
                                  "local_echo", "tcp", "http", "http_listen", "credentials"}) {
        if (const auto* const member = bus.find(key)) {
            keys.emplace_back(key, member->text(none));
        }
    }
    return keys;
}

void check_endpoint_is_free(const ConfigNode& node, const BusSettings& bus, LoadContext& context) {
    for (const auto& other : context.settings.buses) {
        if (!bus.keys.empty() && !other.keys.empty() && other.keys.front().second == bus.keys.front().second) {
            node.report(context.problems,
                        "bus `" + other.name.text() + "` has the same " + bus.keys.front().first + " " +
                            bus.keys.front().second + ": a bus has one owner",
                        "put the devices of both on one bus");
        }
    }
}

void read_bus(const std::string& name, const ConfigNode& node, LoadContext& context) {
    check_key_name(name, node, NameForm::device, context.problems);
    const BusName bus{name};
    if (!node.expect(ConfigNode::Kind::map, context.problems)) {
        context.buses[bus] = false;
        return;
    }
    context.buses[bus] = context.surroundings.catalogue.add_bus(bus, node, context.problems);
    check_branch(node, context);
    read_credential_of(bus, node, context);
    for (const auto* const key : {"serial", "modbus_rtu"}) {
        if (const auto* const port = node.find(key)) {
            check_serial_path(*port, context);
        }
    }
    BusSettings settings{bus, written_keys(node)};
    check_endpoint_is_free(node, settings, context);
    context.settings.buses.push_back(std::move(settings));
}

std::vector<std::filesystem::path> profile_folders(const LoadContext& context) {
    std::vector<std::filesystem::path> folders{context.folder / "profiles"};
    const auto& further = context.surroundings.profile_folders;
    folders.insert(folders.end(), further.begin(), further.end());
    return folders;
}

std::vector<std::string> profile_names(const LoadContext& context) {
    std::set<std::string> names;
    for (const auto& folder : profile_folders(context)) {
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
            if (entry.path().extension() == ".yaml") {
                names.insert(entry.path().stem().string());
            }
        }
    }
    return {names.begin(), names.end()};
}

/// The profile's tree; nothing, and problems, when there is none or it cannot be read.
std::optional<ConfigNode> find_profile(const std::string& name, const ConfigNode& node, LoadContext& context) {
    if (const auto known = context.profiles.find(name); known != context.profiles.end()) {
        return known->second;
    }
    for (const auto& folder : profile_folders(context)) {
        const auto path = folder / (name + ".yaml");
        std::error_code error;
        if (std::filesystem::is_regular_file(path, error)) {
            return context.profiles[name] = read_further_file(path, context);
        }
    }
    const auto names = profile_names(context);
    const auto near = nearest_word(name, {names.begin(), names.end()});
    node.report(context.problems, "there is no profile `" + name + "`",
                near ? "did you mean `" + *near + "`?" : "put it into profiles/ beside the settings file");
    return std::nullopt;
}

std::optional<BusName> read_bus_of(const ConfigNode& device, LoadContext& context) {
    const auto* const node = require_because(device, "bus", "say on which bus the device is", context.problems);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto name = node->text(context.problems);
    const auto bus = context.buses.find(BusName{name});
    if (bus == context.buses.end()) {
        std::vector<std::string_view> names;
        for (const auto& [known, good] : context.buses) {
            names.emplace_back(known.text());
        }
        node->report(context.problems, "there is no bus `" + name + "`", nearest_help(name, names));
        return std::nullopt;
    }
    return bus->second ? std::optional{bus->first} : std::nullopt;
}

void check_neighbours(const ConfigNode& node, const DeviceSettings& device, LoadContext& context) {
    const auto option_of = [](const DeviceSettings& settings, const char* key) {
        const auto option = std::ranges::find(settings.options, key, &std::pair<std::string, std::string>::first);
        return option == settings.options.end() ? std::string{} : option->second;
    };
    const auto unit_of = [&](const DeviceSettings& settings) { return option_of(settings, "unit"); };
    const auto path_of = [&](const DeviceSettings& settings) { return option_of(settings, "path"); };
    for (const auto& other : context.settings.devices) {
        if (other.bus != device.bus) {
            continue;
        }
        if (context.surroundings.catalogue.takes_one_device(device.bus)) {
            node.report(
                context.problems,
                "bus `" + device.bus.text() + "` is taken by `" + other.name.text() + "`: a line has one talker",
                "give each its own bus");
        } else if (!unit_of(device).empty() && unit_of(device) == unit_of(other)) {
            node.report(context.problems,
                        "`" + other.name.text() + "` is unit " + unit_of(device) + " of this bus already",
                        "give each its own `unit`");
        } else if (!path_of(device).empty() && path_of(device) == path_of(other)) {
            node.report(context.problems, "`" + other.name.text() + "` has the same `path` on this bus",
                        "give each its own `path`");
        }
    }
}

void read_device(const std::string& name, const ConfigNode& node, LoadContext& context) {
    check_key_name(name, node, NameForm::device, context.problems);
    auto& facts = context.devices[DeviceName{name}];
    if (!node.expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    const auto* const profile_node = require_because(
        node, "profile", "name the profile of the product, as in advantech-adam-6050", context.problems);
    const auto bus = read_bus_of(node, context);
    const auto profile_name = profile_node == nullptr ? std::string{} : profile_node->text(context.problems);
    if (profile_name.find('/') != std::string::npos) {
        profile_node->report(context.problems, "`" + profile_name + "` is no profile's name",
                             "write the file's name without folder and .yaml");
        node.skip();
        return;
    }
    const auto profile = profile_name.empty() ? std::nullopt : find_profile(profile_name, *profile_node, context);
    if (!profile || !bus) {
        node.skip();
        return;
    }
    facts = context.surroundings.catalogue.add_device(DeviceName{name}, *bus, node, *profile, context.problems);
    if (!facts) {
        node.skip();
        profile->skip();
        return;
    }
    profile->report_unread(context.problems);
    DeviceSettings device{DeviceName{name}, profile_name, *bus, facts->options};
    check_neighbours(node, device, context);
    context.settings.devices.push_back(std::move(device));
}

}  // namespace

void read_buses(const ConfigNode& root, LoadContext& context) {
    const auto* const buses = require_because(
        root, "buses", "say how devices are reached: add `buses:` with `field: { modbus_tcp: 192.0.2.10:502 }`",
        context.problems);
    if (buses == nullptr || !buses->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : buses->members()) {
        read_bus(name, node, context);
    }
}

void read_devices(const ConfigNode& root, LoadContext& context) {
    const auto* const devices =
        require_because(root, "devices", "say which devices there are: add `devices:`", context.problems);
    if (devices == nullptr || !devices->expect(ConfigNode::Kind::map, context.problems)) {
        return;
    }
    for (const auto& [name, node] : devices->members()) {
        read_device(name, node, context);
    }
}

}  // namespace portcullis::settings
