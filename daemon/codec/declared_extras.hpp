#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "codec/object_reader.hpp"
#include "core/time.hpp"

/// `attributes` and `dates` of a release order: what else a declaration says, by names that rules agree on with
/// central.
namespace portcullis::codec {

inline constexpr std::size_t most_declared_extras = 64;  ///< of each

[[nodiscard]] std::map<std::string, std::string, std::less<>> read_attributes(ObjectReader& order);
[[nodiscard]] std::map<std::string, WallTime, std::less<>> read_dates(ObjectReader& order);

}  // namespace portcullis::codec
