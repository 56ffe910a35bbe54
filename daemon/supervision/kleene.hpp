#pragma once

#include "core/vocabulary.hpp"

/// Kleene's three-valued logic (docs/ruleset.md).
namespace portcullis::supervision {

/// Conjunction: no wins over unknown.
constexpr Tristate both(Tristate left, Tristate right) {
    if (left == Tristate::no || right == Tristate::no) {
        return Tristate::no;
    }
    return left == Tristate::yes && right == Tristate::yes ? Tristate::yes : Tristate::unknown;
}

/// Disjunction: yes wins over unknown.
constexpr Tristate either(Tristate left, Tristate right) {
    if (left == Tristate::yes || right == Tristate::yes) {
        return Tristate::yes;
    }
    return left == Tristate::no && right == Tristate::no ? Tristate::no : Tristate::unknown;
}

constexpr Tristate negated(Tristate value) {
    switch (value) {
        case Tristate::yes:
            return Tristate::no;
        case Tristate::no:
            return Tristate::yes;
        case Tristate::unknown:
            break;
    }
    return Tristate::unknown;
}

constexpr Tristate truth(bool value) {
    return value ? Tristate::yes : Tristate::no;
}

}  // namespace portcullis::supervision
