#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/portal.hpp"
#include "core/radiation.hpp"
#include "core/time.hpp"
#include "lane/portal_tracker.hpp"
#include "lane/portal_transits.hpp"

namespace portcullis::gate {

/// The portals of a gate: who went through, and that lanes hear of it. Lives on the deciding thread.
class PortalDesk {
public:
    struct Ports {
        std::function<void(Event)> record;
        /// Lanes behind the portal are to look again which transits are their vehicles'. Called outside of any lane.
        std::function<void(const PortalName&)> changed;
    };

    PortalDesk(const std::vector<PortalSettings>& portals, RadiationLimits limits, const IdSource& ids, Ports ports);

    /// What a device said; one that stands at no portal changes nothing.
    void observed(const Observation& observation, Now now);
    void tick(Now now);

    /// What the lanes claim from.
    [[nodiscard]] lane::PortalTransits& transits() { return transits_; }

private:
    void tell(const lane::PortalTracker& portal, const lane::PortalNews& news, Now now);
    void tell_changes();

    std::vector<lane::PortalTracker> portals_;
    std::map<DeviceName, std::size_t> devices_;
    RadiationLimits limits_;
    Ports ports_;
    lane::PortalTransits transits_;
    std::vector<PortalName> changed_;
    std::uint64_t last_token_;  ///< the high half is this desk's own
};

}  // namespace portcullis::gate
