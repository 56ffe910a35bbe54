#pragma once

#include <boost/json/object.hpp>

#include "codec/facts.hpp"
#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"

/// The members of a passage's facts: in a document of their own and in a ruleset's case. Only for the .cpp files of
/// this room.
namespace portcullis::codec {

void read_stated_passage(ObjectReader& reader, StatedPassage& passage);
void write_stated_passage(const PassageFacts& facts, const OrdersFound& orders, const DecisionBasis& basis,
                          boost::json::object& object);

}  // namespace portcullis::codec
