#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/passes_document.hpp"
#include "core/facts.hpp"
#include "core/passes.hpp"
#include "core/result.hpp"
#include "gate/document_taker.hpp"
#include "gate/signed_list.hpp"
#include "lane/usage.hpp"
#include "runtime/log.hpp"

namespace portcullis::gate {

/// A pass list, and where each vehicle's passes are in it.
struct ListedPasses {
    using Document = PassList;
    static constexpr auto kind = DocumentKind::passes;
    static constexpr std::string_view noun = "pass list";
    static constexpr std::string_view without = "nobody has a pass";
    /// The bound of the only row that the journal's database keeps: about 11 MiB.
    static constexpr std::size_t most_bytes = envelope_bytes(codec::most_passes_bytes);
    static constexpr bool always_told = true;

    explicit ListedPasses(PassList passes);
    [[nodiscard]] static Result<PassList, codec::Refusal> read(std::string_view payload);
    [[nodiscard]] std::size_t size() const { return list.passes.size(); }
    /// How many there are, and nobody's plate.
    [[nodiscard]] DocumentChanges counted() const;

    PassList list;
    std::multimap<std::string, std::size_t> by_plate;
    std::set<std::string, std::less<>> counts;  ///< ids of those that admit so many times
};

/// What the pass list (docs/passes.md) says of a vehicle. Without one, and with one that cannot be read back, none has
/// a pass. Plates and holders never leave it but as facts of their own vehicle's passage.
class PassDesk : public SignedList<ListedPasses> {
public:
    PassDesk(const runtime::Log& log, const lane::UsageLedger& ledger, Ports ports);

    /// The places that this vehicle's passes may need.
    [[nodiscard]] std::vector<UsageKey> places(const PassageFacts& facts) const;
    /// A place of this pass may be asked for: it is in the list, or no list is here to say so.
    [[nodiscard]] bool may_count(std::string_view pass) const;
    /// Adds the vehicle's passes; `taken` are places that are not free, of whatever was asked.
    void measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const;

private:
    [[nodiscard]] std::vector<const Pass*> passes_of(const PassageFacts& facts, WallTime now) const;

    const lane::UsageLedger& ledger_;
};

}  // namespace portcullis::gate
