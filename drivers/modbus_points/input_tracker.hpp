#pragma once

#include <cstdint>
#include <optional>

#include "core/observation.hpp"

namespace portcullis::drivers {

/// Reads of one input to what is told of it: each change, once more at the second equal read, and once that it is
/// not known any more. Pure.
class InputTracker {
public:
    [[nodiscard]] std::optional<InputSeen> read(Signal signal) {
        if (signal_ != signal) {
            signal_ = signal;
            twice_ = false;
            return InputSeen{.signal = signal, .equal_reads = 1};
        }
        if (!twice_) {
            twice_ = true;
            return InputSeen{.signal = signal, .equal_reads = 2};
        }
        return std::nullopt;
    }

    /// The last read has become stale.
    [[nodiscard]] std::optional<InputSeen> lost() {
        if (signal_ == Signal::unknown) {
            return std::nullopt;
        }
        signal_ = Signal::unknown;
        return InputSeen{.signal = Signal::unknown, .equal_reads = 1};
    }

    /// What was told counts no more: the next read is told whatever it is.
    void forget() {
        signal_.reset();
        twice_ = false;
    }

    /// A change was read that a second equal read has not confirmed yet.
    [[nodiscard]] bool unconfirmed() const { return signal_ && signal_ != Signal::unknown && !twice_; }
    [[nodiscard]] Signal signal() const { return signal_.value_or(Signal::unknown); }

private:
    std::optional<Signal> signal_;  ///< nothing = not read and not reported yet
    bool twice_ = false;
};

}  // namespace portcullis::drivers
