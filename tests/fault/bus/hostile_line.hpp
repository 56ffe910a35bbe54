#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "runtime/clock.hpp"
#include "tests/support/rtu_line.hpp"

namespace portcullis::fault {

/// For how long one answer is waited for on a hostile line.
inline constexpr std::chrono::milliseconds hostile_timeout{20};

/// What was asked of a line, and what came of it.
struct LineCount {
    std::int64_t asked = 0;
    std::int64_t right = 0;
    std::int64_t wrong = 0;  ///< a value was accepted that is another unit's, register's or question's
    std::int64_t exceptions = 0;
    std::int64_t none = 0;
    std::int64_t refused_frames = 0;
    std::chrono::nanoseconds longest{0};  ///< of one call

    LineCount& operator+=(const LineCount& other);
};

/// A line whose units lie by seed. Every good answer tells its question: whoever asks sets the next number first, and
/// the answer's registers are made of it, of the unit and of their addresses.
class HostileLine {
public:
    HostileLine(std::uint32_t seed, bool is_honest);

    [[nodiscard]] std::string path() const { return line_.path(); }

    struct Question {
        std::uint8_t unit = 1;
        std::uint16_t address = 0;
        std::uint16_t count = 1;
    };
    /// Whoever asks says so right before.
    [[nodiscard]] Question next_question();
    /// Whether these are the values of that question, and of no other.
    [[nodiscard]] bool right(const Question& question, std::span<const std::uint16_t> values) const;

    /// Answers by kind, as they were given.
    [[nodiscard]] std::map<std::string, std::int64_t> given() const { return given_; }

private:
    using Bytes = testing::RtuLine::Bytes;
    using Pieces = std::vector<testing::RtuLine::Piece>;
    [[nodiscard]] std::uint16_t value_of(std::uint32_t number, std::uint8_t unit, std::size_t address) const;
    [[nodiscard]] Bytes honest(const Bytes& question) const;
    [[nodiscard]] Pieces answer(const Bytes& question);
    [[nodiscard]] Pieces told(const char* kind, Pieces pieces);
    [[nodiscard]] Pieces later(const char* kind, const Bytes& frame, std::chrono::microseconds after);
    [[nodiscard]] bool on_time(const Bytes& question) const;
    [[nodiscard]] Pieces mistimed(std::size_t kind, const Bytes& frame);
    [[nodiscard]] Pieces foreign(std::size_t kind, const Bytes& question, const Bytes& frame);
    [[nodiscard]] Pieces spoilt(std::size_t kind, Bytes frame);
    [[nodiscard]] Bytes with_flips(Bytes frame);
    [[nodiscard]] Bytes with_burst(Bytes frame);
    [[nodiscard]] std::size_t below(std::size_t bound);

    runtime::SystemClock clock_;
    std::atomic<std::uint32_t> number_{0};
    std::atomic<Instant::rep> asked_at_{0};
    std::atomic<std::uint32_t> asked_{0};  ///< unit and address of the question that is waited for
    Instant free_at_;                      ///< when everything that is late has gone out
    std::mt19937 asker_;
    std::mt19937 liar_;
    bool is_honest_;
    std::map<std::string, std::int64_t> given_;
    testing::RtuLine line_;  // last: its thread ends before anything that it uses
};

/// Asks a hostile line so many questions through our link.
[[nodiscard]] LineCount ask_through_link(std::uint32_t seed, std::int64_t questions, bool is_honest);
/// The same through libmodbus as it comes, for what our link adds to it.
[[nodiscard]] LineCount ask_through_libmodbus(std::uint32_t seed, std::int64_t questions);
/// So many lines at once, each in a thread of its own.
[[nodiscard]] LineCount on_lines(int lines, const std::function<LineCount(std::uint32_t seed)>& ask);

}  // namespace portcullis::fault
