#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/devices/line_reader.hpp"

namespace portcullis::simulators {

/// What is wrong with a tag station.
struct TagFaults {
    bool mute = false;         ///< answers nothing
    bool wrong_check = false;  ///< every frame's check is off by one
    bool error = false;        ///< every round ends with an error that no source explains
    bool noise = false;        ///< a byte of noise before every frame
    int cut_after = 0;         ///< bytes of each frame that come; 0 = all
};

/// A reader of UHF tags that speaks the A0 frames: asked for a round of inventory, it answers with a frame for each tag
/// in view and one for the round's end. Knows nothing of the daemon's code.
class TagStation {
public:
    explicit TagStation(boost::asio::io_context& context);

    [[nodiscard]] LineReader& line() { return line_; }
    [[nodiscard]] const LineReader& line() const { return line_; }
    /// A tag by its EPC in hex comes into view of an antenna, and goes.
    void show(const std::string& epc, std::uint8_t antenna = 0) { in_view_[epc] = antenna; }
    void hide(const std::string& epc) { in_view_.erase(epc); }
    void clear() { in_view_.clear(); }
    TagFaults faults;
    /// Rounds that it was asked for.
    [[nodiscard]] int rounds() const { return rounds_; }

private:
    using Octets = std::vector<std::uint8_t>;
    void heard(std::string_view bytes);
    void answer_round();
    void send(Octets body);

    LineReader line_;
    std::map<std::string, std::uint8_t> in_view_;
    std::string asked_;  ///< bytes of a request that is not whole yet
    int rounds_ = 0;
};

}  // namespace portcullis::simulators
