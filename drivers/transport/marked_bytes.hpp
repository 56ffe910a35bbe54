#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace portcullis::drivers {

/// Undoes PARMRK: the kernel gives FF FF for a byte FF, and FF 00 x for a byte x with a parity or framing error (and
/// for a break). Keeps what is cut between two reads. Pure.
class MarkedBytes {
public:
    /// Calls `good` with runs of good bytes and `damaged` at each bad one, in order.
    void read(std::span<const std::uint8_t> bytes, const std::function<void(std::span<const std::uint8_t>)>& good,
              const std::function<void()>& damaged);

private:
    enum class State : std::uint8_t { plain, after_mark, in_damaged };
    State state_ = State::plain;
};

}  // namespace portcullis::drivers
