#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "runtime/alarm.hpp"
#include "runtime/clock.hpp"

namespace portcullis::runtime {

/// Empty when the system has an address for `host`, otherwise why it has none. Blocks as long as name servers please.
[[nodiscard]] std::string ask_system_for(const std::string& host);

/// Whether a host name can be looked up, without anybody waiting for it: the system's look-up has no time-out and
/// cannot be called off, so that each runs on a thread that is left to itself. One that hangs is asked no second time:
/// its late answer is the next one's. At most one thread for each name that is ever asked for.
class NameLookup {
public:
    using Ask = std::function<std::string(const std::string& host)>;
    /// `problem`: empty when the name has an address.
    using Answered = std::function<void(const std::string& problem)>;

    NameLookup(boost::asio::io_context& context, const Clock& clock, Ask ask = ask_system_for);
    /// Nothing is answered any more.
    ~NameLookup();
    NameLookup(const NameLookup&) = delete;
    NameLookup& operator=(const NameLookup&) = delete;
    NameLookup(NameLookup&&) = delete;
    NameLookup& operator=(NameLookup&&) = delete;

    /// Answers once, on the context, `limit` from now at the latest; an address needs no look-up and is answered at
    /// once. Another question takes the place of one that is not answered yet.
    void find(const std::string& host, std::chrono::milliseconds limit, Answered answered);

private:
    class Desk;
    std::shared_ptr<Desk> desk_;
};

/// The host of `mqtts://host:port` or `mqtt://[address]:port`, without brackets.
[[nodiscard]] std::string host_of(const std::string& uri);

}  // namespace portcullis::runtime
