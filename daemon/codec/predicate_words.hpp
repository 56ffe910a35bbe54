#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/rule.hpp"

/// What the predicates take, one row a kind.
namespace portcullis::codec {

/// The shape of a predicate's arguments.
enum class ArgumentShape : std::uint8_t {
    texts,    ///< a list
    range,    ///< `at_least`, `at_most`
    counted,  ///< a range, `within_h`
    sighted,  ///< `is`, `within_h`
    window,   ///< `from`, `to`: times of day
    named,    ///< `name`, `is`
    dated,    ///< `name`, `from`, `to`
};

struct PredicateRow {
    PredicateKind kind = PredicateKind::way;
    ArgumentShape shape = ArgumentShape::texts;
    /// The words that its texts are; empty where they have a form.
    std::vector<std::string_view> (*words)() = nullptr;
    bool (*check)(std::string_view) = nullptr;
    const char* form = "";
    std::int64_t most = 0;  ///< of a range
};

[[nodiscard]] const PredicateRow& predicate_row(PredicateKind kind);

}  // namespace portcullis::codec
