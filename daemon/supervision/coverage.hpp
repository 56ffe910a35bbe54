#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "core/enum_text.hpp"
#include "core/event.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "core/verdict.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::supervision {

/// What a gate saw, counted from the events of its stream: the data of `coverage.hour`. A sheet counts the entries
/// between the sheet before it and itself, so that every entry is on exactly one, whatever its clock says, and whoever
/// has the stream counts the same (docs/central/coverage.py does). Pure: no clock, no store.
class CoverageSheet {
public:
    /// More passages cannot be open in sixteen lanes. One beyond is not followed, and counts as `unopened` at its end.
    static constexpr std::size_t most_open = 1024;

    /// The first sheet of a stream, or of what is left of it.
    CoverageSheet(std::int64_t first, WallTime from) : first_(first), from_(from) {}

    /// Goes on behind a sheet that is on record: its data, and the sequence that it has.
    void resume(const Value& before, std::int64_t sequence);
    /// Takes an entry. A `coverage.hour` begins the next sheet; types that nothing is counted of change nothing.
    void count(const Event& event, std::int64_t sequence);
    /// Whether anything is counted of events of this type.
    [[nodiscard]] static bool counts(std::string_view type);

    [[nodiscard]] WallTime from() const { return from_; }
    /// The sheet as data of a `coverage.hour` that is the next entry behind `last`.
    [[nodiscard]] Object data(std::int64_t last, WallTime to) const;

private:
    struct Direction {
        Way way = Way::unknown;
        Movement movement = Movement::unknown;
        friend auto operator<=>(const Direction&, const Direction&) = default;
    };
    struct Traffic {
        std::int64_t vehicles = 0;
        std::int64_t boxes = 0;
    };

    void begun(const Value& data);
    void ended(const Value& data);
    void count_boxes(const Value& data, Traffic& traffic);

    std::int64_t first_;
    WallTime from_;
    std::set<std::string, std::less<>> open_;  ///< passages that began and have not ended
    std::int64_t open_before_ = 0;
    std::int64_t detected_ = 0;
    std::int64_t unopened_ = 0;
    std::array<std::int64_t, enum_texts<PassageOutcome>.size()> outcomes_{};
    std::array<std::int64_t, enum_texts<BoxCoverage>.size()> boxes_{};
    std::map<Direction, Traffic> traffic_;
    std::int64_t phantoms_ = 0;
    std::int64_t tests_ = 0;
    std::int64_t unassigned_ = 0;
    std::int64_t outage_detections_ = 0;
};

}  // namespace portcullis::supervision
