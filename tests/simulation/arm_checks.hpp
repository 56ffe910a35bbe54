#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/command.hpp"
#include "core/lane_settings.hpp"
#include "tests/simulation/book.hpp"
#include "tests/simulation/findings.hpp"

/// Invariants 1, 2 and 3 of design.md 10, from the records, the commands and the world.
namespace portcullis::simulation {

struct CommandKey {
    std::size_t operator()(const CommandId& id) const { return std::hash<std::uint64_t>{}(id.number); }
};

/// What the world says in the instant in which a wire is moved.
struct WriteTruth {
    bool vehicle_under = false;  ///< a body is across the arm's line or on its loop
    bool inputs_lie = false;     ///< the arm's own inputs are broken such that nobody could know
};

/// 1: no arm is commanded up without a committed permission; one permission, one opening.
class PermissionCheck {
public:
    PermissionCheck(const std::vector<LaneSettings>& lanes, Book& book, Findings& findings)
        : lanes_(lanes), book_(book), findings_(findings) {}

    /// The lane asks.
    void performed(std::size_t lane, const Command& command);
    /// The wire is moved.
    void written(std::size_t lane, const Command& command);
    /// Everybody has left: what began has ended, once.
    void finish();

private:
    void require(bool holds, std::size_t lane, const std::string& what);

    const std::vector<LaneSettings>& lanes_;
    Book& book_;
    Findings& findings_;
};

/// 2: no close, and no release of a held contact, unless presence is freshly clear and was for `hold`.
class CloseCheck {
public:
    CloseCheck(const std::vector<LaneSettings>& lanes, Findings& findings);

    void delivered(std::size_t lane, Role role, InputSeen seen, Instant now);
    void performed(std::size_t lane, const Command& command, Instant now);
    void written(std::size_t lane, const Command& command, const WriteTruth& truth);
    /// The output module itself asks the arm down, because its host was lost (the configured safe state).
    void safe_state(std::size_t lane, bool vehicle_under);
    /// Nothing is known of any input until it is read again.
    void killed();

private:
    /// What was given to the lane of one input.
    struct Given {
        bool clear = false;
        Instant since;
    };
    [[nodiscard]] bool clear(std::size_t lane, Instant now) const;

    const std::vector<LaneSettings>& lanes_;
    Findings& findings_;
    std::vector<Given> loop_;
    std::vector<Given> beam_;
};

/// 3: no command late, twice, before its record, after its permission, while recovering, or for another vehicle than
/// the first.
class CommandCheck {
public:
    CommandCheck(const std::vector<LaneSettings>& lanes, Book& book, Findings& findings);

    void committed(std::size_t lane, const Event& event, std::int64_t sequence);
    void performed(std::size_t lane, const Command& command, Instant now);
    void written(std::size_t lane, const Command& command, Instant now);
    void killed();
    /// Every arm.commanded has exactly one arm.result.
    void finish();

private:
    void add(std::size_t lane, const Command& command, const std::string& what);
    void take_allowance(std::size_t lane, const Command& command);

    /// Closes and stops that are committed and have not been given to a device.
    struct Allowance {
        std::int64_t closes = 0;
        std::int64_t stops = 0;
    };

    const std::vector<LaneSettings>& lanes_;
    Book& book_;
    Findings& findings_;
    std::vector<Allowance> allowed_;
    std::unordered_set<CommandId, CommandKey> given_;
    std::unordered_set<CommandId, CommandKey> moved_;
    std::unordered_map<std::int64_t, std::int64_t> results_;  ///< by sequence of the arm.commanded
};

/// The command asks for the arm to come down.
[[nodiscard]] bool is_close(const Command& command);
[[nodiscard]] bool is_up(const Command& command);

}  // namespace portcullis::simulation
