#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/condition_watch.hpp"
#include "core/event.hpp"
#include "core/observation.hpp"
#include "core/point.hpp"
#include "core/role.hpp"
#include "core/time.hpp"

namespace portcullis::gate {

/// Inputs that no lane decides by (mains, doors, keys, buttons, what the barrier board says of itself): each is a
/// condition of its device that begins and ends. Debounced; a button that is pressed at the start, or when its device
/// comes back, does not count before it was let go, and one that is held for long is stuck. What is unknown neither
/// begins nor ends anything but a press. Pure.
class InputWatch {
public:
    void add(const PointRef& point, Role role);

    [[nodiscard]] bool has(const PointRef& point) const { return inputs_.contains(point); }
    /// What the inputs of a device are for.
    [[nodiscard]] std::set<std::string_view> roles_of(const DeviceName& device) const;

    /// Takes a read of one of them.
    [[nodiscard]] std::vector<Event> see(const PointRef& point, Signal signal, Now now);
    /// What has held for its time.
    [[nodiscard]] std::vector<Event> look(Now now);
    /// When something begins if nothing changes.
    [[nodiscard]] std::optional<Instant> deadline() const;

private:
    struct Input {
        Role role;
        bool is_button;
        ConditionWatch condition;
        ConditionWatch stuck;
        std::optional<Instant> since;  ///< from when it has been in the state that the condition names
        bool counts;                   ///< of a button: it was seen not pressed
    };
    static void watch(Input& input, const PointRef& point, Now now, std::vector<Event>& events);

    std::map<PointRef, std::vector<Input>> inputs_;
};

}  // namespace portcullis::gate
