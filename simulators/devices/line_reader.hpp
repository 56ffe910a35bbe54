#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::simulators {

/// A plate camera that talks lines over a serial port: the master side of a pty whose slave the daemon opens.
class LineReader {
public:
    /// Opens a pty. Throws std::system_error when the system has none left.
    explicit LineReader(boost::asio::io_context& context);
    ~LineReader();
    LineReader(const LineReader&) = delete;
    LineReader& operator=(const LineReader&) = delete;
    LineReader(LineReader&&) = delete;
    LineReader& operator=(LineReader&&) = delete;

    /// The slave's name, `/dev/pts/N`, which changes at replug(); or the link that is kept.
    [[nodiscard]] const std::string& path() const { return link_.empty() ? path_ : link_; }
    /// Keeps a link to the slave at this place from now on, as udev does for a serial port's stable name.
    void keep_link(const std::filesystem::path& link);
    /// Sends bytes as they are; bounded: bytes that nobody takes are dropped after 64 KiB, as a UART would.
    void send(std::string_view bytes);
    /// What the daemon writes is handed over as it comes, from now on: for devices that are asked or shown something.
    void on_bytes(std::function<void(std::string_view)> heard);
    /// The cable out …
    void unplug();
    /// … and in again, as a new device with a new name.
    void replug();

private:
    void open();
    void point_link() const;
    void flush();
    void listen();

    boost::asio::posix::stream_descriptor master_;
    int slave_keeper_ = -1;  ///< keeps the line up while no daemon has it open
    std::string path_;
    std::string link_;  ///< empty = none
    std::deque<std::string> waiting_;
    std::size_t waiting_bytes_ = 0;
    bool writing_ = false;
    std::function<void(std::string_view)> heard_;
    std::array<char, 256> hearing_{};
    std::uint64_t plugged_ = 0;  ///< tells what was heard before a replug from what is heard after it
};

/// `text` (UTF-8) in the bytes that Chinese plate cameras send. Throws std::runtime_error for what GBK lacks.
[[nodiscard]] std::string to_gbk(std::string_view text);

/// A frame of the profile seal-state-line; `state` as that profile has it, or empty where the seal does not say.
[[nodiscard]] std::string seal_frame(std::string_view number, std::string_view state);

}  // namespace portcullis::simulators
