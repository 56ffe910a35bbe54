#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace portcullis::cli {

/// Modbus frames in words, question and answer: `unit 1 read 12 coils from 0`, `unit 1: 0000 0011 0000`. Keeps the
/// last question, which alone says what an answer means.
class ModbusWords {
public:
    explicit ModbusWords(bool over_tcp) : over_tcp_(over_tcp) {}

    [[nodiscard]] std::string question(std::span<const std::uint8_t> frame);
    [[nodiscard]] std::string answer(std::span<const std::uint8_t> frame) const;
    /// The unit that a frame is to or from; nothing when it is too short for one.
    [[nodiscard]] std::optional<int> unit_of(std::span<const std::uint8_t> frame) const;

private:
    /// Unit, function and data; empty when the frame is too short or its CRC does not hold.
    [[nodiscard]] std::vector<std::uint8_t> body_of(std::span<const std::uint8_t> frame) const;

    bool over_tcp_;
    std::vector<std::uint8_t> asked_;  ///< unit, function and data
};

/// Bytes as text: what is printable stands for itself, `·` for the rest but marks with a name (`‹STX›`). UTF-8 that
/// holds is kept.
[[nodiscard]] std::string printable(std::span<const std::uint8_t> bytes);

/// `02 41 03`, at most so many bytes and then `…`.
[[nodiscard]] std::string short_hex(std::span<const std::uint8_t> bytes, std::size_t most);

}  // namespace portcullis::cli
