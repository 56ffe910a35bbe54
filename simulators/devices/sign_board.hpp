#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "simulators/devices/line_reader.hpp"

namespace portcullis::simulators {

/// A message sign on a serial port that shows what it is sent: a letter for the colour and a line of GBK, CR LF. Like
/// a real one it answers nothing.
class SignBoard {
public:
    explicit SignBoard(boost::asio::io_context& context);

    [[nodiscard]] LineReader& port() { return port_; }
    [[nodiscard]] const LineReader& port() const { return port_; }
    /// What stands on it: colour and text, as `G 放行`; empty while it is dark.
    [[nodiscard]] const std::string& face() const { return face_; }
    /// Texts without their colour, in the order in which they came; the same one again is one. At most `most_shown`.
    [[nodiscard]] const std::vector<std::string>& shown() const { return shown_; }
    /// Of a line that was no text.
    [[nodiscard]] std::size_t refused() const { return refused_; }
    void forget() { shown_.clear(); }

    static constexpr std::size_t most_shown = 256;

private:
    void heard(std::string_view bytes);
    void line(const std::string& bytes);

    LineReader port_;
    std::string waiting_;
    std::string face_;
    std::vector<std::string> shown_;
    std::size_t refused_ = 0;
};

/// The UTF-8 of GBK bytes. Throws std::runtime_error for what is no GBK.
[[nodiscard]] std::string from_gbk(std::string_view bytes);

}  // namespace portcullis::simulators
