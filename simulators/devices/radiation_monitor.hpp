#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "simulators/devices/modbus_server.hpp"
#include "simulators/devices/register_bank.hpp"

namespace portcullis::simulators {

/// What is in the beam.
enum class Radiates : std::uint8_t { no, suspect, high, neutron };

/// What is wrong with a radiation monitor.
struct MonitorFaults {
    bool silent = false;           ///< says nothing, answers nothing
    bool loses_end = false;        ///< the line of an occupancy's end never comes
    bool tamper = false;           ///< its cabinet is open
    bool high_background = false;  ///< too high to measure
    bool drops = false;            ///< its connection breaks in each occupancy
    friend bool operator==(const MonitorFaults&, const MonitorFaults&) = default;
};

/// How a monitor talks: lines over TCP, whose server it is, or registers over Modbus TCP.
enum class MonitorSpeech : std::uint8_t { lines, registers };

/// A radiation portal monitor on its real protocol. Knows nothing of the daemon's code.
class RadiationMonitor {
public:
    RadiationMonitor(boost::asio::io_context& context, MonitorSpeech speech);
    ~RadiationMonitor();
    RadiationMonitor(const RadiationMonitor&) = delete;
    RadiationMonitor& operator=(const RadiationMonitor&) = delete;
    RadiationMonitor(RadiationMonitor&&) = delete;
    RadiationMonitor& operator=(RadiationMonitor&&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Something stands in the beam, and what it radiates. To be called again and again with the time in seconds.
    /// So long after the beam was broken what radiates comes into it.
    void alarm_after(double seconds);
    void step(double now_s, bool in_beam, Radiates radiates);
    /// An occupancy ends this long after the beam is free.
    void hold(double seconds) { hold_s_ = seconds; }
    void set_offline(bool offline);
    MonitorFaults faults;

private:
    struct Client;

    void accept();
    void say(const std::string& line);
    void say_background();
    void sample();
    [[nodiscard]] bool is_hot() const;
    void begin(double now_s);
    void end();
    void fill_registers();

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::shared_ptr<Client> client_;
    std::unique_ptr<ModbusServer> server_;
    RegisterBank bank_;
    MonitorSpeech speech_;
    double hold_s_ = 0.4;
    double next_background_s_ = 0;
    double next_sample_s_ = 0;
    double last_in_beam_s_ = 0;
    int samples_ = 0;   ///< of the occupancy
    int hot_from_ = 8;  ///< the sample from which on it sees what radiates
    bool occupied_ = false;
    bool told_tamper_ = false;
    double tell_tamper_at_s_ = 0;
    double now_s_ = 0;
    bool dropped_ = false;
    Radiates radiates_ = Radiates::no;
    std::uint16_t objects_ = 16;
    bool offline_ = false;
};

}  // namespace portcullis::simulators
