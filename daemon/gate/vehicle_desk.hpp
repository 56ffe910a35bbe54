#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "codec/vehicles_document.hpp"
#include "core/facts.hpp"
#include "core/value.hpp"
#include "core/vehicles.hpp"
#include "gate/document_taker.hpp"
#include "gate/journal_desk.hpp"
#include "gate/trust_state.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// The vehicle list (docs/weight.md): plate to tare, one at a time, the newest. Without one, and with one that cannot
/// be read back, no tare is known. Plates never leave it.
class VehicleDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<const TrustState&()> trust;
        /// Another list counts, or none: lanes that wait ask again.
        std::function<void()> changed;
    };

    VehicleDesk(const runtime::Log& log, Ports ports);

    /// Reads the list back. Before any lane runs, and before the journal's worker has its first work.
    void load(store::Journal& journal, store::Quarantine* quarantine);
    /// For the trust desk.
    [[nodiscard]] DocumentTaker taker();
    /// Tells when the list becomes older or ends.
    void tick(Now now);
    /// Somebody else may sign now, or something newer is named.
    void follow(const TrustState& trust);

    /// Adds the tare of the vehicle that was identified.
    void measure(PassageFacts& facts, WallTime now) const;
    /// One was taken and is not here any more: whoever keeps it is asked for it.
    [[nodiscard]] bool is_lost() const;
    [[nodiscard]] Object view(Now now) const;

private:
    /// The bound of the only row that the journal's database keeps: about 11 MiB.
    static constexpr std::size_t most_bytes = envelope_bytes(codec::most_vehicles_bytes);

    struct Loaded {
        VehicleList list;
        Hash256 hash{};  ///< of the payload
        std::map<std::string, std::size_t> by_plate;
    };
    using LoadedPtr = std::shared_ptr<const Loaded>;

    [[nodiscard]] static LoadedPtr loaded(VehicleList list, const Hash256& hash);
    [[nodiscard]] Result<LoadedPtr, codec::Refusal> read_back(const store::DocumentRow& row,
                                                              store::Quarantine* quarantine) const;
    [[nodiscard]] std::function<void()> enact(LoadedPtr vehicles, TakenDocument taken, Submission& submission, Now now);
    /// Somebody vouches for a newer list than this one.
    [[nodiscard]] bool superseded() const;
    [[nodiscard]] std::string state(WallTime wall) const;
    [[nodiscard]] const TareEntry* entry_of(const PlateNumber& plate) const;

    const runtime::Log& log_;
    Ports ports_;
    LoadedPtr vehicles_;  ///< durable
    std::optional<std::string> told_state_;
};

}  // namespace portcullis::gate
