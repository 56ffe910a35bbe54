#pragma once

#include "core/event.hpp"
#include "uplink/refusal_log.hpp"

namespace portcullis::gate {

/// `command.received` with `accepted` no: this version serves no commands. Id, verb and sender are what the newest
/// refused message claims, or `unknown`: nothing of it is proved.
[[nodiscard]] Event command_refused_event(const uplink::InboundRefusal& refusal, Now now);

}  // namespace portcullis::gate
