#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/lane_settings.hpp"
#include "core/time.hpp"
#include "lane/arm.hpp"
#include "lane/chatter.hpp"
#include "lane/conditions.hpp"
#include "lane/early_readings.hpp"
#include "lane/inputs.hpp"
#include "lane/interlock.hpp"
#include "lane/lane_events.hpp"
#include "lane/lane_io.hpp"
#include "lane/lights.hpp"
#include "lane/passage.hpp"
#include "lane/portal_transits.hpp"
#include "lane/radiation_events.hpp"
#include "lane/radiation_watch.hpp"
#include "lane/scale.hpp"
#include "lane/turn.hpp"
#include "lane/usage.hpp"

namespace portcullis::lane {

/// One line of vehicles with its arm. Takes one input at a time and says what is to be done; touches nothing, reads no
/// clock (design.md 3). Call `start` once, then `handle` for every input and whenever `deadline` comes.
class Lane {
public:
    /// Throws std::invalid_argument when a role is missing that no lane can do without. `memory` is what the lane
    /// noted before the last restart; `ledger` is shared by all lanes of the gate and outlives them.
    Lane(LaneSettings settings, LaneHome home, UsageLedger& ledger, IdSource ids, const std::vector<Memory>& memory,
         Now now);

    /// What a start has to say before any input.
    [[nodiscard]] std::vector<Action> start(Now now);
    [[nodiscard]] std::vector<Action> handle(const Input& input, Now now);
    /// When `handle(DeadlineReached{})` is due if nothing else comes; nothing = never.
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] LaneView view() const;

    /// Vehicles seen to arrive while the journal could not write, ever: they have no passage and no event of their own.
    [[nodiscard]] std::int64_t detections_unrecorded() const { return detections_unrecorded_; }

    /// One lane cannot physically hold more vehicles between its loops.
    static constexpr std::size_t most_passages = 8;

private:
    /// A recorded command that waits for its record to be durable.
    struct PendingArm {
        Ticket ticket;
        ArmPlan plan;
        EventToken commanded;
        std::optional<PassageId> passage;
    };
    /// A command that went out and has not been answered.
    struct InFlight {
        CommandId id;
        ArmCommand command = ArmCommand::up;
        Role output = Role::arm_up;
        EventToken commanded;
        std::optional<PassageId> passage;
        Instant answer_by;
        bool withdrawn = false;
        std::optional<CommandResult> answer;  ///< that came while nothing could be recorded
    };
    /// What a presence input did while the lane gave it to nobody.
    struct Unwatched {
        bool up = false;         ///< it rose, and is still up
        std::int64_t edges = 0;  ///< rose and ended, and not told yet
        std::optional<Instant> told;
    };
    /// An alarm that no person has acknowledged. One that could be given to no vehicle stands over all of them.
    struct RadiationLatch {
        RadiationLevel level = RadiationLevel::none;
        bool unowned = false;
    };
    /// A vehicle that was in alarm here, should it come again.
    struct Alarmed {
        PassageId passage;
        std::vector<std::string> plates;
        Value occupancy;
        Instant at;
    };
    /// A reading that no passage could have, so that a parked truck is not told of twice.
    struct Stray {
        std::string raw;
        Instant at;
    };

    // lane.cpp: one input, one turn
    void take(const Observed& observed, Turn& turn);
    void take(const VerdictReady& ready, Turn& turn);
    void take(const Committed& committed, Turn& turn);
    void take(const JournalLost& lost, Turn& turn);
    void take(const JournalBack& back, Turn& turn);
    void take(const CommandEnded& ended, Turn& turn);
    void take(const OrdersChanged& changed, Turn& turn);
    void take(const DeadlineReached& reached, Turn& turn);
    void take(const RadiationAcknowledged& acknowledged, Turn& turn);
    void take(const TransitsChanged& changed, Turn& turn);
    void settle(Turn& turn);
    [[nodiscard]] std::vector<Action> finish(Turn& turn, bool could_write);
    void note_rise(Role role, const Turn& turn);
    void watch_conditions(Turn& turn);
    void enter(Passage& passage, Trigger trigger, const Turn& turn);
    [[nodiscard]] LaneEvents events(const Turn& turn) const { return {settings_, turn.now(), mode_}; }
    [[nodiscard]] Passage* find(const PassageId& id) const;
    [[nodiscard]] Passage* head() const { return passages_.empty() ? nullptr : passages_.front().get(); }
    [[nodiscard]] std::uint64_t next_number() { return number_base_ | ++last_number_; }
    [[nodiscard]] EventToken next_token() { return {next_number()}; }
    [[nodiscard]] CommandId next_command() { return {next_number()}; }

