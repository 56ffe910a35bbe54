#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/hash256.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// A ruleset that the journal's database keeps: its row is (`ruleset`, `name`).
struct ShelvedRuleset {
    std::string name;  ///< version and hash: a version may come again when its keys were replaced
    std::int64_t version = 0;
    Hash256 hash{};  ///< of the payload
    std::int64_t bytes = 0;
    std::vector<std::string> signers;  ///< key ids
    /// When central last said that this is the newest; nothing: it never did.
    std::optional<WallTime> confirmed = std::nullopt;
    std::int64_t from = 0;     ///< sequence of the event that made it act; 0: it never acted
    std::int64_t through = 0;  ///< no passage that it decided has an event behind this one; 0: not known yet
    friend bool operator==(const ShelvedRuleset&, const ShelvedRuleset&) = default;
};

/// Which rulesets a gate keeps: the one that acts, the one that waits for its time, and those that passages in the
/// journal refer to. A value; the gate's note `rulesets` holds it.
class RulesetShelf {
public:
    /// What is kept of the old, whatever the journal refers to: an attacker with keys must not fill the disk.
    static constexpr std::size_t most_old = 128;
    static constexpr std::int64_t most_old_bytes = std::int64_t{128} * 1024 * 1024;

    [[nodiscard]] static std::string name_of(std::int64_t version, const Hash256& hash);
    /// Nothing when this is no note of ours.
    [[nodiscard]] static std::optional<RulesetShelf> read(const Value& note);
    [[nodiscard]] Value note() const;

    [[nodiscard]] const std::optional<ShelvedRuleset>& active() const { return active_; }
    [[nodiscard]] const std::optional<ShelvedRuleset>& waiting() const { return waiting_; }
    [[nodiscard]] const std::vector<ShelvedRuleset>& old() const { return old_; }
    /// Whose rows are needed.
    [[nodiscard]] std::set<std::string> names() const;
    /// The one that decided a verdict of this version at this place of the journal.
    [[nodiscard]] const ShelvedRuleset* of_verdict(std::int64_t version, std::int64_t sequence) const;

    /// It waits for its time in place of any other; that one is not needed any more.
    void wait(ShelvedRuleset ruleset);
    /// It acts from now on, also where it was the one that waits.
    void activate(ShelvedRuleset ruleset);
    void confirm(const std::string& name, WallTime at);
    /// None acts and none waits: whose keys were replaced must come again.
    void set_aside();
    /// No passage is open that this old ruleset decided; `last` is the newest event.
    void finish(const std::string& name, std::int64_t last);
    /// Forgets the old ones that nothing behind `cut` refers to, and the oldest beyond the bounds.
    void forget(std::int64_t cut);

    friend bool operator==(const RulesetShelf&, const RulesetShelf&) = default;

private:
    void retire();

    std::optional<ShelvedRuleset> active_;
    std::optional<ShelvedRuleset> waiting_;
    std::vector<ShelvedRuleset> old_;  ///< the oldest first
};

}  // namespace portcullis::gate
