#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/documents.hpp"
#include "core/result.hpp"
#include "trust/key_set.hpp"

namespace portcullis::trust {

/// Who may sign what, made of a root document whose keys are keys.
class Roles {
public:
    /// Or what is wrong with a key: no point of the curve, or an id that is not the beginning of its hash.
    [[nodiscard]] static Result<Roles, std::string> of(const RootDocument& root);

    /// The keys of a kind that is not orders; nullptr: no one may sign it.
    [[nodiscard]] const KeySet* of_kind(DocumentKind kind) const;
    /// The keys of each authority that may sign orders.
    [[nodiscard]] const std::map<Authority, KeySet>& of_orders() const { return orders_; }

private:
    Roles() = default;
    std::map<DocumentKind, KeySet> kinds_;
    std::map<Authority, KeySet> orders_;
};

/// Whether what was signed with the keys of `before` can no longer be enough under `now`: only then a role's floor may
/// fall, since nothing old is valid any more (recovery from a stolen key that signed a version far ahead).
[[nodiscard]] bool replaced(const RootRole& before, const RootRole& now);

}  // namespace portcullis::trust
