#include "tests/fault/bus/hostile_line.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "drivers/transport/modbus_rtu_link.hpp"

namespace portcullis::fault {

namespace {

using namespace std::chrono_literals;
using testing::RtuLine;

constexpr std::uint8_t units = 3;
constexpr std::size_t nobody = 100;  // a unit that nobody asks
constexpr std::size_t crc_size = 2;

std::uint16_t mixed(std::uint32_t number) {
    number ^= number >> 16U;
    number *= 0x7FEB352DU;
    number ^= number >> 15U;
    number *= 0x846CA68BU;
    number ^= number >> 16U;
    return static_cast<std::uint16_t>(number & 0xFFFFU);
}

std::size_t word_of(const RtuLine::Bytes& bytes, std::size_t at) {
    return std::size_t{bytes[at]} << 8U | bytes[at + 1];
}

RtuLine::Bytes put_together(RtuLine::Bytes first, const RtuLine::Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

}  // namespace

LineCount& LineCount::operator+=(const LineCount& other) {
    asked += other.asked;
    right += other.right;
    wrong += other.wrong;
    exceptions += other.exceptions;
    none += other.none;
    refused_frames += other.refused_frames;
    longest = std::max(longest, other.longest);
    return *this;
}

HostileLine::HostileLine(std::uint32_t seed, bool is_honest) : asker_(seed), liar_(seed + 1), is_honest_(is_honest) {
    line_.script([this](const Bytes& question, const Bytes&) { return answer(question); });
}

std::size_t HostileLine::below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>{0, bound - 1}(liar_);
}

std::uint16_t HostileLine::value_of(std::uint32_t number, std::uint8_t unit, std::size_t address) const {
    return mixed(number * 4099U + unit * 257U + static_cast<std::uint32_t>(address) * 65'537U);
}

HostileLine::Question HostileLine::next_question() {
    ++number_;
    asked_at_ = clock_.now().instant.time_since_epoch().count();
    const auto any = [this](int least, int most) { return std::uniform_int_distribution<int>{least, most}(asker_); };
    const Question question{.unit = static_cast<std::uint8_t>(any(1, units)),
                            .address = static_cast<std::uint16_t>(any(0, 50)),
                            .count = static_cast<std::uint16_t>(any(2, 12))};
    asked_ = std::uint32_t{question.unit} << 16U | question.address;
    return question;
}

bool HostileLine::right(const Question& question, std::span<const std::uint16_t> values) const {
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] != value_of(number_, question.unit, question.address + i)) {
            return false;
        }
    }
    return values.size() == question.count;
}

HostileLine::Bytes HostileLine::honest(const Bytes& question) const {
    const auto count = word_of(question, 4);
    Bytes frame{question[0], question[1], static_cast<std::uint8_t>(count * 2)};
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = value_of(number_, question[0], word_of(question, 2) + i);
        frame.push_back(static_cast<std::uint8_t>(value >> 8U));
        frame.push_back(static_cast<std::uint8_t>(value & 0xFFU));
    }
    return RtuLine::with_check(std::move(frame));
}

/// One to three bits, which the CRC always sees in frames of this length.
HostileLine::Bytes HostileLine::with_flips(Bytes frame) {
    for (auto left = 1 + below(3); left > 0; --left) {
        const auto bit = below(frame.size() * 8);
        frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ 1U << (bit % 8));
    }
    return frame;
}

/// Up to 16 bits in a row, which it always sees too.
HostileLine::Bytes HostileLine::with_burst(Bytes frame) {
    const auto at = below(frame.size() - 1);
    const auto pattern = 1 + below(0xFFFF);
    frame[at] = static_cast<std::uint8_t>(frame[at] ^ (pattern & 0xFFU));
    frame[at + 1] = static_cast<std::uint8_t>(frame[at + 1] ^ pattern >> 8U);
    return frame;
}

/// Whether what is sent now comes while its question is still waited for. Late and under the address of a unit that is
/// asked meanwhile nobody could tell an answer from that unit's own.
bool HostileLine::on_time(const Bytes& question) const {
    const auto now = clock_.now().instant;
    const bool is_current = (std::uint32_t{question[0]} << 16U | word_of(question, 2)) == asked_;
    return is_current && now >= free_at_ && now - Instant{Instant::duration{asked_at_}} < hostile_timeout / 4;
}

HostileLine::Pieces HostileLine::told(const char* kind, Pieces pieces) {
    ++given_[kind];
    return pieces;
}

HostileLine::Pieces HostileLine::later(const char* kind, const Bytes& frame, std::chrono::microseconds after) {
    free_at_ = clock_.now().instant + after;
    return told(kind, {{.bytes = frame, .after = after}});
}

