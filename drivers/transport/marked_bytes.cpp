#include "drivers/transport/marked_bytes.hpp"

#include <utility>

namespace portcullis::drivers {

void MarkedBytes::read(std::span<const std::uint8_t> bytes,
                       const std::function<void(std::span<const std::uint8_t>)>& good,
                       const std::function<void()>& damaged) {
    constexpr std::uint8_t mark = 0xFF;
    std::vector<std::uint8_t> run;
    const auto flush = [&run, &good] {
        if (!run.empty()) {
            good(std::exchange(run, {}));
        }
    };
    for (const auto byte : bytes) {
        switch (state_) {
            case State::plain:
                if (byte == mark) {
                    state_ = State::after_mark;
                } else {
                    run.push_back(byte);
                }
                break;
            case State::after_mark:
                if (byte == 0) {
                    state_ = State::in_damaged;
                } else {
                    run.push_back(byte);
                    state_ = State::plain;
                }
                break;
            case State::in_damaged:
                flush();
                damaged();
                state_ = State::plain;
                break;
        }
    }
    flush();
}

}  // namespace portcullis::drivers
