#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/measures.hpp"
#include "core/plate_number.hpp"
#include "core/time.hpp"

namespace portcullis {

/// One plate of one visit, as an entry of the journal has it: it lives as long as the plate in that entry.
struct PlateSeen {
    std::string plate;
    PassageId passage;
    LaneName lane;
    WallTime at;
    friend bool operator==(const PlateSeen&, const PlateSeen&) = default;
};

/// Where the newest passage left a box. `unknown`: nobody saw where its vehicle went.
enum class BoxPlace : std::uint8_t { inside, outside, unknown };
template <>
inline constexpr auto enum_texts<BoxPlace> = std::to_array<EnumText<BoxPlace>>({
    {BoxPlace::inside, "inside"},
    {BoxPlace::outside, "outside"},
    {BoxPlace::unknown, "unknown"},
});

/// A box that went through, or may have.
struct BoxMoved {
    ContainerNumber container;
    BoxPlace place = BoxPlace::unknown;
    WallTime at;
    Tristate laden = Tristate::unknown;
    std::string enterprise;  ///< `unknown` where no order said it
    friend bool operator==(const BoxMoved&, const BoxMoved&) = default;
};

/// An order that says why its box was picked: what becomes of it may be told once a verdict has named it, and not
/// before.
struct OrderNamed {
    Authority authority;
    OrderId order;
    friend auto operator<=>(const OrderNamed&, const OrderNamed&) = default;
};

/// What one entry of the journal adds to the history.
struct HistoryChange {
    std::vector<PlateSeen> plates;
    std::vector<BoxMoved> boxes;
    std::vector<OrderNamed> named = {};  ///< by a verdict
    [[nodiscard]] bool empty() const { return plates.empty() && boxes.empty() && named.empty(); }
};

/// What a decision wants to know of the past.
struct HistoryQuestion {
    PassageId passage;  ///< its own visit is none of the past
    std::vector<std::string> plates;
    std::vector<ContainerNumber> boxes;
    std::vector<std::string> enterprises;
};

/// The past as facts.
struct HistoryFound {
    std::vector<Visit> visits;  ///< newest first, at most `most_visits`
    std::vector<std::pair<ContainerNumber, BoxHistory>> boxes;
    std::map<std::string, std::int64_t, std::less<>> boxes_inside;

    static constexpr std::size_t most_visits = 200;
};

}  // namespace portcullis
