#pragma once

#include <cstdint>
#include <stdexcept>

#include "uplink/mqtt_session.hpp"

namespace portcullis::uplink {

/// What a Paho token stands for. It travels through Paho as the token's user context, beside the connection's number.
enum class Purpose : std::uintptr_t { connect, subscribe, disconnect, event, control, state, picture };
inline constexpr std::uintptr_t purposes = 8;

inline void* context_of(std::int64_t connection, Purpose purpose) {
    const auto packed = static_cast<std::uintptr_t>(connection) * purposes + static_cast<std::uintptr_t>(purpose);
    return reinterpret_cast<void*>(packed);  // NOLINT(performance-no-int-to-ptr): Paho hands it back untouched
}

inline std::int64_t connection_in(const void* context) {
    return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(context) / purposes);
}

inline Purpose purpose_in(const void* context) {
    return static_cast<Purpose>(reinterpret_cast<std::uintptr_t>(context) % purposes);
}

inline Purpose purpose_of(Publishing what) {
    switch (what) {
        case Publishing::event:
            return Purpose::event;
        case Publishing::control:
            return Purpose::control;
        case Publishing::state:
            return Purpose::state;
        case Publishing::picture:
            return Purpose::picture;
    }
    throw std::logic_error("no such publishing");
}

}  // namespace portcullis::uplink
