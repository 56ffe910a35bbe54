#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/documents.hpp"
#include "core/enum_text.hpp"
#include "core/ids.hpp"
#include "core/order.hpp"
#include "core/plate_number.hpp"
#include "core/time.hpp"

namespace portcullis {

enum class PassKind : std::uint8_t { standing, visitor };
template <>
inline constexpr auto enum_texts<PassKind> = std::to_array<EnumText<PassKind>>({
    {PassKind::standing, "standing"},
    {PassKind::visitor, "visitor"},
});

/// Minutes of the gate's own day: from the first to before the last, over midnight when that is smaller.
struct DayWindow {
    int from = 0;
    int to = 0;
    [[nodiscard]] bool holds(int minute) const {
        return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
    }
    friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

/// The admission of one vehicle without an order. It never opens a lane that leads out for a vehicle with a load.
struct Pass {
    std::string id;
    PassKind kind = PassKind::standing;
    PlateNumber plate;
    std::string holder = {};              ///< empty: not said
    std::vector<LaneName> lanes = {};     ///< empty: any
    std::optional<DayWindow> hours = {};  ///< nothing: at any hour
    WallTime valid_from = {};
    WallTime valid_to = {};         ///< not included
    std::optional<int> count = {};  ///< so many passages at each control point; nothing: any number
    friend bool operator==(const Pass&, const Pass&) = default;
};

/// 白名单: one signed, versioned document. A newer one replaces it whole.
struct PassList : DocumentHead {
    std::vector<Pass> passes;
    friend bool operator==(const PassList&, const PassList&) = default;
};

/// A pass of the vehicle that stands there.
struct KnownPass {
    Pass pass;
    int taken = 0;                   ///< places that other passages have at this control point
    std::vector<Usage> places = {};  ///< whose they are; nothing is decided by that
};

/// What the pass list says of one vehicle.
struct KnownPasses {
    std::int64_t version = 0;
    WallTime expires;  ///< of the list
    std::vector<KnownPass> passes = {};
};

}  // namespace portcullis
