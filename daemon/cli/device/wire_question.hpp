#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace portcullis::cli {

/// Bytes of a bus as the running daemon saw them.
struct SeenFrame {
    enum class Way : std::uint8_t { out, in, note };
    Way way = Way::in;
    std::chrono::microseconds at{};  ///< of the daemon's steady clock
    std::vector<std::uint8_t> bytes;
    std::string note;
};

/// What a device said, in words.
struct SaidWords {
    std::chrono::microseconds at{};
    std::string words;
};

/// What came since the last question.
struct WireLook {
    std::string bus;
    std::string transport;
    std::string address;
    std::optional<int> unit;  ///< of the device on a Modbus bus
    std::vector<SeenFrame> frames;
    std::vector<SaidWords> said;
    std::uint64_t missed = 0;  ///< frames that were lost between two questions
    std::chrono::microseconds now{};
    std::chrono::milliseconds wall{};  ///< UTC since 1970 at `now`
    Value device;                      ///< as `devices` tells it

    [[nodiscard]] bool is_modbus() const { return transport.starts_with("modbus"); }
    [[nodiscard]] bool over_tcp() const { return transport == "modbus_tcp"; }
    /// The wall clock at a time of the steady one, as well as it is known.
    [[nodiscard]] std::chrono::microseconds wall_at(std::chrono::microseconds at) const {
        return std::chrono::duration_cast<std::chrono::microseconds>(wall) - (now - at);
    }
};

/// Asks the daemon again and again what goes over a device's bus. The daemon forgets it when nobody asks for two
/// seconds.
class WireQuestion {
public:
    /// `name` is a device, or a bus.
    WireQuestion(std::filesystem::path control_socket, std::string name);

    /// What came since the last call; the first one begins to listen. Nothing, and a message, when nobody answers or
    /// there is no such device or bus.
    [[nodiscard]] std::optional<WireLook> ask(std::ostream& errors);

    /// Pause between two questions.
    static constexpr std::chrono::milliseconds pause{200};

private:
    [[nodiscard]] std::optional<Value> answer(std::ostream& errors);

    std::filesystem::path control_socket_;
    std::string name_;
    bool is_bus_ = false;
    std::uint64_t next_ = 0;
    std::uint64_t said_next_ = 0;
};

/// A question of the control socket as one line.
[[nodiscard]] std::string question_line(Object question);

}  // namespace portcullis::cli
