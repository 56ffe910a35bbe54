#include "drivers/modbus_write.hpp"

namespace portcullis::drivers {

namespace {

/// Why the write must not be made now, or nothing.
std::optional<CoilWritten> refusal(const CoilWrite& write, Instant now, const InputImage& image) {
    if (write.not_after && now > *write.not_after) {
        return CoilWritten{.outcome = WriteOutcome::expired, .cause = "its time was over before it could be written"};
    }
    if (write.withdrawn && *write.withdrawn) {
        return CoilWritten{.outcome = WriteOutcome::withdrawn, .cause = "taken back before it could be written"};
    }
    if (auto why = image.not_clear(write.must_be_clear, now)) {
        return CoilWritten{.outcome = WriteOutcome::withdrawn, .cause = std::move(*why)};
    }
    return std::nullopt;
}

CoilWritten not_written(const ModbusFault& fault, Instant began) {
    switch (fault.kind) {
        case ModbusFault::Kind::not_sent:
            return {.outcome = WriteOutcome::failed, .cause = fault.cause};
        case ModbusFault::Kind::exception:
            return {.outcome = WriteOutcome::failed, .began = began, .cause = fault.cause};
        case ModbusFault::Kind::no_answer:
            break;
    }
    return {.outcome = WriteOutcome::unknown, .began = began, .cause = fault.cause};
}

/// Why the module may not hold its settings, or nothing.
std::optional<CoilWritten> prove(ModbusLink& link, const CoilWrite& write) {
    if (!write.proof) {
        return std::nullopt;
    }
    const auto answer = link.ask(write.proof->request, write.timeout);
    if (!answer) {
        return CoilWritten{.outcome = WriteOutcome::failed,
                           .cause = "not asked whether it has restarted: " + answer.error().cause};
    }
    if (!write.proof->holds(answer->values.registers)) {
        return CoilWritten{.outcome = WriteOutcome::failed,
                           .cause = "the device has restarted: its settings are not read back yet"};
    }
    return std::nullopt;
}

ModbusRequest request_of(const CoilWrite& write) {
    if (!write.pulse) {
        return write_coil(write.unit, write.coil, write.on);
    }
    const auto high = [](std::uint16_t word) { return static_cast<std::uint8_t>(word >> 8U); };
    const auto low = [](std::uint16_t word) { return static_cast<std::uint8_t>(word & 0xFFU); };
    return raw_request(write.unit, {static_cast<std::uint8_t>(ModbusFunction::write_coil), high(write.pulse->address),
                                    low(write.pulse->address), high(write.pulse->steps), low(write.pulse->steps)});
}

}  // namespace

CoilWritten write_and_read_back(ModbusLink& link, const CoilWrite& write, const runtime::Clock& clock,
                                const InputImage& image) {
    if (const auto fault = link.make_ready()) {
        return {.outcome = WriteOutcome::failed, .cause = fault->cause};
    }
    if (auto unproved = prove(link, write)) {
        return std::move(*unproved);
    }
    const auto began = clock.now().instant;
    if (auto refused = refusal(write, began, image)) {
        return std::move(*refused);
    }
    if (const auto echo = link.ask(request_of(write), write.timeout); !echo) {
        return not_written(echo.error(), began);
    }
    const ModbusRequest ask{
        .unit = write.unit, .function = ModbusFunction::read_coils, .address = write.readback, .operand = 1};
    auto state = link.ask(ask, write.timeout);
    while (state && state->values.bits.front() != write.on && clock.now().instant < began + write.read_back_within) {
        state = link.ask(ask, write.timeout);
    }
    if (!state) {
        return {.outcome = WriteOutcome::unknown, .began = began, .cause = "not read back: " + state.error().cause};
    }
    const bool read = state->values.bits.front();
    if (read != write.on) {
        return {
            .outcome = WriteOutcome::failed, .read = read, .began = began, .cause = "reads back as it was not written"};
    }
    return {.outcome = WriteOutcome::done, .read = read, .began = began, .cause = {}};
}

}  // namespace portcullis::drivers
