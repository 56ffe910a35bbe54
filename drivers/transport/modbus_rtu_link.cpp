#include "drivers/transport/modbus_rtu_link.hpp"

#include <algorithm>
#include <utility>

namespace portcullis::drivers {

namespace {

/// A line that brings more than this before it falls silent is not one that we can ask.
constexpr std::size_t most_stray = 2 * longest_rtu_frame;

}  // namespace

RtuTiming rtu_timing(const LineSettings& line) {
    constexpr int fastest_counted = 19'200;
    constexpr std::chrono::microseconds above_it{1750};  // Modbus over serial line 1.02, 2.5.1.1
    if (line.baud > fastest_counted) {
        return {.gap = above_it};
    }
    const int parity_bit = line.parity == LineSettings::Parity::none ? 0 : 1;
    const std::int64_t bits = 1 + line.data_bits + parity_bit + line.stop_bits;
    return {.gap = std::chrono::nanoseconds{3'500'000'000 * bits / line.baud}};
}

ModbusRtuLink::ModbusRtuLink(LinePort::Kind kind, LinePort::Opener opener, RtuTiming timing,
                             const runtime::Clock& clock)
    : ModbusLink(clock), kind_(kind), port_(kind, std::move(opener), clock), timing_(timing) {}

ModbusFault ModbusRtuLink::failed(ModbusFault::Kind kind, std::string cause) {
    if (kind_ == LinePort::Kind::terminal_server) {
        port_.close();
    }
    return {.kind = kind, .cause = std::move(cause)};
}

std::optional<ModbusFault> ModbusRtuLink::ready_within(std::chrono::milliseconds limit) {
    return open_and_silent(now() + limit);
}

std::optional<ModbusFault> ModbusRtuLink::open_and_silent(Instant until) {
    if (port_.is_open()) {
        auto fault = fall_silent(until);
        if (!fault || port_.is_open()) {
            return fault;
        }
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - now());
    if (auto cause = port_.open(std::clamp(left, std::chrono::milliseconds{0}, longest_connect))) {
        return ModbusFault{ModbusFault::Kind::not_sent, std::move(*cause)};
    }
    ++connection_;
    wire_note("opened");
    last_.reset();
    last_byte_ = now();
    return fall_silent(until);
}

/// What is heard before a question cannot be its answer.
std::optional<ModbusFault> ModbusRtuLink::fall_silent(Instant until) {
    std::vector<std::uint8_t> stray;
    std::string lost;
    bool silent = false;
    while (!silent && lost.empty() && stray.size() <= most_stray && last_byte_ + timing_.gap <= until) {
        auto got = port_.receive(last_byte_ + timing_.gap);
        lost = std::move(got.lost);
        silent = got.bytes.empty() && !got.has_damaged && last_byte_ + timing_.gap <= now();
        if (!got.bytes.empty() || got.has_damaged) {
            stray.insert(stray.end(), got.damaged.begin(), got.damaged.end());
            stray.insert(stray.end(), got.bytes.begin(), got.bytes.end());
            last_byte_ = now();
        }
    }
    if (!stray.empty()) {
        wire(WireDirection::in, stray);
        refuse("late", std::move(stray));
        if (last_) {
            owed_.doubted(*last_);
        }
        if (silent && kind_ == LinePort::Kind::terminal_server) {
            port_.close();  // more of it may be on its way: only a new connection begins at a known place
            return ModbusFault{ModbusFault::Kind::not_sent, "bytes that nobody had asked for"};
        }
    }
    if (!lost.empty()) {
        return ModbusFault{ModbusFault::Kind::not_sent, "the line is gone: " + lost};
    }
    return silent ? std::nullopt : std::optional{failed(ModbusFault::Kind::not_sent, "the line does not fall silent")};
}

std::optional<ModbusFault> ModbusRtuLink::hear_echo(const std::vector<std::uint8_t>& sent, const Deadline& deadline) {
    std::vector<std::uint8_t> heard;
    while (heard.size() < sent.size()) {
        if (now() >= deadline.at) {
            refuse("echo", std::move(heard));
            return failed(ModbusFault::Kind::no_answer, "our own question was not heard: is local_echo right?");
        }
        // Never more than the echo: an answer may follow it closely.
        auto got = port_.receive(deadline.at, sent.size() - heard.size());
        if (!got.lost.empty()) {
            return ModbusFault{ModbusFault::Kind::no_answer, "the line is gone: " + got.lost};
        }
        if (got.has_damaged) {
            refuse("damaged", std::move(got.damaged));
            return failed(ModbusFault::Kind::no_answer, "our own question was heard damaged");
        }
        heard.insert(heard.end(), got.bytes.begin(), got.bytes.end());
        last_byte_ = now();
    }
    wire(WireDirection::in, heard);
    if (heard != sent) {
        refuse("echo", std::move(heard));
        return failed(ModbusFault::Kind::no_answer,
                      "another than our own question was heard: is local_echo right, or do two speak at once?");
    }
    return std::nullopt;
}

std::optional<ModbusFault> ModbusRtuLink::send(const ModbusRequest& request, const Deadline& deadline) {
    const auto frame = encode_rtu(request);
    const auto sent = port_.send(frame, deadline.at);
    last_byte_ = now();
    if (!sent.cause.empty()) {
        return ModbusFault{sent.bytes > 0 ? ModbusFault::Kind::no_answer : ModbusFault::Kind::not_sent,
                           "not sent: " + sent.cause};
    }
    wire(WireDirection::out, frame);
    owed_.asked(request);
    last_ = request;
    return timing_.local_echo ? hear_echo(frame, deadline) : std::nullopt;
}

void ModbusRtuLink::sort(RtuAnswerSearch& search, Heard& heard) {
    while (auto found = search.next()) {
        wire(WireDirection::in, found->noise);
        wire(WireDirection::in, found->frame);
        if (!found->noise.empty()) {
            refuse("noise", std::move(found->noise));
        }
        if (const auto* fault = std::get_if<FrameFault>(&found->read)) {
            refuse(fault->kind, std::move(found->frame));
            continue;
        }
        if (heard.read) {
            refuse("late", {});  // the one before it was an earlier question's
        }
        heard.read = std::move(found->read);
        heard.at = now();
    }
}

ModbusRtuLink::Heard ModbusRtuLink::listen(const ModbusRequest& request, const Deadline& deadline, bool listen_on) {
    RtuAnswerSearch search{request};
    Heard heard;
    while (heard.lost.empty() && (!heard.read || listen_on) && now() < deadline.at) {
        auto got = port_.receive(deadline.at);
        heard.lost = std::move(got.lost);
        if (got.has_damaged) {
            auto before = search.rest();
            before.insert(before.end(), got.damaged.begin(), got.damaged.end());
            wire(WireDirection::in, before);
            refuse("damaged", std::move(before));
        }
        if (!got.bytes.empty() || got.has_damaged) {
            last_byte_ = now();
        }
        search.take(got.bytes);
        sort(search, heard);
    }
    if (auto rest = search.rest(); !rest.empty()) {
        wire(WireDirection::in, rest);
        const std::string_view kind = heard.read ? "noise" : rest.size() < search.expected() ? "length" : "crc";
        refuse(kind, std::move(rest));
    }
    return heard;
}

Result<ModbusAnswer, ModbusFault> ModbusRtuLink::ask_once(const ModbusRequest& request, const Deadline& deadline,
                                                          bool listen_on) {
    if (auto fault = fall_silent(deadline.at)) {
        return Failure{std::move(*fault)};
    }
    const auto asked = now();
    if (auto fault = send(request, deadline)) {
        return Failure{std::move(*fault)};
    }
    auto heard = listen(request, deadline, listen_on);
    if (!heard.read) {
        auto cause = heard.lost.empty() ? silent_for(deadline) : "the line is gone: " + heard.lost;
        return Failure{failed(ModbusFault::Kind::no_answer, std::move(cause))};
    }
    owed_.answered(request);
    if (const auto* exception = std::get_if<ModbusException>(&*heard.read)) {
        return Failure{fault_of(*exception)};
    }
    return ModbusAnswer{.values = std::get<ModbusValues>(std::move(*heard.read)),
                        .at = heard.at,
                        .took = std::chrono::duration_cast<std::chrono::milliseconds>(heard.at - asked),
                        .connection = connection_};
}

Result<ModbusAnswer, ModbusFault> ModbusRtuLink::ask_until(const ModbusRequest& request, const Deadline& deadline) {
    if (request.unit < first_rtu_unit || request.unit > last_rtu_unit) {
        return Failure{ModbusFault{ModbusFault::Kind::not_sent, "units of a serial line are 1 to 247"}};
    }
    if (!port_.is_open()) {
        return Failure{ModbusFault{ModbusFault::Kind::not_sent, "the line is not open"}};
    }
    const auto plan = owed_.plan(request);
    if (plan.first) {
        auto answer = ask_once(*plan.first, deadline, false);
        if (!answer && answer.error().kind != ModbusFault::Kind::exception) {
            return answer;
        }
    }
    return ask_once(request, deadline, plan.listen_on);
}

}  // namespace portcullis::drivers
