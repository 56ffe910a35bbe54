#pragma once

#include "gate/document_taker.hpp"
#include "gate/sampling_keys.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// Takes the keys that this gate draws with, each in a signed document of its own; in the journal's database they stay
/// sealed. `keys` outlives the desk that reads.
[[nodiscard]] DocumentTaker sampling_key_taker(SamplingKeys& keys);

/// At start: the keys that were taken earlier.
void recall_sampling_keys(store::Journal& journal, SamplingKeys& keys, const runtime::Log& log);

}  // namespace portcullis::gate
