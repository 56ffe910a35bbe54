#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "drivers/device.hpp"
#include "gate/storage_watch.hpp"
#include "lane/lane_io.hpp"
#include "uplink/uplink.hpp"

/// What dashboards and `portcullis status` are told (docs/central/state-*.schema.json). Never evidence.
namespace portcullis::gate {

/// The gate as a whole.
struct GateView {
    std::string version;
    StreamId stream;
    std::int64_t last = 0;
    std::int64_t order_cursor = 0;
    std::optional<std::int64_t> orders_age_s;
    DocumentState orders_state = DocumentState::unknown;
    std::vector<Authority> orders_behind;
    std::int64_t backlog = 0;
    std::optional<std::int64_t> oldest_s;
    ClockState clock = ClockState::unsynchronised;
    std::chrono::milliseconds clock_band{};
    StorageView storage;
    std::string box_key;  ///< public: to which central seals sampling keys
    Object ruleset;       ///< members that begin with `ruleset_`
    Object passes;        ///< members that begin with `passes_`; none without a root
};

/// Members of `state/…`, without `time`: two equal ones need not be sent twice.
[[nodiscard]] Object gate_state(const GateView& view);
/// Room and health of the journal's disk, as members of `journal.storage` and of `state/gate`.
[[nodiscard]] Object storage_members(const StorageView& view);
[[nodiscard]] Object lane_state(const LaneName& name, const lane::LaneView& view);
[[nodiscard]] Object device_state(const DeviceName& name, const drivers::DeviceView& view);
[[nodiscard]] Object uplink_state(const std::string& name, const uplink::UplinkView& view);

}  // namespace portcullis::gate
