#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/facts.hpp"
#include "core/ruleset.hpp"
#include "supervision/findings.hpp"

/// What the age of the ruleset and of the orders still allows (docs/ruleset.md, age).
namespace portcullis::supervision {

/// By its age alone.
[[nodiscard]] DocumentState state_by_age(std::int64_t age_s, const AgeLimits& limits);

/// As its document says and as its age says, the staler of both; what is unknown stays unknown.
[[nodiscard]] DocumentState staler(DocumentState left, DocumentState right);

/// The strictest outcome that a release may keep: of the ladder's first row that matches; without one, what is fresh
/// or ageing releases and all else holds.
[[nodiscard]] VerdictOutcome allowed_by(const Staleness& staleness, StalenessRow::Document document,
                                        DocumentState state, Movement movement,
                                        const std::optional<std::string_view>& enterprise_class);

/// What a document's state takes from a release, if anything.
[[nodiscard]] std::optional<Finding> stale_finding(const Staleness& staleness, StalenessRow::Document document,
                                                   DocumentState state, Movement movement,
                                                   const std::optional<std::string_view>& enterprise_class);

/// An order that names exactly one gate, or as its only control point the one that bears this gate's name: nobody else
/// can have used it meanwhile. Any other control point may be several gates'.
[[nodiscard]] bool tied_to_one_gate(const Order& order, std::string_view gate);

}  // namespace portcullis::supervision
