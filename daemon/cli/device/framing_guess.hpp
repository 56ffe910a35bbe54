#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "drivers/framing/framing.hpp"

namespace portcullis::cli {

/// What was heard on a line: bytes as they came, with the pauses between them.
struct HeardPiece {
    enum class What : std::uint8_t { bytes, silence, damaged };
    What what = What::bytes;
    std::vector<std::uint8_t> bytes;
};

/// One way to read what was heard.
struct FramingCandidate {
    drivers::FramingSettings framing;
    std::size_t frames = 0;     ///< that it finds
    std::size_t explained = 0;  ///< bytes in them
    std::size_t heard = 0;      ///< bytes altogether
    /// Bits that the marks, lengths and checks of this framing foretell, less what choosing it among its like costs.
    double evidence = 0;
    std::vector<std::vector<std::uint8_t>> examples;  ///< at most three frames
};

/// The ways that explain something, the best first, at most ten. A framing is good when it foretells much: its marks
/// where they must be, its length field, its check over frames that differ. Bytes that it leaves over count against
/// it. Looks at the first 16 KiB. Pure.
[[nodiscard]] std::vector<FramingCandidate> guess_framing(const std::vector<HeardPiece>& heard);

/// `STX … ETX, xor before the end mark`: the framing in words.
[[nodiscard]] std::string framing_text(const drivers::FramingSettings& framing);

}  // namespace portcullis::cli
