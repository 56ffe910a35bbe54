#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>

#include "codec/object_reader.hpp"
#include "core/rule.hpp"

/// A rule's condition as JSON: `{"all":[{"origin":["JP"]},{"not":{"wood":["yes"]}}]}`. Only for the .cpp files of this
/// room.
namespace portcullis::codec {

inline constexpr std::size_t deepest_condition = 16;  ///< joins within joins
inline constexpr std::size_t most_condition_nodes = 512;
inline constexpr std::size_t most_predicates = 64;  ///< of one rule

/// Reads it into the rule's predicates and tree.
void read_condition(const boost::json::value& value, const std::string& pointer, FirstRefusal& refusal, Rule& rule);

[[nodiscard]] boost::json::value write_condition(const Rule& rule);

}  // namespace portcullis::codec
