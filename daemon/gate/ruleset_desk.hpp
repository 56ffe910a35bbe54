#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/policy.hpp"
#include "core/value.hpp"
#include "gate/document_taker.hpp"
#include "gate/journal_desk.hpp"
#include "gate/ruleset_reading.hpp"
#include "gate/ruleset_shelf.hpp"
#include "gate/ruling.hpp"
#include "gate/trust_state.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// How things stand with a ruleset.
struct RulesetStanding {
    DocumentState state = DocumentState::unknown;
    std::int64_t age_s = 0;  ///< since central last said that it is the newest
};

/// By expiry, timestamp and age. `confirmed`: when central last said that it is the newest.
[[nodiscard]] RulesetStanding standing_of(const Ruleset& ruleset, const std::optional<WallTime>& confirmed,
                                          const TrustState& trust, WallTime wall);

/// Supervision rulesets: one acts, one may wait for its time, and old ones are kept for who asks why. A passage that
/// one has decided is decided by that one to its end, so that all lanes switch between two passages.
class RulesetDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<std::int64_t()> last_sequence;
        std::function<const TrustState&()> trust;
        /// The first ruleset acts, or none does any more: lanes that wait ask again.
        std::function<void()> first_acts;
    };

    /// `note`: what the one before this process left under `note_key`.
    RulesetDesk(const runtime::Log& log, Ports ports, const std::optional<Value>& note);

    static constexpr std::string_view note_key = "rulesets";

    /// Reads back what acts and what waits. Before any lane runs, and before the journal's worker has its first work.
    void load(store::Journal& journal, store::Quarantine* quarantine);
    /// For the trust desk.
    [[nodiscard]] DocumentTaker taker();
    /// `open`: all passages that have not ended.
    void tick(Now now, const std::vector<PassageId>& open);
    /// Somebody else may sign now, or something newer is named.
    void follow(const TrustState& trust);
    /// Entries up to this one were removed.
    void journal_cut(std::int64_t through);

    /// What judges this passage; from its first time on, the same.
    [[nodiscard]] Ruling rule(const PassageId& passage, Now now);
    /// Of the ruleset that acts.
    [[nodiscard]] const Policy& policy() const { return acting().policy; }
    [[nodiscard]] const std::vector<Zone>& zones() const { return acting().zones; }
    /// How old orders may become; nothing while no ruleset acts.
    [[nodiscard]] std::optional<AgeLimits> order_limits() const {
        return acting().version > 0 ? std::optional{acting().staleness.orders} : std::nullopt;
    }
    [[nodiscard]] std::int64_t version() const { return acting().version; }
    [[nodiscard]] const RulesetShelf& shelf() const { return shelf_; }
    [[nodiscard]] Object view(Now now) const;

private:
    [[nodiscard]] const Ruleset& acting() const;
    [[nodiscard]] RulesetStanding standing(const LoadedRuleset& ruleset, WallTime wall) const;
    /// Of the ruleset that acts, with its age in words where there is none.
    [[nodiscard]] std::pair<DocumentState, Value> acting_standing(WallTime wall) const;
    [[nodiscard]] std::function<void()> enact(TriedRuleset tried, TakenDocument taken, Submission& submission, Now now);
    /// Tells it, and puts it on the shelf as the one that acts; what is returned makes it act.
    [[nodiscard]] std::function<void()> activate(const LoadedRulesetPtr& ruleset, ShelvedRuleset shelved,
                                                 DocumentChanges changes, Submission& submission, Now now);
    [[nodiscard]] std::function<void()> act_again(const LoadedRulesetPtr& ruleset, DocumentChanges changes,
                                                  Submission& submission, Now now);
    [[nodiscard]] std::function<void()> let_wait(const LoadedRulesetPtr& ruleset, ShelvedRuleset shelved,
                                                 DocumentChanges changes, Submission& submission, Now now);
    void switch_when_due(Now now);
    void acts(LoadedRulesetPtr ruleset);
    void let_go(const std::vector<PassageId>& open);
    void watch_state(Now now);
    /// Changes the shelf and puts that into the transaction.
    void change_shelf(Submission& submission, const std::function<void(RulesetShelf&)>& change);
    void save_shelf(const std::function<void(RulesetShelf&)>& change);

    const runtime::Log& log_;
    Ports ports_;
    RulesetShelf shelf_;  ///< as it was submitted last
    std::int64_t cut_ = 0;
    std::shared_ptr<const supervision::CompiledRuleset> none_;  ///< what judges without a ruleset: nothing releases
    LoadedRulesetPtr active_;                                   ///< durable
    LoadedRulesetPtr waiting_;                                  ///< durable; its time has not come
    DocumentChanges waiting_changes_;                           ///< against `active_`
    std::map<PassageId, LoadedRulesetPtr> judged_by_;           ///< open passages
    std::optional<std::string> told_state_;
};

}  // namespace portcullis::gate
