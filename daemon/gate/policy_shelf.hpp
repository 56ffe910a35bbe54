#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/policy.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// Which policies decided without a ruleset, and from where on, so that a verdict can be decided again by the policy of
/// its day. A value; the gate's note `policies` holds it.
class PolicyShelf {
public:
    static constexpr std::string_view note_key = "policies";
    /// What is kept, whatever the journal refers to: the oldest go first.
    static constexpr std::size_t most_policies = 64;
    static constexpr std::size_t most_rows = 4096;

    /// Nothing when this is no note of ours.
    [[nodiscard]] static std::optional<PolicyShelf> read(const Value& note);
    [[nodiscard]] Value note() const;

    /// It decides what comes behind the event `last`, and nothing else does. False: it did already.
    bool act(const Policy& policy, std::int64_t last);
    /// Forgets those whose verdicts all lie at or before `cut`.
    void forget(std::int64_t cut);
    /// The one that decided a verdict at this place of the journal.
    [[nodiscard]] const Policy* of_verdict(std::int64_t sequence) const;

private:
    struct Shelved {
        Policy policy;
        std::int64_t from = 0;  ///< the newest event when it began to decide
    };
    std::vector<Shelved> policies_;  ///< the oldest first
};

/// The rows as the `policy:` file has them.
[[nodiscard]] Value policy_value(const Policy& policy);
[[nodiscard]] std::optional<Policy> policy_in(const Value& rows);

}  // namespace portcullis::gate
