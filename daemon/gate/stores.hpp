#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "gate/gate_key.hpp"
#include "store/journal.hpp"
#include "store/order_cache.hpp"
#include "store/right_of_way.hpp"
#include "trust/sampling_key.hpp"

namespace portcullis::gate {

/// The two databases of a gate and its keys, opened before anything else is made.
struct Stores {
    std::unique_ptr<store::Journal> journal;
    std::unique_ptr<store::OrderCache> orders;
    GateKey key;
    trust::BoxKeyPair box;                                 ///< to which central seals what only this gate may read
    std::shared_ptr<store::RightOfWay> right_of_way = {};  ///< that the journal takes
};

/// Opens both below `state`, which is made when it is missing; a lost cache is told how far the cursor was. After a
/// stop that was not ordered both files are read whole, each after `announce`. `now`: by
/// which slices of order batches end; may be empty.
[[nodiscard]] Result<Stores, store::StoreFailure> open_stores(const std::filesystem::path& state, const IdSource& ids,
                                                              const store::AnnounceCheck& announce,
                                                              std::function<Instant()> now = {});

}  // namespace portcullis::gate
