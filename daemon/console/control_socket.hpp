#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace portcullis::console {

/// The local control socket: one line in, one line out, then closed. Who may ask is the file's mode (0660).
/// Bounded: 8 clients at once, 4 KiB a question, 5 s to ask it; what is beyond is closed without an answer.
class ControlSocket {
public:
    /// Answers a question line; called on the context.
    using Answer = std::function<std::string(std::string_view question)>;

    /// Throws boost::system::system_error when the path cannot be bound. A socket file left by a killed daemon is
    /// replaced: the journal's lock has already proved that no other daemon runs.
    ControlSocket(boost::asio::io_context& context, std::filesystem::path path, Answer answer);
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    ControlSocket(ControlSocket&&) = delete;
    ControlSocket& operator=(ControlSocket&&) = delete;

    /// Stops listening, drops clients and removes the file.
    void stop();

private:
    class Client;
    void accept();

    boost::asio::local::stream_protocol::acceptor acceptor_;
    std::filesystem::path path_;
    Answer answer_;
    std::set<std::shared_ptr<Client>> clients_;
};

/// Asks the daemon behind `path` one line and returns its answer. Throws boost::system::system_error when nobody
/// answers.
[[nodiscard]] std::string ask_control_socket(const std::filesystem::path& path, std::string_view question);

}  // namespace portcullis::console
