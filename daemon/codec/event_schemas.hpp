#pragma once

#include <span>
#include <string_view>

namespace portcullis::codec {

/// The files of docs/events as they were when this was built, `common.v1.json` among them.
[[nodiscard]] std::span<const std::string_view> embedded_event_schemas();

}  // namespace portcullis::codec
