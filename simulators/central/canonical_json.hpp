#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace portcullis::central {

/// RFC 8785 for what events hold: integers, texts, lists and objects. Throws std::invalid_argument on anything else.
[[nodiscard]] std::string canonical_json(const boost::json::value& value);

}  // namespace portcullis::central
