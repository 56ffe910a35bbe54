#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/event.hpp"
#include "core/lane_settings.hpp"
#include "core/picture.hpp"
#include "core/sign.hpp"
#include "lane/arm.hpp"
#include "lane/interlock.hpp"
#include "lane/lights.hpp"
#include "lane/passage.hpp"

namespace portcullis::lane {

/// How a load, a reading or a box contradicts or adds to what was frozen (events.md, passage.late_fact).
struct LateFact {
    std::string_view kind;
    std::string what;
    std::string_view phase;
    bool contradicts = false;
};

/// What a tailgate, wrong way or back-out is known from (events.md).
struct Irregular {
    std::string_view type;  ///< `passage.tailgate`, `passage.wrong_way` or `passage.backed_out`
    const Passage* other = nullptr;
    Value permission = "none";
    Certainty certainty = Certainty::sure;
    std::string_view phase = "before_arm";
};

/// Builds the lane's events, each with every field that events.md makes mandatory. One is made a turn: it knows when,
/// where and in which mode.
class LaneEvents {
public:
    LaneEvents(const LaneSettings& settings, const Now& now, LaneMode mode)
        : settings_(settings), now_(now), mode_(mode) {}

    [[nodiscard]] Event detected(const Passage& passage, std::int64_t position) const;
    [[nodiscard]] Event capture_requested(const Passage& passage, const std::vector<DeviceName>& devices) const;
    [[nodiscard]] Event reading_taken(const Passage* passage, const ReadingTaken& reading, Accepted accepted,
                                      bool late) const;
    [[nodiscard]] Event seal_read(const Passage& passage, const ReadingTaken& reading) const;
    [[nodiscard]] Event reading_missing(const Passage& passage, Role reader, const DeviceName& device,
                                        std::string_view cause) const;
    [[nodiscard]] Event reading_repaired(const Passage& passage, const ReadingRepair& repair,
                                         const DeviceName* reader) const;
    [[nodiscard]] Event load_judged(const Passage& passage) const;
    [[nodiscard]] Event weight_taken(const Passage& passage, const Weighing& weighing, const VehicleTare& tare,
                                     const DeviceName& device) const;
    [[nodiscard]] Event identified(const Passage& passage) const;
    [[nodiscard]] Event late_fact(const Passage& passage, const LateFact& fact) const;
    [[nodiscard]] Event unassigned(std::string_view kind, const DeviceName& device, Role role,
                                   const PassageList& candidates, std::int64_t edges = 1) const;
    [[nodiscard]] Event verdict_issued(const Passage& passage, Route route, EventToken token) const;
    /// What the draw made of one box of the verdict that `verdict` names.
    [[nodiscard]] Event sampling_judged(const Passage& passage, const BoxVerdict& box, EventToken verdict) const;
    [[nodiscard]] Event verdict_superseded(const Passage& passage, const Value& old, std::string_view cause,
                                           VerdictOutcome outcome) const;
    /// `order.reserved`, `order.used` or `order.returned`.
    [[nodiscard]] Event order_place(std::string_view type, const Passage& passage, const HeldPlace& held,
                                    std::string_view evidence) const;
    /// Fills `passage.permission_basis` for the permission's end.
    [[nodiscard]] Event permission_began(Passage& passage, const WallTime& until) const;
    [[nodiscard]] Event permission_ended(const Passage& passage, std::string_view cause) const;
    [[nodiscard]] Event arm_commanded(const ArmPlan& plan, const Passage* passage, const ArmScene& scene,
                                      EventToken token) const;
    [[nodiscard]] Event arm_result(const Value& commanded, const Value& passage, const CommandResult& result) const;
    [[nodiscard]] Event arm_moved(const ArmMoved& moved, const Passage* passage, Presence presence) const;
    [[nodiscard]] Event arm_fault(const ArmFaultSeen& fault, const Passage* passage) const;
    [[nodiscard]] Event arm_obstructed(const Passage* passage, bool withdrawn, std::string_view stopped) const;
    [[nodiscard]] Event condition(std::string_view name, Instant since, std::int64_t value, bool ended) const;
    [[nodiscard]] Event light(const LightSeen& seen, const Passage* passage) const;
    /// Sent is not shown: nobody proves what stands on the sign.
    [[nodiscard]] Event sign(const SignMessage& message, const Passage* passage) const;
    [[nodiscard]] Event irregular(const Passage& passage, const Irregular& what) const;
    [[nodiscard]] Event mode_changed(LaneMode from, std::string_view cause) const;
    /// A stored picture of the passage, whose first byte came at `at`.
    [[nodiscard]] Event evidence_bound(const Passage& passage, Role camera, const DeviceName& device,
                                       const Picture& picture, Instant at) const;
    [[nodiscard]] Event evidence_missing(const Passage& passage, Role camera, const DeviceName& device,
                                         std::string_view cause) const;
    [[nodiscard]] Event ended(const Passage& passage, PassageOutcome outcome) const;

private:
    [[nodiscard]] Event on_lane(std::string_view type, const Value& passage, Object fields) const;
    [[nodiscard]] Event on_lane(std::string_view type, const Passage* passage, Object fields) const;

    const LaneSettings& settings_;
    Now now_;
    LaneMode mode_;
};

/// `none` or the passage's id.
[[nodiscard]] Value passage_value(const Passage* passage);

}  // namespace portcullis::lane
