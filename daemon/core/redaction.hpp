#pragma once

#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// What a destination must not see. `personal`: plates, persons, pictures; `targeting`: why a vehicle was picked.
enum class Redaction : std::uint8_t { personal, targeting };
}  // namespace portcullis
template <>
inline constexpr auto portcullis::enum_texts<portcullis::Redaction> =
    std::to_array<portcullis::EnumText<portcullis::Redaction>>({
        {portcullis::Redaction::personal, "personal"},
        {portcullis::Redaction::targeting, "targeting"},
    });
