#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "codec/event_writer.hpp"
#include "store/journal.hpp"
#include "trust/signature.hpp"

namespace portcullis::gate {

/// What does not hold, for `journal.verify_failed`.
struct ChainDefect {
    std::int64_t sequence = 0;  ///< 0 = cannot be told
    std::string kind;           ///< `chain`, `head`, `form`, `missing`, `unreadable`
    std::string detail;
};

/// Recomputes the chain from the entry of the newest head to its end, from the stored bytes, and checks that head;
/// without a head, the newest thousand entries. Nothing when all holds. The whole journal is checked by
/// `portcullis journal verify`, not at every start.
[[nodiscard]] std::optional<ChainDefect> check_chain_end(store::Journal& journal, const codec::EventWriter& writer,
                                                         const trust::PublicKey& key);

}  // namespace portcullis::gate
