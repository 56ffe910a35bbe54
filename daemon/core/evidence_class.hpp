#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// How the passage of a picture ended, the least protected first: when there is no more room, that goes first.
/// `cleared` = let through by a release; `unfinished` = turned away, backed out, abandoned, interrupted, merged, void;
/// `inspected` = sent to a zone; `held` = the newest verdict was hold, or it went through without one; `open` = it has
/// not ended: never removed for room.
enum class EvidenceClass : std::uint8_t { cleared, unfinished, inspected, held, open };
template <>
inline constexpr auto enum_texts<EvidenceClass> = std::to_array<EnumText<EvidenceClass>>({
    {EvidenceClass::cleared, "cleared"},
    {EvidenceClass::unfinished, "unfinished"},
    {EvidenceClass::inspected, "inspected"},
    {EvidenceClass::held, "held"},
    {EvidenceClass::open, "open"},
});

}  // namespace portcullis
