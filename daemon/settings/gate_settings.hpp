#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/evidence_class.hpp"
#include "core/ids.hpp"
#include "core/lane_settings.hpp"
#include "core/point.hpp"
#include "core/policy.hpp"
#include "core/portal.hpp"
#include "core/radiation.hpp"
#include "core/redaction.hpp"
#include "core/role.hpp"
#include "core/sign.hpp"

/// What a technician wrote, read and checked: plain values, nothing opened.
namespace portcullis::settings {

/// Keys and their values as YAML writes them.
using WrittenKeys = std::vector<std::pair<std::string, std::string>>;

/// Of a destination's `mqtts://`: absolute paths of PEM files.
struct TlsSettings {
    std::filesystem::path ca;           ///< empty: the authorities that the machine trusts
    std::filesystem::path certificate;  ///< empty, as is the key: the gate shows none
    std::filesystem::path key;
    friend bool operator==(const TlsSettings&, const TlsSettings&) = default;
};

/// One destination of the journal.
struct UplinkSettings {
    std::string name;
    std::vector<std::string> brokers;  ///< `mqtt://host[:port]`, or all `mqtts://`; the preferred one first
    std::optional<TlsSettings> tls;    ///< of `mqtts://`
    std::string prefix;                ///< of all topics; default `portcullis/{terminal}/{gate}`
    bool required = true;              ///< events are kept until it has acknowledged them
    std::string credentials;           ///< name of the service credential that holds user and password; empty = none
    std::string user;                  ///< of that credential, as is the password: never printed
    std::string password;
    std::int64_t ack_window = 1000;
    std::int64_t in_flight = 100;
    std::vector<std::string> filter_types;  ///< `verdict.issued`, `passage.*`; empty = all
    std::vector<std::string> filter_lanes;  ///< empty = all
    std::vector<Redaction> redact;
    bool evidence = false;  ///< pictures are sent to it too
    friend bool operator==(const UplinkSettings&, const UplinkSettings&) = default;
};

/// How long the journal keeps what, and how it proves itself.
struct JournalSettings {
    std::chrono::milliseconds retention = std::chrono::hours{400 * 24};  ///< of acknowledged entries
    std::chrono::milliseconds personal_data =
        std::chrono::hours{400 * 24};  ///< of plates, tags and persons in them; at most `retention`
    std::int64_t head_every = 500;     ///< entries
    std::chrono::milliseconds head_within = std::chrono::minutes{5};
    std::int64_t ballast = std::int64_t{64} * 1024 * 1024;  ///< bytes kept back on the disk; 0 = none
    friend bool operator==(const JournalSettings&, const JournalSettings&) = default;
};

/// How long the cache keeps what is over.
struct OrderSettings {
    std::chrono::milliseconds retention = std::chrono::hours{90 * 24};  ///< of orders that ended or were revoked
    friend bool operator==(const OrderSettings&, const OrderSettings&) = default;
};

/// How much room pictures may take, and how long which are kept.
struct EvidenceSettings {
    std::int64_t budget = std::int64_t{4} * 1024 * 1024 * 1024;  ///< bytes
    std::chrono::milliseconds cleared = std::chrono::hours{7 * 24};
    std::chrono::milliseconds unfinished = std::chrono::hours{30 * 24};
    std::chrono::milliseconds inspected = std::chrono::hours{90 * 24};
    std::chrono::milliseconds held = std::chrono::hours{90 * 24};
    std::int64_t upload = std::int64_t{64} * 1024;  ///< bytes a second to one destination

    /// Those of passages that have not ended are kept as long as any.
    [[nodiscard]] std::chrono::milliseconds keep(EvidenceClass what) const;
    friend bool operator==(const EvidenceSettings&, const EvidenceSettings&) = default;
};

/// A bus as written; the driver catalogue keeps what it means.
struct BusSettings {
    BusName name;
    WrittenKeys keys;
    friend bool operator==(const BusSettings&, const BusSettings&) = default;
};

/// A device as written, defaults put in; the driver catalogue keeps what it means.
struct DeviceSettings {
    DeviceName name;
    std::string profile;
    BusName bus;
    WrittenKeys options;
    friend bool operator==(const DeviceSettings&, const DeviceSettings&) = default;
};

/// Which point plays a role in a lane, and how it is wired.
struct WiredPoint {
    Role role = Role::arrival_loop;
    DeviceName device;
    PointSetup setup;
    friend bool operator==(const WiredPoint&, const WiredPoint&) = default;
};

/// Which reader plays a role in a lane.
struct WiredReader {
    Role role = Role::plate_front;
    DeviceName device;
    friend bool operator==(const WiredReader&, const WiredReader&) = default;
};

/// One lane and its wiring.
struct WiredLane {
    LaneSettings lane;
    std::vector<WiredPoint> points;
    std::vector<WiredReader> readers;
    DeviceName sign;  ///< empty: none
    friend bool operator==(const WiredLane&, const WiredLane&) = default;
};

/// Who sees boxes at a door of an inspection zone: a lane of this gate, or a reader of its own. One of the two.
struct ZoneDoor {
    LaneName lane;
    DeviceName reader;
    friend bool operator==(const ZoneDoor&, const ZoneDoor&) = default;
};

/// An inspection zone (监管区) as this gate sees it. What it inspects and how is the ruleset's.
struct ZoneSettings {
    std::string name;  ///< as orders and rulesets call it
    std::optional<ZoneDoor> zone_in;
    std::optional<ZoneDoor> zone_out;
    std::chrono::milliseconds arrive_within = std::chrono::minutes{30};  ///< where the ruleset does not say
    friend bool operator==(const ZoneSettings&, const ZoneSettings&) = default;
};

/// What the gate's radiation monitors are held to.
struct RadiationSettings {
    RadiationLimits limits;
    /// A monitor that no test object proved for so long is not believed when it says clean; nothing = never tested.
    std::optional<std::chrono::milliseconds> test_every = std::chrono::hours{24};
    friend bool operator==(const RadiationSettings&, const RadiationSettings&) = default;
};

/// One gate: everything that the daemon needs to be built.
struct GateSettings {
    std::string terminal;
    std::string name;
    std::string time_zone = "UTC";
    std::vector<std::string> languages{"en"};
    bool test_bench = false;  ///< devices may be pseudo terminals: never at a real gate
    std::filesystem::path state;
    std::filesystem::path control_socket = "/run/portcullis/control";
    JournalSettings journal;
    OrderSettings orders;
    EvidenceSettings evidence;
    std::vector<UplinkSettings> uplinks;
    /// Either says whom to believe: an Ed25519 key that signs orders of every authority, or the file of a root.
    std::optional<std::array<std::uint8_t, 32>> orders_key;
    std::filesystem::path root_file;    ///< absolute; empty with an orders_key
    std::filesystem::path policy_file;  ///< absolute; empty with a root, where rulesets say what needs an order
    Policy policy;
    std::vector<BusSettings> buses;
    std::vector<DeviceSettings> devices;
    std::vector<WiredLane> lanes;
    std::vector<ZoneSettings> zones;
    RadiationSettings radiation;
    std::vector<PortalSettings> portals;
    std::filesystem::path signs_file;  ///< absolute; empty where no lane has a sign
    SignWords sign_words;
    friend bool operator==(const GateSettings&, const GateSettings&) = default;
};

}  // namespace portcullis::settings
