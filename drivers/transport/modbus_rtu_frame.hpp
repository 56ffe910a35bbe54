#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "drivers/transport/modbus_request.hpp"

/// Modbus RTU frames as bytes: pure, no port.
namespace portcullis::drivers {

/// Units that can be asked; 0 is everybody and answers nothing.
inline constexpr std::uint8_t first_rtu_unit = 1;
inline constexpr std::uint8_t last_rtu_unit = 247;
inline constexpr std::size_t longest_rtu_frame = 256;

/// Unit, function, data, and the CRC, low byte first.
[[nodiscard]] std::vector<std::uint8_t> encode_rtu(const ModbusRequest& request);

/// Looks for the answer to a question in what the line has brought since. Noise around a frame is passed over; another
/// unit's frame, another function's, another count and our own question that an adapter gives back are frames of their
/// own and no answers. What the CRC cannot tell apart (1 in 65,536 of the frames that noise has changed in more than
/// three places and otherwise looks right) nobody can.
class RtuAnswerSearch {
public:
    explicit RtuAnswerSearch(const ModbusRequest& request);

    struct Found {
        std::vector<std::uint8_t> noise;  ///< before the frame
        std::vector<std::uint8_t> frame;
        AnswerRead read;  ///< a FrameFault when it is a whole frame that is no answer
    };
    void take(std::span<const std::uint8_t> bytes);
    /// The next whole frame, taken out; nothing when more bytes are needed.
    [[nodiscard]] std::optional<Found> next();
    /// Bytes of a good answer.
    [[nodiscard]] std::size_t expected() const;
    /// What is left over, taken out.
    [[nodiscard]] std::vector<std::uint8_t> rest();

private:
    /// Bytes of our answer that begins here whole, or 0.
    [[nodiscard]] std::size_t answer_at(std::size_t begin) const;
    /// Bytes of any whole frame that the line has begun with, or 0.
    [[nodiscard]] std::size_t foreign_frame() const;
    [[nodiscard]] AnswerRead read(std::span<const std::uint8_t> frame) const;
    [[nodiscard]] Found take_out(std::size_t begin, std::size_t length);

    ModbusRequest request_;
    std::vector<std::uint8_t> question_;  ///< as it was sent
    std::vector<std::uint8_t> bytes_;
};

}  // namespace portcullis::drivers
