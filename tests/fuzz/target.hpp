#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

namespace portcullis::fuzz {

/// Bytes that somebody else chose, taken from the front.
class Input {
public:
    explicit Input(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    /// 0 when there are none left.
    std::uint8_t byte() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto first = bytes_.front();
        bytes_ = bytes_.subspan(1);
        return first;
    }
    [[nodiscard]] std::span<const std::uint8_t> rest() const { return bytes_; }
    [[nodiscard]] std::string_view text() const {
        return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
    }
    /// The text up to `mark`, which is taken too.
    std::string_view text_to(char mark) {
        const auto all = text();
        const auto at = all.find(mark);
        bytes_ = bytes_.subspan(at == std::string_view::npos ? bytes_.size() : at + 1);
        return all.substr(0, at);
    }

private:
    std::span<const std::uint8_t> bytes_;
};

/// What must hold whatever came in; the fuzzer keeps the bytes when it does not.
inline void require(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// A parser with what must hold of it. Refusing is always right; breaking is not.
struct Target {
    std::string_view name;
    void (*run)(Input input);
};

[[nodiscard]] std::span<const Target> targets();

// One each; targets.cpp has the table.
void fuzz_frames(Input input);
void fuzz_frame_settings(Input input);
void fuzz_line_pattern(Input input);
void fuzz_readings(Input input);
void fuzz_tags(Input input);
void fuzz_weights(Input input);
void fuzz_radiation_lines(Input input);
void fuzz_marked_bytes(Input input);
void fuzz_modbus_tcp(Input input);
void fuzz_modbus_rtu(Input input);
void fuzz_numbers(Input input);
void fuzz_small_texts(Input input);
void fuzz_settings_yaml(Input input);
void fuzz_profile_yaml(Input input);
void fuzz_pushed_readings(Input input);
void fuzz_http_challenges(Input input);
void fuzz_documents(Input input);
void fuzz_order_lines(Input input);
void fuzz_envelopes(Input input);
void fuzz_commands(Input input);

}  // namespace portcullis::fuzz
