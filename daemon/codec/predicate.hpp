#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/object_reader.hpp"
#include "core/rule.hpp"

/// A predicate of a rule as JSON: `{"hs":["0303"]}`, `{"gross_kg":{"at_least":20000}}`. Only for the .cpp files of this
/// room.
namespace portcullis::codec {

inline constexpr std::size_t most_predicate_texts = 10'000;

/// Reads the member of `condition` that is called as `kind` is: the arguments of such a predicate.
[[nodiscard]] Predicate read_predicate(ObjectReader& condition, PredicateKind kind);

/// The predicate that an order's condition of this kind asks for, its arguments beside `kind`: `{"kind":"seal",
/// "is":["intact"]}`. Nothing when this version knows no such kind or does not understand the arguments: unknown.
[[nodiscard]] std::optional<Predicate> read_order_condition(const boost::json::object& condition);

/// The member that says it.
void write_predicate(const Predicate& predicate, boost::json::object& condition);

}  // namespace portcullis::codec
