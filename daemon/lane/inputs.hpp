#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>

#include "core/observation.hpp"
#include "core/role.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::lane {

/// How an input went from one level to another.
enum class Edge : std::uint8_t { none, rose, fell, lost };

/// The inputs of one lane as last seen, and what follows from them alone. `on` acts at the first read; `off` frees
/// anything only at the second equal one; unknown is a level of its own (design.md 3, unknown presence).
class InputImage {
public:
    explicit InputImage(const std::set<Role>& wired);

    /// Takes a read. The edge is that of the level, after two equal reads where they are asked for.
    Edge see(Role role, InputSeen seen, Instant now);

    [[nodiscard]] bool wired(Role role) const { return at(role).wired; }
    /// A role that is not wired is clear: nothing is there that could see anything.
    [[nodiscard]] Presence level(Role role) const;
    [[nodiscard]] bool on(Role role) const { return level(role) == Presence::occupied; }
    /// Known by two equal reads since it was last unknown.
    [[nodiscard]] bool settled(Role role) const { return !at(role).wired || at(role).settled; }
    /// Since when the level is what it is.
    [[nodiscard]] Instant since(Role role) const { return at(role).since; }

    /// Under the arm: arm loop or beam occupied; unknown if either is unknown and none occupied.
    [[nodiscard]] Presence under_arm() const;
    /// The wired one of both that sees a vehicle under the arm; the loop before the beam.
    [[nodiscard]] Role arm_sensor() const;
    /// Under the arm is clear and was for `hold`: trailers drop out between axles.
    [[nodiscard]] bool clear_for(std::chrono::milliseconds hold, Instant now) const;
    /// When `clear_for` becomes true if nothing changes, or nothing while occupied or unknown.
    [[nodiscard]] std::optional<Instant> clear_at(std::chrono::milliseconds hold) const;

    /// Every input that the lane's logic stands on is known by two equal reads.
    [[nodiscard]] bool all_settled() const;
    [[nodiscard]] bool any_unknown() const;
    /// A vehicle is seen by any loop or arm sensor.
    [[nodiscard]] bool anything_there() const;

private:
    struct Input {
        bool wired = false;
        bool settled = false;
        Presence level = Presence::unknown;
        Instant since;
    };
    [[nodiscard]] const Input& at(Role role) const { return inputs_[static_cast<std::size_t>(role)]; }

    std::array<Input, enum_texts<Role>.size()> inputs_{};
};

/// Inputs without which a lane is out of service.
inline constexpr std::array vital_inputs{Role::arrival_loop, Role::arm_loop,       Role::arm_beam,
                                         Role::exit_loop,    Role::arm_open_limit, Role::arm_closed_limit};
inline constexpr std::array presence_inputs{Role::arrival_loop, Role::arm_loop, Role::arm_beam, Role::exit_loop};

}  // namespace portcullis::lane
