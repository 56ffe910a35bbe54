#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/explain/recorded_verdict.hpp"
#include "cli/journal_command.hpp"
#include "gate/event_filter.hpp"

namespace portcullis::cli {

/// Visits the verdicts of a journal that the filter takes, in their order, and tells how far it is. `visit` gives false
/// to end. Says what was wrong, or nothing.
[[nodiscard]] std::optional<std::string> visit_verdicts(const JournalPlace& place, const gate::EventFilter& which,
                                                        const std::function<bool(RecordedVerdict)>& visit);

}  // namespace portcullis::cli
