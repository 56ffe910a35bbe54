#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/event_writer.hpp"
#include "codec/refusal.hpp"
#include "core/enum_text.hpp"
#include "core/result.hpp"
#include "core/value.hpp"

namespace portcullis::codec {

/// What a destination must not see. `personal`: plates, persons, pictures; `targeting`: why a vehicle was picked.
enum class Redaction : std::uint8_t { personal, targeting };
}  // namespace portcullis::codec
template <>
inline constexpr auto portcullis::enum_texts<portcullis::codec::Redaction> =
    std::to_array<portcullis::EnumText<portcullis::codec::Redaction>>({
        {portcullis::codec::Redaction::personal, "personal"},
        {portcullis::codec::Redaction::targeting, "targeting"},
    });
namespace portcullis::codec {

/// The redacted form of a published event (docs/central/README.md lists each member that goes): canonical JSON without
/// `salt` and `previoushash` that the event's schema still accepts. Personal values become their digests, which nobody
/// can undo without the salt. Same input, same bytes. Refuses what `EventWriter::read` refuses.
[[nodiscard]] Result<std::string, Refusal> redact(std::string_view published, const EventWriter& writer,
                                                  const std::vector<Redaction>& what);

/// The same of a value of `state/…`: a lane's holds plates and reasons.
[[nodiscard]] Object redact_state(Object state, const std::vector<Redaction>& what);

}  // namespace portcullis::codec
