#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tests/fault/hostile/cases.hpp"

namespace portcullis::fault {

/// Stands before a good broker on the loopback: passes everything on, or is a broker of its own that plays a case.
class HostileBroker {
public:
    HostileBroker(boost::asio::io_context& context, std::uint16_t good_port);
    ~HostileBroker();
    HostileBroker(const HostileBroker&) = delete;
    HostileBroker& operator=(const HostileBroker&) = delete;
    HostileBroker(HostileBroker&&) = delete;
    HostileBroker& operator=(HostileBroker&&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    /// Ends what it has, and meets whoever comes next in this way; nothing: it passes on.
    void play(std::optional<HostileCase> hostile);
    /// Ends what it has and answers nobody.
    void be_silent();
    /// The case is over with one client: all of it was sent, or the client left while it was.
    [[nodiscard]] bool played() const { return played_; }
    /// Bytes of cases since `play`.
    [[nodiscard]] std::int64_t written() const { return written_; }

private:
    class Stub;
    void accept();
    void end_all();

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t good_port_;
    std::optional<HostileCase> case_;
    bool silent_ = false;
    bool played_ = false;
    std::int64_t written_ = 0;
    std::vector<std::shared_ptr<boost::asio::ip::tcp::socket>> sockets_;
};

}  // namespace portcullis::fault
