#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "codec/object_reader.hpp"
#include "core/order.hpp"

/// One order as a JSON object that says all of it, its authority and revocation too: a row of the cache, and an order
/// of a ruleset's case. Only for the .cpp files of this room.
namespace portcullis::codec {

[[nodiscard]] Order read_stated_order(const boost::json::value& value, std::string pointer, FirstRefusal& refusal);
[[nodiscard]] boost::json::object stated_order(const Order& order);

}  // namespace portcullis::codec
