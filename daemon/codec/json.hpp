#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "codec/canonical.hpp"
#include "codec/refusal.hpp"
#include "core/result.hpp"

/// Only for the .cpp files of this room: no public header shows Boost.JSON.
namespace portcullis::codec {

/// Strict JSON of contracts.md: within the limits, UTF-8, nothing after the document, no member twice at any level
/// (Boost.JSON alone keeps the last), and every number an integer within ±(2^53 − 1), written without fraction,
/// exponent or negative zero.
[[nodiscard]] Result<boost::json::value, Refusal> parse_json(std::string_view text, const JsonLimits& limits);

/// RFC 8785 of what `parse_json` read.
[[nodiscard]] std::string canonical_text(const boost::json::value& value);

/// `pointer` with one more step (RFC 6901).
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::string_view name);
[[nodiscard]] std::string pointer_to(std::string_view pointer, std::size_t index);

}  // namespace portcullis::codec
