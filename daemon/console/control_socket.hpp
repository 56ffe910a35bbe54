#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

#include "runtime/log.hpp"

namespace portcullis::console {

/// A control socket that cannot be opened: the message names its path and what to do.
struct ControlSocketUnusable : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The local control socket: one line in, one line out, then closed. Who may ask is the file's mode (0660).
/// Bounded: 8 clients at once, 4 KiB a question, 5 s to ask it, 30 s until its answer is taken, 2 MiB an answer; what
/// is beyond is closed without an answer. While the system gives no connection (no descriptor left), one attempt a
/// second.
class ControlSocket {
public:
    /// Takes an answer line, now or later, on the context; the second one and one for a client that has gone are
    /// dropped.
    using Reply = std::function<void(std::string answer)>;
    /// Answers a question line by calling `reply`; called on the context.
    using Answer = std::function<void(std::string_view question, Reply reply)>;

    /// Throws ControlSocketUnusable. A socket file left by a killed daemon is replaced: the journal's lock has already
    /// proved that no other daemon runs.
    ControlSocket(boost::asio::io_context& context, runtime::Log log, std::filesystem::path path, Answer answer);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    ControlSocket(ControlSocket&&) = delete;
    ControlSocket& operator=(ControlSocket&&) = delete;

    /// Stops listening, drops clients and removes the file. What the context still holds of it finds it stopped: its
    /// own end comes when the context turns no more.
    void stop();

private:
    class Client;
    void open();
    void accept();
    void accept_later(const std::string& why);

    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    runtime::Log log_;
    runtime::RepeatBound trouble_{3600};
    std::filesystem::path path_;
    Answer answer_;
    std::set<std::shared_ptr<Client>> clients_;
};

/// Asks the daemon behind `path` one line and returns its answer. Throws boost::system::system_error when nobody
/// answers; its code is boost::asio::error::timed_out when a daemon is there and keeps silent.
[[nodiscard]] std::string ask_control_socket(const std::filesystem::path& path, std::string_view question,
                                             std::chrono::milliseconds within = std::chrono::seconds{5});

}  // namespace portcullis::console
