#pragma once

#include "gate/document_taker.hpp"
#include "gate/zone_desk.hpp"

namespace portcullis::gate {

/// Signed zone results: not numbered, each by the time at which its inspection ended (docs/zones.md). The desk outlives
/// the taker.
[[nodiscard]] DocumentTaker zone_result_taker(ZoneDesk& desk);

}  // namespace portcullis::gate
