#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "drivers/transport/endpoint.hpp"
#include "runtime/clock.hpp"

namespace portcullis::drivers {

/// How long each step of one GET may take, and how much may come.
struct HttpLimits {
    std::chrono::milliseconds connect{1000};
    std::chrono::milliseconds answer{5000};  ///< from the request to the first byte
    std::chrono::milliseconds body{5000};    ///< from the first byte to the last
    std::size_t most = std::size_t{8} * 1024 * 1024;
};

/// What came.
struct HttpAnswer {
    unsigned status = 0;
    std::string content_type;               ///< lower case, without parameters
    std::vector<std::string> authenticate;  ///< each `WWW-Authenticate`
    bool cached = false;                    ///< an `Age` above nought: made before it was asked for
    std::vector<std::uint8_t> body;
    Instant asked;       ///< the request left
    Instant first_byte;  ///< of the answer
};

/// Why nothing came: `offline`, `timeout`, `too_large`, `cut`, `not_http`, and what the system says.
struct HttpFailure {
    std::string cause;
    std::string detail;
};

using HttpDone = std::function<void(Result<HttpAnswer, HttpFailure>)>;

/// One GET on a connection of its own, on the main context: follows no redirect, keeps nothing, and ends within its
/// limits. `done` is called once, later, unless this is destroyed before. Everything given outlives it.
class HttpGet {
public:
    struct Request {
        Endpoint endpoint;
        std::string target;
        std::string authorization;  ///< value of the field; empty = none
    };

    HttpGet(boost::asio::io_context& context, const runtime::Clock& clock, Request request, HttpLimits limits,
            HttpDone done);
    ~HttpGet();
    HttpGet(const HttpGet&) = delete;
    HttpGet& operator=(const HttpGet&) = delete;
    HttpGet(HttpGet&&) = delete;
    HttpGet& operator=(HttpGet&&) = delete;

private:
    class Exchange;
    std::shared_ptr<Exchange> exchange_;
};

}  // namespace portcullis::drivers
