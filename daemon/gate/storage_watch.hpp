#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/enum_text.hpp"
#include "core/event.hpp"
#include "core/time.hpp"
#include "gate/journal_access.hpp"

namespace portcullis::gate {

/// How much room the journal has. `full`: the ballast is given away and lanes are out of service.
enum class StorageLevel : std::uint8_t { ok, low, critical, full };

/// Room, rate and level, for the event `journal.storage` and for people.
struct StorageView {
    StorageLevel level = StorageLevel::ok;
    StorageLook look;
    std::optional<std::int64_t> hours_left;  ///< at the rate of the last day; nothing while nothing grows
};

/// Judges the room for the journal from looks at it.
class StorageWatch {
public:
    /// A level that is better than the one told is told when it has been so long since then.
    static constexpr std::chrono::minutes better_after{10};

    /// Takes a look; `waiting_for`: the required destination that keeps entries from being removed, or `none`. Returns
    /// what is to be told.
    [[nodiscard]] std::optional<Event> take(const StorageLook& look, const std::string& waiting_for, Now now);
    [[nodiscard]] const StorageView& view() const { return view_; }

private:
    struct Sample {
        Instant at;
        std::uint64_t used = 0;
    };
    [[nodiscard]] std::optional<std::int64_t> hours_left(const StorageLook& look, Instant now);
    [[nodiscard]] Event event_of(const std::string& waiting_for, Now now) const;

    std::deque<Sample> samples_;
    StorageView view_;
    StorageLevel told_ = StorageLevel::ok;
    Instant told_at_;
};

}  // namespace portcullis::gate

template <>
inline constexpr auto portcullis::enum_texts<portcullis::gate::StorageLevel> =
    std::to_array<portcullis::EnumText<portcullis::gate::StorageLevel>>({
        {portcullis::gate::StorageLevel::ok, "ok"},
        {portcullis::gate::StorageLevel::low, "low"},
        {portcullis::gate::StorageLevel::critical, "critical"},
        {portcullis::gate::StorageLevel::full, "full"},
    });
