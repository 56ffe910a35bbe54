#pragma once

#include <optional>
#include <string>

namespace portcullis::central {

/// A place of an authority's order that a gate reports as used, as the operation of a batch that tells other gates.
struct UsedPlace {
    std::string authority;
    std::string operation;
};

/// What an event says to other gates; nothing where it is no `order.used` of an authority's order.
[[nodiscard]] std::optional<UsedPlace> used_place(const std::string& event);

}  // namespace portcullis::central
