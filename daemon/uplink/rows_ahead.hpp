#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "uplink/delivery.hpp"

namespace portcullis::uplink {

/// A row of the journal: the exact stored bytes, and what a filter looks at.
struct StoredEvent {
    Sequence sequence = 0;
    std::string bytes;
    std::string type;     ///< `passage.detected`
    std::string subject;  ///< `lane/out-1`
};

/// Rows read before the window has room for them: the journal's thread is busy with commits for milliseconds at a
/// time, in which a window of a hundred runs empty. A run of rows without gaps, at most `most` of them, and no more
/// than one reading beyond `bytes_most`; what does not continue it takes its place.
class RowsAhead {
public:
    explicit RowsAhead(Sequence most) : most_(most) {}

    static constexpr std::size_t bytes_most = std::size_t{1} * 1024 * 1024;

    /// Rows to ask for now, so that those behind `next` are at hand; nothing while half of what may wait is there.
    [[nodiscard]] SequenceRange wanted(Sequence next, Sequence last) const {
        const auto behind = holds(next) ? end() : next;
        const auto waiting = behind - next;
        if (2 * waiting > most_ || bytes_ > bytes_most) {
            return {};
        }
        return {behind, std::min(last, behind - 1 + most_ - waiting)};
    }

    /// Takes what was read.
    void add(std::vector<StoredEvent> rows) {
        for (auto& row : rows) {
            if (row.sequence != end()) {
                clear();
            }
            bytes_ += row.bytes.size();
            rows_.push_back({std::move(row), 0});
            rows_.back().size = rows_.back().row.bytes.size();
        }
    }

    /// The row `next`, or nothing when it is not here. Every other one before it goes.
    [[nodiscard]] StoredEvent* find(Sequence next) {
        if (!holds(next)) {
            clear();
            return nullptr;
        }
        while (rows_.front().row.sequence < next) {
            bytes_ -= rows_.front().size;
            rows_.pop_front();
        }
        return &rows_.front().row;
    }
    void clear() {
        rows_.clear();
        bytes_ = 0;
    }

private:
    struct Waiting {
        StoredEvent row;
        std::size_t size = 0;  ///< of its bytes when it came: whoever publishes it takes them out
    };

    [[nodiscard]] Sequence end() const { return rows_.empty() ? 0 : rows_.back().row.sequence + 1; }
    [[nodiscard]] bool holds(Sequence next) const {
        return !rows_.empty() && next >= rows_.front().row.sequence && next < end();
    }

    Sequence most_;
    std::deque<Waiting> rows_;
    std::size_t bytes_ = 0;
};

}  // namespace portcullis::uplink
