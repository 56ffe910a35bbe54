#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace portcullis::drivers {

/// A TCP endpoint by IP address: a name look-up could block a bus for a minute.
struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
    [[nodiscard]] std::string text() const;
};

/// `192.0.2.10:502`, `[2001:db8::1]:502`; nothing when the address is a name or the port is not 1 to 65535.
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);

/// A new non-blocking socket that is connected to it within `limit`, or why not. Blocks until then.
struct ConnectResult {
    int socket = -1;
    std::string cause;  ///< empty when connected
};
[[nodiscard]] ConnectResult connect_within(const Endpoint& endpoint, int limit_ms);

}  // namespace portcullis::drivers
