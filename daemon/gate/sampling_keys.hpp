#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "codec/refusal.hpp"
#include "codec/sampling_key_document.hpp"
#include "core/facts.hpp"
#include "core/hash256.hpp"
#include "core/result.hpp"
#include "core/verdict.hpp"
#include "store/failure.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "trust/sampling_key.hpp"

namespace portcullis::gate {

/// Reads the gate's own X25519 key from `box.key` of the state directory (64 hex digits, mode 0600), or makes one from
/// `ids`. A file that holds something else is refused and left alone: what was sealed to it could not be opened again.
[[nodiscard]] Result<trust::BoxKeyPair, store::StoreFailure> open_box_key(const std::filesystem::path& state,
                                                                          const IdSource& ids);

/// The keys that this gate draws with (docs/sampling.md). On disk they stay sealed; opened they live here.
class SamplingKeys {
public:
    static constexpr std::size_t most_keys = 64;

    SamplingKeys(trust::BoxKeyPair box, std::string terminal, std::string gate);

    /// What is wrong with a document whose signatures are good, or nothing. Looks at no key that is held: on any
    /// thread.
    [[nodiscard]] std::optional<codec::Refusal> refusal_of(const codec::SamplingKeyDocument& document) const;
    /// The same, and holds the key. `payload`: the document's hash, by which it is known when it comes again.
    [[nodiscard]] std::optional<codec::Refusal> take(const codec::SamplingKeyDocument& document,
                                                     const Hash256& payload = {});
    [[nodiscard]] bool holds(const std::string& key_id, const Hash256& payload) const;
    /// Which key goes when this one is taken: of too many the one whose period ended first.
    [[nodiscard]] std::optional<std::string> gone_for(const codec::SamplingKeyDocument& document) const;
    /// To which central seals.
    [[nodiscard]] std::string public_key() const { return box_.public_key().text(); }

    /// The key that the ruleset names for this gate and time, when it is here and is the one that the ruleset commits
    /// to. The whole error band of the clock must lie in its period.
    [[nodiscard]] const trust::SamplingSecret* key_at(const Sampling& sampling, const DecisionBasis& basis,
                                                      std::string& key_id) const;
    /// Puts the tickets of every box with a declaration into the facts. Without a key there are none.
    void draw(const supervision::CompiledRuleset& ruleset, const OrdersFound& found, const DecisionBasis& basis,
              PassageFacts& facts) const;
    /// So that the draw can be told with the verdict.
    static void tell(const PassageFacts& facts, Verdict& verdict);

private:
    struct Held {
        WallTime to;
        trust::SamplingSecret secret;
        Hash256 payload{};
    };
    [[nodiscard]] std::optional<trust::SamplingSecret> opened(const codec::SamplingKeyDocument& document) const;

    trust::BoxKeyPair box_;
    std::string terminal_;
    std::string gate_;
    std::map<std::string, Held, std::less<>> keys_;
};

}  // namespace portcullis::gate
