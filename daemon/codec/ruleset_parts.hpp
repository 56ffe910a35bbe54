#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>

#include "codec/object_reader.hpp"
#include "core/ruleset_case.hpp"

/// The parts of a ruleset's document. Only for the .cpp files of this room.
namespace portcullis::codec {

[[nodiscard]] Rule read_rule(const boost::json::value& value, std::string pointer, FirstRefusal& refusal);
[[nodiscard]] boost::json::object write_rule(const Rule& rule);

/// Everything of `ruleset` but its head, its rules and its cases.
void read_settings(ObjectReader& document, Ruleset& ruleset);
void write_settings(const Ruleset& ruleset, boost::json::object& document);

[[nodiscard]] RulesetCase read_case(const boost::json::value& value, std::string pointer, FirstRefusal& refusal);
[[nodiscard]] boost::json::object write_case(const RulesetCase& ruleset_case);

/// What must hold between the parts: names that are used exist, none is given twice, classes, zones, periods fit.
void check_ruleset(const RulesetDocument& document, FirstRefusal& refusal);

}  // namespace portcullis::codec
