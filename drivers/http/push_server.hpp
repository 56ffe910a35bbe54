#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "core/credential.hpp"
#include "core/time.hpp"
#include "drivers/back_off.hpp"
#include "drivers/transport/endpoint.hpp"
#include "runtime/alarm.hpp"

namespace portcullis::drivers {

/// How a pushed body was taken: an HTTP status.
enum class PushTaken : unsigned { yes = 204, malformed = 400, unprocessable = 422, not_now = 503 };

/// What the device behind one path hears. Always called on the main context.
struct PushEvents {
    /// One body, whole, of type `application/json`; `at` is when its first byte came.
    std::function<PushTaken(std::string_view body, Instant at)> pushed;
    /// One that was refused before: `authentication`, `method`, `content_type`, `too_large`, `cut`.
    std::function<void(std::string_view kind, Instant at)> refused;
    /// Nobody can push now: the address cannot be taken; or it can again (empty).
    std::function<void(const std::string& cause, Instant at)> listening;
};

/// Takes what readers push over HTTP: POST of JSON to one path a device. Everything is bounded: connections, headers,
/// bodies, and how long a request may take. Answers 401, 404, 405, 413 and 415 by itself.
class PushServer {
public:
    static constexpr std::size_t most_connections = 64;
    static constexpr std::size_t largest_body = std::size_t{64} * 1024;
    static constexpr std::size_t most_requests = 1000;  ///< of one connection

    PushServer(Endpoint endpoint, const Credential& credential, boost::asio::io_context& context,
               const runtime::Clock& clock);
    ~PushServer();
    PushServer(const PushServer&) = delete;
    PushServer& operator=(const PushServer&) = delete;
    PushServer(PushServer&&) = delete;
    PushServer& operator=(PushServer&&) = delete;

    /// The first one opens the address.
    void add(const std::string& path, PushEvents events);
    /// The last one closes it.
    void remove(const std::string& path);

    /// Where it listens: the port is the system's choice with port 0.
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    class Connection;

    void open();
    void close();
    void accept();
    void tell(const std::string& cause);
    [[nodiscard]] const PushEvents* find(std::string_view target) const;
    void leave(const std::shared_ptr<Connection>& connection);

    Endpoint endpoint_;
    std::string authorization_;  ///< that everyone must show; empty = none
    boost::asio::io_context& context_;
    const runtime::Clock& clock_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::map<std::string, PushEvents, std::less<>> paths_;
    std::set<std::shared_ptr<Connection>> connections_;
    BackOff back_off_;
    runtime::Alarm again_;
    std::shared_ptr<PushServer*> self_;
};

}  // namespace portcullis::drivers
