#pragma once

#include <cstdint>

#include "uplink/mqtt_session.hpp"

namespace portcullis::uplink {

/// The most bytes that a message takes as a PUBLISH of MQTT 5; a few fewer where a length is written shortly.
[[nodiscard]] inline std::int64_t publish_size(const MqttMessage& message) {
    constexpr std::size_t fixed_header = 5;
    constexpr std::size_t packet_identifier = 2;
    constexpr std::size_t length_of_properties = 4;
    constexpr std::size_t length_of_text = 2;
    auto size = fixed_header + length_of_text + message.topic.size() + packet_identifier + length_of_properties +
                message.payload.size();
    for (const auto& [name, value] : message.user_properties) {
        size += 1 + length_of_text + name.size() + length_of_text + value.size();
    }
    return static_cast<std::int64_t>(size);
}

}  // namespace portcullis::uplink
