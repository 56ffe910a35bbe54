#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "codec/event_writer.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// Recomputes the newest `entries` of the chain from their stored bytes. Nothing when they hold; otherwise what is
/// wrong and where. The whole journal is checked by its own command, not at every start.
[[nodiscard]] std::optional<std::string> check_chain_end(store::Journal& journal, const codec::EventWriter& writer,
                                                         std::int64_t entries);

}  // namespace portcullis::gate
