#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/time_zone.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace portcullis::sign {

/// How a file writes its times, in the letters of strftime(3): `%Y-%m-%d %H:%M:%S`. Known: Y y m d H M S f % (f is a
/// fraction of a second); the word `rfc3339` takes times that name their offset themselves.
class TimeForms {
public:
    TimeForms(std::vector<std::string> forms, TimeZone zone) : forms_(std::move(forms)), zone_(std::move(zone)) {}

    /// What is wrong with a form, or an empty text.
    [[nodiscard]] static std::string defect(std::string_view form);

    /// The time that `text` stands for in the first form that fits it. A day alone is its begin, or its last
    /// millisecond.
    [[nodiscard]] Result<WallTime, std::string> read(std::string_view text, bool end_of_day) const;

private:
    std::vector<std::string> forms_;
    TimeZone zone_;
};

}  // namespace portcullis::sign