    // lane_places.cpp: which passage saw what, and when it is gone
    void see_input(const Observed& observed, InputSeen seen, Turn& turn);
    void see_health(const Observed& observed, DeviceState state, Turn& turn);
    void see_edge(const Observed& observed, Edge edge, Presence under_before, Turn& turn);
    void arrival_rose(Turn& turn);
    void arrival_fell(Turn& turn);
    void arm_rose(Turn& turn);
    void arm_fell(Turn& turn);
    void exit_rose(Turn& turn);
    void exit_fell(Turn& turn);
    [[nodiscard]] Passage* begin_passage(Origin origin, Role by, Turn& turn);
    void reach_arm(Passage& passage, Turn& turn);
    void go_under(Passage& passage, Turn& turn);
    [[nodiscard]] bool somebody_under() const;
    [[nodiscard]] Passage* approaching() const;
    [[nodiscard]] Passage* last_at_arm() const;
    void watch_places(Turn& turn);
    void watch_place(Passage& passage, Turn& turn);

    // lane_departures.cpp: how passages end
    void end_departed(Turn& turn);
    [[nodiscard]] std::optional<PassageOutcome> departed(const Passage& passage, Instant now) const;
    [[nodiscard]] std::optional<PassageOutcome> left_by_the_front(const Passage& passage, Instant now) const;
    [[nodiscard]] std::optional<PassageOutcome> left_by_the_back(const Passage& passage, Instant now) const;
    [[nodiscard]] bool went_back_on_proof(const Passage& passage, Instant now) const;
    void end_passage(std::size_t index, PassageOutcome outcome, Turn& turn);
    void settle_usage(Passage& passage, PassageOutcome outcome, Turn& turn);

    // lane_readings.cpp: who is it
    void see_reading(const Observed& observed, const Reading& reading, Turn& turn);
    void give_reading(Passage& passage, const ReadingTaken& taken, Turn& turn);
    void take_early_readings(Passage& passage, Turn& turn);
    void tell_strays(Turn& turn);
    void stray_reading(const ReadingTaken& taken, Turn& turn);
    [[nodiscard]] Passage* reader_sees(const ReadingTaken& taken) const;
    void late_reading(Passage& passage, const ReadingTaken& taken, Turn& turn);
    void judge_again(Passage& passage, Turn& turn);
    void begin_reading(Turn& turn);
    void freeze_head(Turn& turn);
    [[nodiscard]] bool readers_done(const Passage& passage) const;
    void tell_missing(const Passage& passage, Turn& turn);
    void watch_load(Turn& turn);
    void see_load(const LoadSeen& seen, Instant at);
    void fuse(Passage& passage);
    void ask(Passage& passage, Turn& turn);
    void ask_what_is_due(Turn& turn);
    void put_question(Passage& passage, Turn& turn);
    [[nodiscard]] std::string_view phase_of(const Passage& passage) const;

    // lane_evidence.cpp: pictures
    void ask_cameras(Passage& passage, Capture& capture) const;
    void see_picture(const Observed& observed, const Picture& picture, Turn& turn);
    void end_pictures(const Turn& turn);
    void tell_no_pictures(Passage& passage, Turn& turn);
    [[nodiscard]] DeviceName device_of(Role role) const;

    // lane_radiation.cpp: the lane's own monitor, and portals before the lane
    void see_radiation(const Observed& observed, const RadiationSeen& seen);
    void radiation_arrived(Passage& passage, const Turn& turn);
    void see_radiation(const RadiationWatch& watch, Instant at);
    void see_radiation(const OccupancyBegan& began, Instant at);
    void see_radiation(const RadiationAlarm& alarm, Instant at);
    void see_radiation(const OccupancyEnded& ended, Instant at);
    void watch_radiation(Turn& turn);
    void tell_occupancy(const RadiationWatcher::Occupancy& occupancy, Turn& turn);
    void tell_alarm(Passage& passage, Turn& turn);
    void tell_rescan(Passage& passage, Turn& turn);
    void latch(RadiationLevel level, bool unowned, Turn& turn);
    [[nodiscard]] RadiationState radiation_of(const Passage& passage) const;
    [[nodiscard]] RadiationPlace place_of(const Passage& passage) const;

    // lane_portals.cpp: transits of portals before the lane
    void claim_transits(Passage& passage, Instant now);
    void take_readings(Passage& passage, const Transit& transit);

    // lane_weight.cpp: what it weighs
    void watch_bridge(const Turn& turn);
    [[nodiscard]] Tristate whole_on_bridge() const;
    [[nodiscard]] bool is_stuck(const Passage& passage) const;
    [[nodiscard]] Weighing weigh(const Passage& passage, Instant now) const;
    [[nodiscard]] bool weighed(const Passage& passage, const Turn& turn) const;
    [[nodiscard]] bool take_weight(Passage& passage, const Turn& turn);
    void watch_weight(Turn& turn);
    [[nodiscard]] std::optional<std::int64_t> gross_of(const Passage& passage, const Turn& turn) const;
    void tell_weight(Passage& passage, const VehicleTare& tare, Turn& turn);

