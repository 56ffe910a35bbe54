#pragma once

#include "core/ids.hpp"

namespace portcullis::trust {

/// Proof that libsodium is initialised: made once at start, asked for by everything that draws random bytes.
class Sodium {
public:
    /// Throws std::runtime_error when the system has no random source: nothing may start then.
    Sodium();
};

/// Ids from the system's random source.
[[nodiscard]] IdSource random_ids(const Sodium& sodium);

}  // namespace portcullis::trust
