#pragma once

#include <string>

namespace portcullis {

/// User and password of a service credential: never printed, never in a message.
struct Credential {
    std::string user;  ///< empty: none is shown, or asked for
    std::string password;
    [[nodiscard]] bool empty() const { return user.empty(); }
    friend bool operator==(const Credential&, const Credential&) = default;
};

}  // namespace portcullis
