#pragma once

#include <cstdint>
#include <optional>

#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"
#include "core/passes.hpp"

/// One pass, in a list and in the facts of a passage. Only for the .cpp files of this room.
namespace portcullis::codec {

/// Each passage under it leaves a row in the journal's database.
inline constexpr std::int64_t most_passages = 1000;

/// All but its holder; nothing = the document is refused. No refusal quotes a plate: it is told to logs and events.
[[nodiscard]] std::optional<Pass> read_pass(ObjectReader& reader);
void write_pass(const Pass& pass, ObjectBuilder out);

}  // namespace portcullis::codec
