#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/container_number.hpp"
#include "core/time.hpp"

namespace portcullis::codec {

/// What the cache must know of an order to find it again, as views of the order's text.
struct PlainOrder {
    std::string_view id;
    std::string_view status;
    ContainerNumber container;
    std::string_view enterprise;  ///< empty = not said, as the next two
    std::string_view origin;
    std::string_view hs;  ///< codes with blanks between; of several, a view of the reader's own text
    WallTime decided;
    std::optional<WallTime> valid_to;
};

/// Reads most orders of a snapshot in one pass and without memory of their own: releases of one container, in canonical
/// form, that say nothing rare. It takes nothing that `read_cached_order` refuses; what it does not take has to be read
/// by that one, which says what is wrong or takes it after all.
class PlainOrderReader {
public:
    /// Views are good until the next call, and as long as `text` is there.
    [[nodiscard]] std::optional<PlainOrder> read(std::string_view text, std::string_view authority);

private:
    std::string codes_;
};

}  // namespace portcullis::codec
