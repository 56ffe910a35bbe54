#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/observation.hpp"
#include "core/result.hpp"

/// What a pushed JSON text says, by the profile's pointers. Pure.
namespace portcullis::drivers {

/// Where what stands: JSON pointers (RFC 6901); empty = it is not sent.
struct PushedFields {
    std::string text;
    std::string confidence;
    std::string time;
    std::string alive;  ///< a body that has it is a sign of life and no reading
};

struct PushedMeaning {
    ReadingKind kind = ReadingKind::plate;
    Face face = Face::not_applicable;
    PushedFields fields;
    double confidence_scale = 100;
    std::set<std::string> unread;  ///< texts that mean "nothing read"
};

/// A reading, or nothing for a sign of life; or the kind of bad frame: `json` (no JSON text, too deep, a member twice),
/// `pattern` (the text or the confidence is not where or what it should be).
[[nodiscard]] Result<std::optional<Reading>, std::string_view> pushed_reading(std::string_view body,
                                                                              const PushedMeaning& meaning);

/// `/plate/0/text`, or empty.
[[nodiscard]] bool is_json_pointer(std::string_view text);

}  // namespace portcullis::drivers
