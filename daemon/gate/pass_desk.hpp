#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/passes_document.hpp"
#include "core/facts.hpp"
#include "core/passes.hpp"
#include "core/value.hpp"
#include "gate/document_taker.hpp"
#include "gate/journal_desk.hpp"
#include "gate/trust_state.hpp"
#include "lane/usage.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// The pass list (docs/passes.md): one at a time, the newest. Without one, and with one that cannot be read back, no
/// vehicle has a pass. Plates and holders never leave it but as facts of their own vehicle's passage.
class PassDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<const TrustState&()> trust;
        /// Another list counts, or none: lanes that wait ask again, and what was released is looked at again.
        std::function<void()> changed;
    };

    PassDesk(const runtime::Log& log, const lane::UsageLedger& ledger, Ports ports);

    /// Reads the list back. Before any lane runs, and before the journal's worker has its first work.
    void load(store::Journal& journal, store::Quarantine* quarantine);
    /// For the trust desk.
    [[nodiscard]] DocumentTaker taker();
    /// Tells when the list becomes older or ends.
    void tick(Now now);
    /// Somebody else may sign now, or something newer is named.
    void follow(const TrustState& trust);

    /// The places that this vehicle's passes may need.
    [[nodiscard]] std::vector<UsageKey> places(const PassageFacts& facts) const;
    /// A place of this pass may be asked for: it is in the list, or no list is here to say so.
    [[nodiscard]] bool may_count(std::string_view pass) const;
    /// Adds the vehicle's passes; `taken` are places that are not free, of whatever was asked.
    void measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const;
    /// One was taken and is not here any more: whoever keeps it is asked for it.
    [[nodiscard]] bool is_lost() const;
    [[nodiscard]] Object view(Now now) const;

private:
    /// The bound of the only row that the journal's database keeps: about 11 MiB.
    static constexpr std::size_t most_bytes = envelope_bytes(codec::most_passes_bytes);

    /// A list and where each vehicle's passes are in it.
    struct Loaded {
        PassList list;
        Hash256 hash{};  ///< of the payload
        std::multimap<std::string, std::size_t> by_plate;
        std::set<std::string, std::less<>> counted;  ///< ids of those that admit so many times
    };
    using LoadedPtr = std::shared_ptr<const Loaded>;

    [[nodiscard]] static LoadedPtr loaded(PassList list, const Hash256& hash);
    [[nodiscard]] Result<LoadedPtr, codec::Refusal> read_back(const store::DocumentRow& row,
                                                              store::Quarantine* quarantine) const;
    [[nodiscard]] std::function<void()> enact(LoadedPtr passes, TakenDocument taken, Submission& submission, Now now);
    /// Somebody vouches for a newer list than this one.
    [[nodiscard]] bool superseded() const;
    [[nodiscard]] std::string state(WallTime wall) const;
    [[nodiscard]] std::vector<const Pass*> passes_of(const PassageFacts& facts, WallTime now) const;

    const runtime::Log& log_;
    const lane::UsageLedger& ledger_;
    Ports ports_;
    LoadedPtr passes_;  ///< durable
    std::optional<std::string> told_state_;
};

}  // namespace portcullis::gate
