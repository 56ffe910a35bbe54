#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/credential.hpp"
#include "core/ids.hpp"
#include "settings/device_catalogue.hpp"
#include "settings/gate_settings.hpp"
#include "settings/load.hpp"

/// The parts of one load: each file reads one part of the settings into `settings`.
namespace portcullis::settings {

/// What one load knows while it goes on.
struct LoadContext {
    const LoadSurroundings& surroundings;
    std::filesystem::path folder;  ///< of the settings file
    ConfigProblems problems;
    GateSettings settings;
    std::vector<ReadFile> files;
    std::map<std::string, std::optional<ConfigNode>> profiles;
    /// Of every declared device; nothing for one that has problems of its own.
    std::map<DeviceName, std::optional<DeviceFacts>> devices;
    std::map<BusName, bool> buses;  ///< every declared bus, and whether it was read without a problem
};

void read_gate(const ConfigNode& root, LoadContext& context);
void read_journal(const ConfigNode& root, LoadContext& context);
void read_orders(const ConfigNode& root, LoadContext& context);
/// `evidence`; after `journal`, whose `personal_data` bounds it.
void read_evidence(const ConfigNode& root, LoadContext& context);
void read_uplinks(const ConfigNode& root, LoadContext& context);
/// `filter` and `redact` of a destination. `root`: the whole file, which names the lanes.
void read_destination_view(const ConfigNode& node, const ConfigNode& root, UplinkSettings& uplink,
                           LoadContext& context);
void read_policy(const ConfigNode& root, LoadContext& context);
void read_buses(const ConfigNode& root, LoadContext& context);
void read_devices(const ConfigNode& root, LoadContext& context);
void read_lanes(const ConfigNode& root, LoadContext& context);
/// `zones`, which name lanes and readers.
void read_zones(const ConfigNode& root, LoadContext& context);
/// `radiation` and `portals`, which name lanes, readers and monitors, and tell the lanes of them.
void read_radiation(const ConfigNode& root, LoadContext& context);
void read_portals(const ConfigNode& root, LoadContext& context);

/// `tls` of one destination: its files exist, can be read and are what they have to be.
[[nodiscard]] std::optional<TlsSettings> read_tls(const ConfigNode& node, LoadContext& context);

/// `roles` of one lane into its wiring.
void read_roles(const ConfigNode& lane, WiredLane& wired, LoadContext& context);
/// `signs` of the gate: the words of its signs. After the lanes, which say whether it has any, and in which language.
void read_signs(const ConfigNode& root, LoadContext& context);
/// The role `sign` of one lane.
void read_sign_role(const ConfigNode& node, WiredLane& wired, LoadContext& context);
/// The roles `weighbridge` and `load_scanner` of one lane.
void read_weighbridge_role(const ConfigNode& node, WiredLane& wired, LoadContext& context);
void read_load_scanner_role(const ConfigNode& node, WiredLane& wired, LoadContext& context);
/// The name of a declared radiation monitor; a problem when it is none.
[[nodiscard]] DeviceName read_monitor(const ConfigNode& node, LoadContext& context);
/// A loop or beam by which vehicles are seen first, wired as an `arrival_loop` is; nothing, and problems, when it is
/// none.
[[nodiscard]] std::optional<WiredPoint> read_loop(const ConfigNode& node, LoadContext& context);
/// What a reader in this role reads.
[[nodiscard]] ReadingKind wanted_of(Role role);
/// The facts of a device that a role names; nothing when it is not declared (a problem) or has problems of its own.
[[nodiscard]] const DeviceFacts* facts_of(const std::string& name, const ConfigNode& node, LoadContext& context);
/// The name of a declared device in `node` that reads `wanted` for `role`; a problem when it is not so.
[[nodiscard]] DeviceName read_reader_of(ReadingKind wanted, std::string_view role, const ConfigNode& node,
                                        LoadContext& context);
/// What the roles of one lane must be together. `lane` is the lane's node.
void check_lane(const ConfigNode& lane, const WiredLane& wired, LoadContext& context);
/// What must hold between lanes.
void check_wiring(const ConfigNode& lanes, LoadContext& context);

/// Reads a further file into a tree and keeps it; nothing, and problems, when it cannot be.
[[nodiscard]] std::optional<ConfigNode> read_further_file(const std::filesystem::path& path, LoadContext& context);

/// User and password of the credential that `node` names: two lines of its file.
[[nodiscard]] Credential read_credential(const ConfigNode& node, LoadContext& context);

/// The member; its absence is a problem that says why it is needed.
[[nodiscard]] const ConfigNode* require_because(const ConfigNode& node, std::string_view key, const char* why,
                                                ConfigProblems& problems);

/// A name as topics and subjects carry it: `[a-z0-9-]{1,32}`; buses and devices may have `_` too.
enum class NameForm { topic, device };
[[nodiscard]] bool is_name(std::string_view text, NameForm form);
/// The name that stands in `node`; a problem when it is none.
[[nodiscard]] std::string read_name(const ConfigNode& node, NameForm form, ConfigProblems& problems);
/// Checks a key that is a name.
void check_key_name(const std::string& name, const ConfigNode& member, NameForm form, ConfigProblems& problems);

/// `did you mean …?` of the nearest name, or the names that exist.
[[nodiscard]] std::string nearest_help(std::string_view given, const std::vector<std::string_view>& names);

}  // namespace portcullis::settings
