#include "drivers/transport/modbus_link.hpp"

#include <utility>

namespace portcullis::drivers {

namespace {

// Of one job: a line may babble.
constexpr std::size_t most_bad_frames = 256;
constexpr std::size_t most_kept_frames = 512;

}  // namespace

Result<ModbusAnswer, ModbusFault> ModbusLink::exchange(const ModbusRequest& request,
                                                       std::chrono::milliseconds timeout) {
    const Deadline deadline{.at = now() + timeout, .given = timeout};
    if (auto fault = ready_within(timeout)) {
        return Failure{std::move(*fault)};
    }
    return ask_checked(request, deadline);
}

Result<ModbusAnswer, ModbusFault> ModbusLink::ask(const ModbusRequest& request, std::chrono::milliseconds timeout) {
    return ask_checked(request, {.at = now() + timeout, .given = timeout});
}

Result<ModbusAnswer, ModbusFault> ModbusLink::ask_checked(const ModbusRequest& request, const Deadline& deadline) {
    if (auto why = not_askable(request)) {
        return Failure{ModbusFault{ModbusFault::Kind::not_sent, std::move(*why)}};
    }
    return ask_until(request, deadline);
}

void ModbusLink::refuse(std::string_view kind, std::vector<std::uint8_t> bytes) {
    if (bad_frames_.size() < most_bad_frames) {
        bad_frames_.push_back({.kind = kind, .bytes = std::move(bytes), .at = now()});
    }
}

std::vector<BadFrame> ModbusLink::take_bad_frames() {
    return std::exchange(bad_frames_, {});
}

void ModbusLink::wire(WireDirection direction, std::span<const std::uint8_t> bytes) {
    if (keeps_wire_ && wire_.size() < most_kept_frames && !bytes.empty()) {
        wire_.push_back({.direction = direction, .bytes = {bytes.begin(), bytes.end()}, .at = now()});
    }
}

void ModbusLink::wire_note(const std::string& what) {
    wire(WireDirection::note, std::vector<std::uint8_t>{what.begin(), what.end()});
}

std::vector<WireFrame> ModbusLink::take_wire() {
    return std::exchange(wire_, {});
}

ModbusFault ModbusLink::fault_of(ModbusException exception) {
    constexpr std::uint8_t no_path = 0x0A;
    constexpr std::uint8_t no_answer_from_target = 0x0B;
    if (exception.code == no_path || exception.code == no_answer_from_target) {
        return {.kind = ModbusFault::Kind::no_answer, .cause = "refused by the gateway: " + text_of(exception)};
    }
    return {.kind = ModbusFault::Kind::exception, .cause = "refused by the device: " + text_of(exception)};
}

std::string ModbusLink::silent_for(const Deadline& deadline) {
    return "no answer within " + std::to_string(deadline.given.count()) + " ms";
}

}  // namespace portcullis::drivers
