#include "drivers/transport/modbus_tcp_link.hpp"

#include <modbus.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "drivers/transport/modbus_frame.hpp"

namespace portcullis::drivers {

void ModbusTcpLink::FreeModbus::operator()(_modbus* handle) const {
    modbus_close(handle);
    modbus_free(handle);
}

ModbusTcpLink::ModbusTcpLink(Endpoint endpoint, const runtime::Clock& clock)
    // The address is not used: libmodbus's own connect takes its time-out wrongly, so the socket is made here.
    : ModbusLink(clock), endpoint_(std::move(endpoint)), handle_(modbus_new_tcp("127.0.0.1", MODBUS_TCP_DEFAULT_PORT)) {
    if (!handle_) {
        throw std::runtime_error("libmodbus gives no handle for " + endpoint_.text());
    }
    // Without a byte time-out the response time-out bounds the whole answer, also one that drips in byte by byte.
    modbus_set_byte_timeout(handle_.get(), 0, 0);
    modbus_set_error_recovery(handle_.get(), MODBUS_ERROR_RECOVERY_NONE);
}

ModbusTcpLink::~ModbusTcpLink() = default;

int ModbusTcpLink::socket() const {
    return modbus_get_socket(handle_.get());
}

void ModbusTcpLink::close() {
    modbus_close(handle_.get());
    modbus_set_socket(handle_.get(), -1);
}

std::optional<ModbusFault> ModbusTcpLink::ready_within(std::chrono::milliseconds limit) {
    if (socket() >= 0 && quiet()) {
        return std::nullopt;
    }
    close();
    return connect(std::min(limit, longest_connect));
}

/// True when the peer is there and has said nothing: what is in the buffer before a question cannot be its answer.
bool ModbusTcpLink::quiet() {
    std::vector<std::uint8_t> bytes(MODBUS_TCP_MAX_ADU_LENGTH);
    const auto got = ::recv(socket(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0) {
        return errno == EAGAIN;
    }
    if (got > 0) {
        bytes.resize(static_cast<std::size_t>(got));
        wire(WireDirection::in, bytes);
        refuse("late", std::move(bytes));
    }
    return false;
}

std::optional<ModbusFault> ModbusTcpLink::connect(std::chrono::milliseconds limit) {
    auto made = connect_within(endpoint_, static_cast<int>(limit.count()));
    if (!made.cause.empty()) {
        return ModbusFault{ModbusFault::Kind::not_sent, "no connection to " + endpoint_.text() + ": " + made.cause};
    }
    if (made.socket >= FD_SETSIZE) {  // libmodbus waits with select(), which would abort the process
        ::close(made.socket);
        return ModbusFault{
            ModbusFault::Kind::not_sent,
            "too many open files: descriptor " + std::to_string(made.socket) + " is beyond what libmodbus can use"};
    }
    modbus_set_socket(handle_.get(), made.socket);
    ++connection_;
    wire_note("connected");
    return std::nullopt;
}

std::optional<ModbusFault> ModbusTcpLink::send(const std::vector<std::uint8_t>& frame) {
    // Not modbus_send_raw_request(): 3.1.6 sends transaction 0 always, and no late answer could be told by it.
    const auto sent = ::send(socket(), frame.data(), frame.size(), MSG_NOSIGNAL);
    const int error = errno;
    if (sent == static_cast<ssize_t>(frame.size())) {
        wire(WireDirection::out, frame);
        return std::nullopt;
    }
    close();
    return ModbusFault{sent > 0 ? ModbusFault::Kind::no_answer : ModbusFault::Kind::not_sent,
                       sent > 0 ? "only a part could be sent" : std::string{"not sent: "} + modbus_strerror(error)};
}

Result<std::vector<std::uint8_t>, ModbusFault> ModbusTcpLink::receive(const Deadline& deadline) {
    constexpr std::int64_t at_once = 1;  // none at all would be for ever
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline.at - now()).count();
    const auto us = std::max(left, at_once);
    modbus_set_response_timeout(handle_.get(), static_cast<std::uint32_t>(us / 1'000'000),
                                static_cast<std::uint32_t>(us % 1'000'000));
    std::vector<std::uint8_t> frame(MODBUS_TCP_MAX_ADU_LENGTH);
    const int got = modbus_receive_confirmation(handle_.get(), frame.data());
    const int error = errno;
    if (got > 0) {
        frame.resize(static_cast<std::size_t>(got));
        wire(WireDirection::in, frame);
        return frame;
    }
    close();
    if (error == EMBBADDATA) {
        refuse("length", {});
    }
    return Failure{ModbusFault{ModbusFault::Kind::no_answer,
                               error == ETIMEDOUT ? silent_for(deadline) : std::string{modbus_strerror(error)}}};
}

Result<ModbusAnswer, ModbusFault> ModbusTcpLink::ask_until(const ModbusRequest& request, const Deadline& deadline) {
    const auto asked = now();
    if (auto fault = send(encode(request, ++transaction_))) {
        return Failure{std::move(*fault)};
    }
    auto frame = receive(deadline);
    if (!frame) {
        return Failure{std::move(frame).error()};
    }
    const auto at = now();
    auto answer = read_answer(request, transaction_, *frame);
    if (const auto* fault = std::get_if<FrameFault>(&answer)) {
        refuse(fault->kind, std::move(*frame));
        close();
        return Failure{ModbusFault{ModbusFault::Kind::no_answer, "bad answer: " + std::string{fault->kind}}};
    }
    if (const auto* exception = std::get_if<ModbusException>(&answer)) {
        return Failure{fault_of(*exception)};
    }
    return ModbusAnswer{.values = std::get<ModbusValues>(std::move(answer)),
                        .at = at,
                        .took = std::chrono::duration_cast<std::chrono::milliseconds>(at - asked),
                        .connection = connection_};
}

}  // namespace portcullis::drivers
