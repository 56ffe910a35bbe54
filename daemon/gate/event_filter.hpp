#pragma once

#include <string>

#include "core/result.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// Which events of a journal somebody wants to see, or to have erased. Empty = all.
struct EventFilter {
    std::string from;       ///< a wall time, RFC 3339 UTC with milliseconds; events of it and later
    std::string before;     ///< events earlier than this one
    std::string lane;       ///< `out-1`: of the lane, or saying something of it
    std::string passage;    ///< 32 hex digits
    std::string container;  ///< `CSQU3054383`, anywhere in the data
    std::string plate;      ///< as it was normalised, anywhere in the data
    std::string type;       ///< `passage.ended`, or `passage` for all that begin so

    /// `event` as it is published.
    [[nodiscard]] bool takes(const Value& event) const;
    [[nodiscard]] bool empty() const;
};

/// The members of a question that name a filter, and back. A time that is none is refused.
[[nodiscard]] Object filter_members(const EventFilter& filter);
[[nodiscard]] Result<EventFilter, std::string> filter_of(const Value& question);

}  // namespace portcullis::gate
