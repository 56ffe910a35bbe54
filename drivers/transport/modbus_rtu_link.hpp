#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "drivers/transport/line_port.hpp"
#include "drivers/transport/modbus_link.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "drivers/transport/owed_answers.hpp"

namespace portcullis::drivers {

/// How a line carries RTU frames.
struct RtuTiming {
    Instant::duration gap{};  ///< 3.5 characters of silence between frames; none behind a terminal server
    bool local_echo = false;  ///< the adapter gives back what we send
};
[[nodiscard]] RtuTiming rtu_timing(const LineSettings& line);

/// Modbus RTU on a line of several units. Before each question the line falls silent for 3.5 characters, and what it
/// still brings is refused; a unit that owes an answer is first asked something that its late answer cannot be taken
/// for (OwedAnswers). A terminal server's connection is closed after every fault but an exception.
class ModbusRtuLink final : public ModbusLink {
public:
    ModbusRtuLink(LinePort::Kind kind, LinePort::Opener opener, RtuTiming timing, const runtime::Clock& clock);

    void close() override { port_.close(); }

protected:
    [[nodiscard]] std::optional<ModbusFault> ready_within(std::chrono::milliseconds limit) override;
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask_until(const ModbusRequest& request,
                                                              const Deadline& deadline) override;

private:
    [[nodiscard]] std::optional<ModbusFault> open_and_silent(Instant until);
    [[nodiscard]] std::optional<ModbusFault> fall_silent(Instant until);
    [[nodiscard]] std::optional<ModbusFault> send(const ModbusRequest& request, const Deadline& deadline);
    [[nodiscard]] std::optional<ModbusFault> hear_echo(const std::vector<std::uint8_t>& sent, const Deadline& deadline);
    [[nodiscard]] Result<ModbusAnswer, ModbusFault> ask_once(const ModbusRequest& request, const Deadline& deadline,
                                                             bool listen_on);
    struct Heard {
        std::optional<AnswerRead> read;
        Instant at;
        std::string lost;
    };
    [[nodiscard]] Heard listen(const ModbusRequest& request, const Deadline& deadline, bool listen_on);
    /// Takes every whole frame out of what was heard.
    void sort(RtuAnswerSearch& search, Heard& heard);
    /// Told to the caller as a fault, after the line was left as a fault must leave it.
    [[nodiscard]] ModbusFault failed(ModbusFault::Kind kind, std::string cause);

    LinePort::Kind kind_;
    LinePort port_;
    RtuTiming timing_;
    OwedAnswers owed_;
    std::optional<ModbusRequest> last_;  ///< the question asked last, while the port stays open
    Instant last_byte_;                  ///< sent or received
    std::uint64_t connection_ = 0;
};

}  // namespace portcullis::drivers
