#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lane/lane.hpp"

namespace portcullis::lane {

using namespace std::chrono_literals;

inline const std::string a_plate = "闽D12345";
inline const std::string a_box = "CSQU3054383";
inline const std::string b_box = "MSKU6011672";

/// An out lane with one arm, a daemon that closes it, a front plate reader and a rear container reader.
[[nodiscard]] LaneSettings out_lane();

/// Where the journal is, as a test wants it.
enum class Commits { at_once, by_hand, never };

/// Feeds one lane and keeps what it did. The journal commits, lights and arm outputs answer at once unless told
/// otherwise; the arm itself moves only when a test moves it. Virtual time: `after` runs the lane's deadlines.
class LaneBench {
public:
    explicit LaneBench(LaneSettings settings = out_lane(), PortalTransits* portals = nullptr);

    // the world
    void after(std::chrono::milliseconds time);
    void on(Role role);
    void off(Role role);
    void unknown(Role role);
    void read(Role reader, const std::string& text);
    void offline(Role role);
    void online(Role role);
    /// Every input as an empty lane with a closed arm shows it.
    void all_quiet();
    void arm_opens();
    void arm_closes();
    void arm_leaves_closed() { off(Role::arm_closed_limit); }
    void arm_leaves_open() { off(Role::arm_open_limit); }
    void orders_changed();
    void journal_lost();
    void journal_back();
    void commit_all();
    void restart();
    /// The machine starts again: the steady clock begins anew.
    void reboot();

    // stories
    void truck_arrives();
    /// The vehicle at the stop line drives through, and the arm closes behind it when asked to.
    void truck_leaves();

    // answers
    Commits commits = Commits::at_once;
    bool answer_arm = true;
    WriteOutcome arm_write = WriteOutcome::done;
    /// What a look-up finds: by default a release with one order for the first container.
    std::function<Verdict(const PassageFacts&)> decides;
    std::optional<Decide> unanswered;  ///< when `decides` is empty
    void answer(Verdict verdict);
    /// A slow bus comes to the newest arm command at last.
    void device_answers();
    std::int64_t cursor = 7;
    std::int64_t commits_see_ahead = 0;  ///< a commit's order cursor is so far ahead of the look-ups'

    // what happened
    struct Written {
        Event event;
        std::int64_t sequence = 0;
        std::uint64_t ticket = 0;
    };
    std::vector<Written> journal;
    std::vector<Command> performed;
    std::vector<CommandId> withdrawn;
    std::vector<Decide> asked;
    std::vector<SignMessage> shown;
    std::vector<Usage> usage;  ///< the journal's database
    std::map<std::string, Value> memory;

    [[nodiscard]] int count(std::string_view type) const;
    [[nodiscard]] const Event& first(std::string_view type) const;
    [[nodiscard]] const Value& last(std::string_view type) const;
    [[nodiscard]] std::string text(std::string_view type, std::string_view field) const;
    [[nodiscard]] int commanded(Role output) const;
    [[nodiscard]] PassageState state(std::size_t passage = 0) const;
    [[nodiscard]] std::size_t open() const { return lane().view().passages.size(); }
    [[nodiscard]] std::string outcome() const { return text("passage.ended", "outcome"); }
    [[nodiscard]] LightColour go() const { return lane().view().light_go; }
    [[nodiscard]] UsageState place() const;
    /// Puts the journal's sequences in the place of event tokens.
    void put_sequences(Value& value) const;
    /// Types in the order of writing, those that matter to a story.
    [[nodiscard]] std::vector<std::string> story() const;
    [[nodiscard]] Lane& lane() const { return *lane_; }
    [[nodiscard]] const LaneSettings& settings() const { return settings_; }
    void handle(const Input& input);
    [[nodiscard]] Instant instant() const { return now_; }

private:
    [[nodiscard]] Now now() const {
        return {now_, WallTime{1'790'000'000'000ms + (now_.time_since_epoch() / 1ms) * 1ms}, ClockState::synchronised};
    }
    [[nodiscard]] LaneHome home() const { return {"g07", BootId{std::array<std::uint8_t, 16>{boot_}}, portals_}; }
    [[nodiscard]] IdSource ids();
    void see(Role role, Signal signal, std::uint8_t reads);
    void run(const std::vector<Action>& actions);
    void write(Command command);
    void write(const Record& record);

    static constexpr int most_turns_deep = 200;

    LaneSettings settings_;
    PortalTransits* portals_;
    Instant now_{1h};
    std::uint8_t boot_ = 1;
    std::uint64_t last_id_ = 0;
    std::map<std::uint64_t, std::int64_t> sequences_;
    std::unique_ptr<UsageLedger> ledger_ = std::make_unique<UsageLedger>();
    std::unique_ptr<Lane> lane_;
    std::vector<Ticket> uncommitted_;
    int turns_deep_ = 0;  ///< everybody answers within the turn: a lane that never comes to rest would fill the stack
};

[[nodiscard]] Verdict release_of(const PassageFacts& facts);
[[nodiscard]] Verdict hold_for(ReasonCode code);
/// No order is known.
[[nodiscard]] Verdict hold_of(const PassageFacts& facts);
[[nodiscard]] Verdict inspect();

}  // namespace portcullis::lane