/// What is wrong with the time at which it comes.
HostileLine::Pieces HostileLine::mistimed(std::size_t kind, const Bytes& frame) {
    switch (kind) {
        case 0:
            return later("late", frame, hostile_timeout + 1ms + std::chrono::microseconds{below(30'000)});
        case 1:
            return later("just late", frame, hostile_timeout - 1ms + std::chrono::microseconds{below(2000)});
        case 2:
            return told("silent", {});
        default:
            break;
    }
    Pieces drip;
    free_at_ = clock_.now().instant + frame.size() * 1500us;
    for (std::size_t i = 0; i < frame.size(); ++i) {
        drip.push_back({.bytes = {frame[i]}, .after = i * 1500us});
    }
    return told("drip", std::move(drip));
}

/// A frame with a right check that is another's.
HostileLine::Pieces HostileLine::foreign(std::size_t kind, const Bytes& question, const Bytes& frame) {
    auto bare = frame;
    bare.resize(bare.size() - crc_size);
    const auto as = [&bare](std::size_t at, std::size_t value) {
        auto changed = bare;
        changed[at] = static_cast<std::uint8_t>(value);
        return RtuLine::with_check(std::move(changed));
    };
    const std::size_t other_unit = on_time(question) ? 1 + question[0] % units : nobody;
    switch (kind) {
        case 0:
            return told("wrong unit", {{as(0, other_unit)}});
        case 1:
            return told("wrong unit first", {{put_together(as(0, other_unit), frame)}});
        case 2:
            return told("wrong function", {{as(1, question[1] == 3 ? 4 : 3)}});
        case 3:
            return told("wrong count byte", {{as(2, frame[2] + 2U)}});
        case 4:
            return told("exception",
                        {{RtuLine::with_check({question[0], static_cast<std::uint8_t>(question[1] | 0x80U), 6})}});
        case 5:
            return told("echo first", {{put_together(question, frame)}});
        case 6:
            return told("echo only", {{question}});
        default:
            break;
    }
    bare.resize(bare.size() - 2);
    bare[2] = static_cast<std::uint8_t>(bare[2] - 2);
    return told("wrong length", {{RtuLine::with_check(bare)}});
}

/// The right frame, and what the line has made of it.
HostileLine::Pieces HostileLine::spoilt(std::size_t kind, Bytes frame) {
    const auto noise = Bytes{static_cast<std::uint8_t>(below(256)), static_cast<std::uint8_t>(below(256))};
    switch (kind) {
        case 0:
            frame.resize(1 + below(frame.size() - 1));
            return told("truncated", {{frame}});
        case 1:
            return told("noise before", {{put_together(noise, frame)}});
        case 2:
            return told("noise after", {{put_together(frame, noise)}});
        case 3:
            return told("doubled", {{put_together(frame, frame)}});
        case 4:
            return told("bits flipped", {{with_flips(frame)}});
        case 5:
            return told("burst", {{with_burst(frame)}});
        default:
            break;
    }
    return told("swapped halves",
                {{put_together(Bytes{frame.begin() + 5, frame.end()}, Bytes{frame.begin(), frame.begin() + 5})}});
}

HostileLine::Pieces HostileLine::answer(const Bytes& question) {
    constexpr std::size_t all = 100;
    constexpr std::size_t mistimed_kinds = 4;
    constexpr std::size_t foreign_kinds = 8;
    constexpr std::size_t spoilt_kinds = 7;
    const auto frame = honest(question);
    const auto kind = is_honest_ ? all : below(all);
    if (kind < 8) {
        return mistimed(below(mistimed_kinds), frame);
    }
    if (kind < 24) {
        return foreign(below(foreign_kinds), question, frame);
    }
    return kind < 38 ? spoilt(below(spoilt_kinds), frame) : told("honest", {{frame}});
}

LineCount ask_through_link(std::uint32_t seed, std::int64_t questions, bool is_honest) {
    using namespace drivers;
    HostileLine line{seed, is_honest};
    const runtime::SystemClock clock;
    const LineSettings settings{.baud = 115'200};
    ModbusRtuLink link{LinePort::Kind::local, serial_opener(line.path(), settings, {}), rtu_timing(settings), clock};
    LineCount count;
    for (count.asked = 0; count.asked < questions; ++count.asked) {
        const auto question = line.next_question();
        const auto before = clock.now().instant;
        const auto answer = link.exchange({.unit = question.unit,
                                           .function = ModbusFunction::read_holding_registers,
                                           .address = question.address,
                                           .operand = question.count},
                                          hostile_timeout);
        count.longest = std::max<std::chrono::nanoseconds>(count.longest, clock.now().instant - before);
        count.refused_frames += static_cast<std::int64_t>(link.take_bad_frames().size());
        if (answer) {
            ++(line.right(question, answer->values.registers) ? count.right : count.wrong);
        } else {
            ++(answer.error().kind == ModbusFault::Kind::exception ? count.exceptions : count.none);
        }
    }
    return count;
}

LineCount on_lines(int lines, const std::function<LineCount(std::uint32_t seed)>& ask) {
    std::vector<LineCount> counts(static_cast<std::size_t>(lines));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        threads.emplace_back([&counts, &ask, i] { counts[i] = ask(static_cast<std::uint32_t>(1000 + 2 * i)); });
    }
    LineCount all;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        threads[i].join();
        all += counts[i];
    }
    return all;
}

}  // namespace portcullis::fault
