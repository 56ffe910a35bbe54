#pragma once

#include <chrono>
#include <optional>

#include "drivers/device_context.hpp"
#include "drivers/device_reporter.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// Tells what an indicator shows, for drivers: at each change, again every half second as long as it shows the same,
/// and `absent` when it has shown nothing for two seconds. Main context only.
class WeightTeller {
public:
    /// `steady_for`: of an indicator that does not tell motion, the same weight for so long is stable.
    WeightTeller(const DeviceContext& context, DeviceReporter& reporter,
                 std::optional<std::chrono::milliseconds> steady_for = std::nullopt);

    /// The indicator showed this; `at` is the wire's time.
    void saw(WeightSeen seen, Instant at);
    /// It shows nothing any more.
    void gone(Instant at);
    /// Nothing was told: the next is told again.
    void forget();

private:
    void tell(const WeightSeen& seen, Instant at);

    const runtime::Clock& clock_;
    DeviceReporter& reporter_;
    std::optional<std::chrono::milliseconds> steady_for_;
    std::optional<std::int64_t> same_;  ///< of an indicator that does not tell motion
    Instant same_since_;
    std::optional<WeightSeen> told_;
    Instant told_at_;
    runtime::Alarm silence_;
};

}  // namespace portcullis::drivers
