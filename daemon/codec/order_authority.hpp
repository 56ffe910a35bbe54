#pragma once

#include <string_view>

#include "codec/order_words.hpp"
#include "supervision/passes.hpp"
#include "supervision/targeting.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::codec {

inline constexpr auto order_authority_form =
    "a name of 1 to 32 of a-z, 0-9, _ and -, and none of passes, targeting and zone_result";

/// Who may give orders. Not a name under which the gate itself counts places: what such an authority says was used
/// would take a pass or a zone result away.
constexpr bool is_order_authority(std::string_view text) {
    return is_authority(text) && text != supervision::pass_authority && text != supervision::targeting_authority &&
           text != supervision::result_authority;
}

}  // namespace portcullis::codec
