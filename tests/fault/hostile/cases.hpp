#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portcullis::fault {

/// What a hostile broker sends, and when.
struct HostileCase {
    /// Instead of CONNACK, instead of a SUBACK, or once the gate takes the session for a good one.
    enum class Stage { connack, suback, online };
    std::string name;
    Stage stage = Stage::online;
    std::vector<std::string> packets;
    int repeats = 1;
    bool in_short = false;  ///< one of each kind
};

/// The case that sends many messages and nothing else.
inline constexpr std::string_view flood_name = "a hundred thousand small messages";

/// Every case against the gate whose topics begin with `prefix`.
[[nodiscard]] std::vector<HostileCase> hostile_cases(const std::string& prefix);

}  // namespace portcullis::fault
