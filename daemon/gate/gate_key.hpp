#pragma once

#include <filesystem>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "store/failure.hpp"
#include "trust/signature.hpp"

namespace portcullis::gate {

/// The gate's own key: it signs the heads of its journal.
struct GateKey {
    trust::SigningKey key;
    bool created = false;  ///< none was there
};

/// Reads `gate.key` (64 hex digits: an Ed25519 seed; mode 0600) of the state directory, or makes one from `ids`. A file
/// that holds something else is refused and left alone: a new key would make every head before it look foreign.
[[nodiscard]] Result<GateKey, store::StoreFailure> open_gate_key(const std::filesystem::path& state,
                                                                 const IdSource& ids);

}  // namespace portcullis::gate
