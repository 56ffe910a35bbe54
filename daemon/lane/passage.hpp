#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/role.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "core/verdict.hpp"
#include "lane/identity.hpp"
#include "lane/interlock.hpp"
#include "lane/load.hpp"
#include "lane/passage_table.hpp"
#include "lane/portal_transits.hpp"
#include "lane/radiation_watch.hpp"
#include "lane/scale.hpp"

namespace portcullis::lane {

/// The state of a passage, behind its one door.
class PassageLife {
public:
    [[nodiscard]] PassageState state() const { return state_; }
    /// Takes the table's next state. Where the table says never it throws std::logic_error: the lane has contradicted
    /// itself, and a daemon that is restarted into its safe state is better than one that goes on.
    void take(Trigger trigger);

private:
    PassageState state_ = PassageState::arriving;
};

/// Where its vehicle was seen. A long vehicle is on several sensors at once.
struct Place {
    bool on_arrival = false;
    bool on_arm = false;
    bool on_exit = false;
    bool arm_seen = false;
    bool exit_seen = false;
    /// The arm fell while the arrival loop still held it and the exit had never seen it: it went backwards.
    bool went_back = false;
    bool began_behind = false;  ///< first seen while another vehicle was under the arm
    bool left_behind = false;   ///< let go by the arrival loop while another vehicle was under the arm
    bool was_under = false;     ///< under the arm before it went back
    bool arm_again = false;     ///< the arm let go and saw something again while the exit was held
    std::optional<Instant> arrival_left;
    std::optional<Instant> arm_left;
    std::optional<Instant> exit_left;
    Instant last_seen;

    [[nodiscard]] bool nowhere() const { return !on_arrival && !on_arm && !on_exit; }
};

/// When a passage reached a step. The steady clock of another boot says nothing now: a step of then was reached, and
/// when is unknown.
class StepTime {
public:
    [[nodiscard]] static StepTime unknown() {
        StepTime time;
        time.reached_ = true;
        return time;
    }
    StepTime& operator=(Instant at) {
        reached_ = true;
        at_ = at;
        return *this;
    }
    [[nodiscard]] bool reached() const { return reached_; }
    [[nodiscard]] const std::optional<Instant>& at() const { return at_; }

private:
    bool reached_ = false;
    std::optional<Instant> at_;
};

struct PassageTimes {
    StepTime detected;
    StepTime stopped;
    StepTime identified;
    StepTime verdict;
    StepTime arm_open;
    StepTime cleared;
};

/// A place of an order that this passage took.
struct HeldPlace {
    UsageKey key;
    UsageState state = UsageState::reserved;
    int place = 1;  ///< as Usage
};

/// One vehicle's transaction.
struct Passage {
    Passage(PassageId passage, Origin from, Role seen_by, Instant at) : id(passage), origin(from), by(seen_by) {
        times.detected = at;
        place.last_seen = at;
    }

    PassageId id;
    Origin origin;
    Role by;
    std::int64_t rank = 0;  ///< of two in a lane the smaller is ahead; noted, for no clock survives a restart
    PassageLife life;
    Place place;
    PassageTimes times;

    // identity
    IdentityFusion readings;
    std::optional<Instant> reading_since;  ///< readers were asked
    std::optional<PassageIdentity> identity;
    LoadFact load;
    bool load_told = false;
    std::optional<Weighing> weighing;
    bool weight_told = false;
    std::vector<Disagreement> contradictions;  ///< by readings that came after the freeze
    std::vector<Role> unread;                  ///< readers that said that they could not read
    std::vector<ReadingRepair> repairs;        ///< of the newest verdict: what was taken for what, and what not

    // evidence
    std::vector<Role> pictures_due;         ///< cameras that were asked and have not answered
    std::optional<Instant> pictures_until;  ///< from then on a picture may show another vehicle, or nobody watched
    std::vector<std::string> evidence;      ///< bound: SHA-256 in hex

    // decision
    std::uint32_t ask = 0;
    bool asked = false;  ///< the answer to `ask` is outstanding
    int tries = 0;       ///< questions in a row without anything new to judge, as nothing came of the verdict
    std::optional<Verdict> verdict;
    Instant verdict_at;
    Value verdict_sequence = "none";      ///< of the newest verdict.issued
    bool verdict_told = false;            ///< `verdict` is the one that was issued
    std::optional<Verdict> issued;        ///< the newest that is on record, while this process runs
    List coverage;                        ///< of the boxes that the newest verdict.issued judged
    bool opens = false;                   ///< `verdict` opens and has not been used yet
    std::optional<Instant> ask_again_at;  ///< its verdict may change by time alone

    // permission
    std::optional<Permission> permission;
    Value permission_basis = Object{};  ///< the fields that began it, for its end
    Value permission_id = "none";       ///< the last one it had, for passage.ended
    std::int64_t vehicles = 0;          ///< that went through on it
    std::vector<HeldPlace> held;
    std::optional<Instant> waits_since;
    std::chrono::nanoseconds waited{};

    /// Nobody watched for a while (restart, journal outage, inputs unknown) after it could have passed, or another's
    /// plate or box was read while it was under the arm.
    bool blind = false;
    // places before the lane
    PassageRadiation radiation;
    std::map<PortalName, Claim> claims;
    bool claims_due = true;  ///< more is known of it, or of a transit

    bool changed = true;  ///< its memory note is to be written

    /// The boxes that were read, and those that a reading was taken for.
    [[nodiscard]] std::vector<ContainerNumber> boxes() const;
    /// The plates that were read, its own first, and one that a reading was taken for.
    [[nodiscard]] std::vector<std::string> plates() const;

    [[nodiscard]] PassageState state() const { return life.state(); }
    [[nodiscard]] bool permitted() const { return permission && permission->live(); }
    [[nodiscard]] bool waits() const {
        return state() == PassageState::referred || state() == PassageState::diverted ||
               state() == PassageState::refused;
    }
};

/// The open passages of a lane, first in the lane first.
using PassageList = std::vector<std::unique_ptr<Passage>>;

}  // namespace portcullis::lane
