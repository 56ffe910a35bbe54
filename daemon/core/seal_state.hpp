#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// A reader says `intact`, `tampered`, `open` or nothing it knows; `absent` and `differs` are judged.
enum class SealState : std::uint8_t { intact, tampered, open, absent, differs, unknown };
template <>
inline constexpr auto enum_texts<SealState> = std::to_array<EnumText<SealState>>({
    {SealState::intact, "intact"},
    {SealState::tampered, "tampered"},
    {SealState::open, "open"},
    {SealState::absent, "absent"},
    {SealState::differs, "differs"},
    {SealState::unknown, "unknown"},
});

}  // namespace portcullis
