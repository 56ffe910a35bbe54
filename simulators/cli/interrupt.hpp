#pragma once

namespace portcullis::simulators {

/// From now on SIGINT and SIGTERM no longer end this program: they set what `interrupted` tells.
void take_interrupts();
[[nodiscard]] bool interrupted();

}  // namespace portcullis::simulators
