#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/lane_settings.hpp"
#include "core/time.hpp"
#include "core/vocabulary.hpp"
#include "lane/turn.hpp"

namespace portcullis::lane {

/// What a readback proved about a light (events.md, lane.light).
struct LightSeen {
    LightHead head = LightHead::light_go;
    LightColour colour = LightColour::off;
    std::string_view proved = "no";
};

/// The two light heads: what each shall show, and what is proved. A light that could not be set is tried again a few
/// times, then left until its device is heard of.
class Lights {
public:
    explicit Lights(const LaneSettings& settings);

    /// Shows `colour` unless that is what was asked for last.
    void show(LightHead head, LightColour colour, Turn& turn, const std::function<CommandId()>& next_id);
    /// The result of one of these commands; nothing if it is none, an older one, or brings nothing new.
    [[nodiscard]] std::optional<LightSeen> ended(const CommandResult& result, Instant now);
    /// What was last seen of each wired head.
    [[nodiscard]] std::vector<LightSeen> told() const;
    /// The device of this output restarted, went or came back: what it shows is unknown.
    void forget(Role output);
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] LightColour shown(LightHead head) const { return at(head).shown; }

private:
    struct Head {
        bool wired = false;
        std::optional<LightColour> asked;  ///< by the newest command, unless it failed
        CommandId command;
        LightColour wanted = LightColour::off;
        LightColour shown = LightColour::off;
        std::optional<LightSeen> told;
        int failures = 0;
        std::optional<Instant> again_at;
    };
    static constexpr int most_failures = 5;
    static constexpr std::chrono::seconds between_tries{2};

    [[nodiscard]] const Head& at(LightHead head) const { return heads_[static_cast<std::size_t>(head)]; }
    std::array<Head, 2> heads_{};
    std::chrono::milliseconds life_;
};

}  // namespace portcullis::lane
