#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "drivers/bad_frame.hpp"
#include "drivers/transport/modbus_request.hpp"
#include "drivers/transport/wire_tap.hpp"
#include "runtime/clock.hpp"

namespace portcullis::drivers {

/// A good answer.
struct ModbusAnswer {
    ModbusValues values;
    Instant at;                        ///< taken at the wire
    std::chrono::milliseconds took{};  ///< from the question
    std::uint64_t connection = 0;      ///< counts the connections of this link
};

/// Why there is no good answer.
struct ModbusFault {
    enum class Kind : std::uint8_t { not_sent, exception, no_answer };
    Kind kind = Kind::not_sent;  ///< `no_answer`: sent, and nothing is known of what the device did with it
    std::string cause;
};

/// One Modbus line, blocking: only its bus's Worker calls it. A question is sent once, never again by itself; no late
/// answer meets a later question; nothing waits longer than its caller allows.
class ModbusLink {
public:
    explicit ModbusLink(const runtime::Clock& clock) : clock_(clock) {}
    ModbusLink(const ModbusLink&) = delete;
    ModbusLink& operator=(const ModbusLink&) = delete;
    virtual ~ModbusLink() = default;

    /// Opens or connects when it must, and lets what nobody asked for pass by, within 1 s. An actuating write does this
    /// first, so that its last look at clock and sensors comes right before its bytes.
    [[nodiscard]] std::optional<ModbusFault> make_ready() { return ready_within(longest_connect); }

    /// Makes ready and asks, both within `timeout`.
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> exchange(const ModbusRequest& request,
                                                             std::chrono::milliseconds timeout);
    /// Asks once on the connection that stands, and waits at most `timeout` for the whole answer.
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask(const ModbusRequest& request,
                                                        std::chrono::milliseconds timeout);
    /// The next question opens it again.
    virtual void close() = 0;

    /// Frames refused since the last call.
    [[nodiscard]] std::vector<BadFrame> take_bad_frames();

    /// Keeps what goes over the wire, for a tap, or stops to.
    void keep_wire(bool keep) { keeps_wire_ = keep; }
    /// What was kept since the last call, oldest first.
    [[nodiscard]] std::vector<WireFrame> take_wire();

    static constexpr std::chrono::milliseconds longest_connect{1000};

protected:
    struct Deadline {
        Instant at;
        std::chrono::milliseconds given{};  ///< as the caller said it, for causes
    };
    [[nodiscard]] virtual std::optional<ModbusFault> ready_within(std::chrono::milliseconds limit) = 0;
    [[nodiscard]] virtual Result<ModbusAnswer, ModbusFault> ask_until(const ModbusRequest& request,
                                                                      const Deadline& deadline) = 0;

    void refuse(std::string_view kind, std::vector<std::uint8_t> bytes);
    void wire(WireDirection direction, std::span<const std::uint8_t> bytes);
    void wire_note(const std::string& what);
    [[nodiscard]] Instant now() const { return clock_.now().instant; }
    [[nodiscard]] static std::string silent_for(const Deadline& deadline);
    /// Who refuses: the device, or a gateway in front of it that has no answer from it either.
    [[nodiscard]] static ModbusFault fault_of(ModbusException exception);

private:
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask_checked(const ModbusRequest& request, const Deadline& deadline);

    const runtime::Clock& clock_;
    std::vector<BadFrame> bad_frames_;
    bool keeps_wire_ = false;
    std::vector<WireFrame> wire_;
};

}  // namespace portcullis::drivers
