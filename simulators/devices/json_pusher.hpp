#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace portcullis::simulators {

/// What a reader pushes, and how.
struct Push {
    std::string path = "/lpr/front";
    std::string body = {};
    std::string type = "application/json";
    std::string method = "POST";
    std::string authorization = {};  ///< the field's value; empty = none
    bool cut = false;                ///< half of it, then the connection ends
};

/// A reader that pushes each reading over a connection of its own. Runs on the caller's context; all calls come from
/// there.
class JsonPusher {
public:
    JsonPusher(boost::asio::io_context& context, std::uint16_t port) : context_(context), port_(port) {}

    /// `answered` hears the status, or 0 when there was no answer.
    void push(const Push& push, std::function<void(unsigned status)> answered = {});

private:
    boost::asio::io_context& context_;
    std::uint16_t port_;
};

}  // namespace portcullis::simulators
