#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "simulators/devices/line_reader.hpp"
#include "simulators/devices/modbus_server.hpp"
#include "simulators/devices/register_bank.hpp"

namespace portcullis::simulators {

/// What is wrong with a weighing indicator.
struct ScaleFaults {
    bool silent = false;         ///< says nothing, answers nothing
    bool stuck = false;          ///< shows for ever what it showed when this began
    bool never_still = false;    ///< motion that does not end
    bool wrong_check = false;    ///< every frame's checksum is off by one
    bool over = false;           ///< beyond its range
    bool swapped_words = false;  ///< in registers: the low word of the weight stands first
    friend bool operator==(const ScaleFaults&, const ScaleFaults&) = default;
};

/// How an indicator talks.
enum class ScaleSpeech : std::uint8_t { toledo, sics, yaohua, registers };

/// A weighing indicator on its real protocol: continuous output or an answer to `SI` on a pty, or holding registers on
/// Modbus TCP. Knows nothing of the daemon's code.
class ScaleIndicator {
public:
    ScaleIndicator(boost::asio::io_context& context, ScaleSpeech speech);

    /// What lies on the bridge now, to its division of 20 kg, and whether it moves.
    void show(std::int64_t kg, bool moving);
    /// A talker says its frame; to be called about ten times a second.
    void tick();

    /// Of one on a line, and of one with registers.
    [[nodiscard]] const std::string& path() const { return line_.path(); }
    [[nodiscard]] std::uint16_t port() const { return server_ ? server_->port() : 0; }
    void set_offline(bool offline);
    ScaleFaults faults;

private:
    [[nodiscard]] bool moves() const { return moving_ || faults.never_still; }
    [[nodiscard]] std::string toledo_frame() const;
    [[nodiscard]] std::string yaohua_frame() const;
    [[nodiscard]] std::string sics_reply() const;
    void heard(std::string_view bytes);
    void fill_registers();

    ScaleSpeech speech_;
    LineReader line_;
    RegisterBank bank_;
    std::unique_ptr<ModbusServer> server_;
    std::int64_t kg_ = 0;
    bool moving_ = false;
    std::string asked_;  ///< bytes of a request that is not whole yet
};

}  // namespace portcullis::simulators
