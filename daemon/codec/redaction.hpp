#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/event_writer.hpp"
#include "codec/refusal.hpp"
#include "core/redaction.hpp"
#include "core/result.hpp"
#include "core/value.hpp"

namespace portcullis::codec {

/// The redacted form of a published event (docs/central/README.md lists each member that goes): canonical JSON without
/// `salt` and `previoushash` that the event's schema still accepts. Personal values become their digests, which nobody
/// can undo without the salt. Same input, same bytes. Refuses what `EventWriter::read` refuses.
[[nodiscard]] Result<std::string, Refusal> redact(std::string_view published, const EventWriter& writer,
                                                  const std::vector<Redaction>& what);

/// The same of a value of `state/…`: a lane's holds plates and reasons.
[[nodiscard]] Object redact_state(Object state, const std::vector<Redaction>& what);

}  // namespace portcullis::codec
