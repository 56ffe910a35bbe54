// The one form of an address that a technician writes, and the one that Paho takes.
#include "uplink/uplink.hpp"

namespace portcullis::uplink {

Result<std::string, std::string> broker_address(std::string_view broker) {
    constexpr std::string_view plain = "mqtt://";
    constexpr std::string_view secured = "mqtts://";
    const bool tls = broker.starts_with(secured);
    const auto scheme = tls ? secured : plain;
    if (!broker.starts_with(scheme) || broker.size() == scheme.size()) {
        return Failure{"\"" + std::string{broker} +
                       "\" is no broker: write mqtt:// or mqtts://, a host, and :port if it is not the usual one"};
    }
    const auto host = broker.substr(scheme.size());
    if (host.find_first_of("/?#@ ") != std::string_view::npos) {
        return Failure{"\"" + std::string{broker} + "\" has more than host and port: write " + std::string{scheme} +
                       "host:port"};
    }
    if (tls && host.starts_with('[')) {
        // Paho compares the certificate's addresses with the brackets, and finds none.
        return Failure{"\"" + std::string{broker} +
                       "\": name a broker with TLS by its host name, not by an IPv6 address"};
    }
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && !host.ends_with(']');
    return std::string{tls ? "ssl://" : "tcp://"} + std::string{host} + (has_port ? "" : tls ? ":8883" : ":1883");
}

}  // namespace portcullis::uplink