    // lane_verdict.cpp: what was decided, and the permission
    [[nodiscard]] Route route_of(VerdictOutcome outcome) const;
    void tell_repairs(Passage& passage, const std::vector<ReadingRepair>& repairs, Turn& turn);
    void take_verdict(Passage& passage, Verdict verdict, Turn& turn);
    [[nodiscard]] bool ask_again(Passage& passage, Turn& turn);
    static void ask_later(Passage& passage, const Turn& turn);
    void decide_again(Passage& passage, std::string_view cause, Turn& turn);
    void issue(Passage& passage, Turn& turn);
    void tell(Passage& passage, Turn& turn);
    void issue_stricter(Passage& passage, std::string_view cause, Turn& turn);
    [[nodiscard]] bool up_outstanding(const PassageId& passage) const;
    void supersede(Passage& passage, Verdict verdict, std::string_view cause, Turn& turn);
    void release_head(Turn& turn);
    [[nodiscard]] bool reserve(Passage& passage, std::vector<UsageClaim>& fresh);
    void permit(Passage& passage, const ArmPlan& plan, const std::vector<UsageClaim>& fresh, Turn& turn);
    void end_permission(Passage& passage, std::string_view cause, Turn& turn);
    void expire_permissions(Turn& turn);

    // lane_arm.cpp: the arm and the lights
    [[nodiscard]] ArmScene scene(Instant now) const;
    void see_limits(Turn& turn);
    void tell_arm(const ArmNews& news, Turn& turn);
    void watch_arm(Turn& turn);
    void command(const ArmPlan& plan, const Passage* passage, Turn& turn);
    void go(const PendingArm& pending, Turn& turn);
    [[nodiscard]] bool still_wanted(const PendingArm& pending, Turn& turn);
    void not_gone(const PendingArm& pending, Refusal refusal, Turn& turn);
    void arm_answered(const InFlight& flight, const CommandResult& result, Turn& turn);
    void tell_kept(Turn& turn);
    void close_arm(Turn& turn);
    void close_later(ArmCommand command, const Turn& turn);
    void close_soon(const Turn& turn);
    [[nodiscard]] bool may_close(Instant now) const;
    void obstruct(Turn& turn);
    bool withdraw_all(Turn& turn);
    void withdraw_of(const Passage& passage, Turn& turn);
    void withdraw(std::size_t pending, Turn& turn);
    static bool withdraw(InFlight& flight, Turn& turn);
    void show_lights(Turn& turn);

    // lane_sign.cpp: what the sign says
    void show_sign(Turn& turn);
    [[nodiscard]] SignMessage sign_message() const;
    [[nodiscard]] bool may_go() const;

    // lane_recover.cpp: what nobody watched
    void lose(std::string_view cause, Turn& turn);
    void see_unwatched(Role role, Edge edge, Turn& turn);
    void tell_unwatched(Role role, Turn& turn);
    void try_recover(Turn& turn);
    void resolve(Turn& turn);
    [[nodiscard]] Passage* resolve_front(Turn& turn);
    [[nodiscard]] Passage* resolve_back(const Passage* front, bool front_was_long, Turn& turn);
    void resume(Passage& passage, Turn& turn);
    void change_mode(LaneMode to, std::string_view cause, Turn& turn);
    void recall(const std::vector<Memory>& memory);

    LaneSettings settings_;
    LaneHome home_;
    UsageLedger& ledger_;
    IdSource ids_;
    std::uint64_t number_base_;
    std::uint64_t last_number_ = 0;

    LaneMode mode_ = LaneMode::recovering;
    bool journal_up_ = true;
    bool started_ = false;  ///< recovered once since the start of this process
    std::optional<Instant> lost_at_;
    std::int64_t detections_unrecorded_ = 0;
    Instant last_turn_;

    InputImage inputs_;
    ArmMonitor arm_;
    Interlock interlock_;
    Lights lights_;
    std::optional<SignMessage> sign_;  ///< as last asked for
    Scale scale_;
    std::optional<Instant> nobody_since_;  ///< nobody is in the lane, and nothing is seen in it
    std::optional<Instant> came_at_;       ///< the arrival loop was seen to rise
    std::optional<Instant> drove_on_at_;   ///< somebody went under the arm
    ScannedLoad scanned_;
    Conditions conditions_;
    std::array<Chatter, presence_inputs.size()> chatter_{};
    std::array<DeviceName, enum_texts<Role>.size()> devices_{};
    std::set<Role> offline_readers_;
    EarlyReadings early_readings_;
    std::array<std::optional<Stray>, enum_texts<Role>.size()> strays_{};

    std::array<Unwatched, enum_texts<Role>.size()> unwatched_{};

    PassageList passages_;
    std::vector<PendingArm> pending_;
    std::vector<InFlight> in_flight_;
    std::vector<Memory> unanswered_;           ///< commands of the process before this one that nobody answered
    std::optional<Instant> close_again_at_;    ///< after a close that did not go out
    std::chrono::milliseconds close_pause_{};  ///< that came before it
    std::int64_t order_cursor_ = 0;

    PortalTransits* portals_;  ///< of the gate; null: no portals
    RadiationWatcher radiation_;
    std::optional<RadiationLatch> radiation_latch_;
    std::vector<Alarmed> alarmed_;  ///< newest last, bounded
};

}  // namespace portcullis::lane
