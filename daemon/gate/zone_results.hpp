#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "core/container_number.hpp"
#include "core/hash256.hpp"
#include "core/measures.hpp"
#include "core/time.hpp"
#include "core/value.hpp"

namespace portcullis::gate {

/// What a gate keeps of a zone result: enough to judge by, and none of the persons.
struct KeptResult {
    ZoneResult result;
    WallTime issued;
    WallTime expires;  ///< from then on it answers nothing; what it holds it goes on to hold
    Hash256 hash{};    ///< of its payload
};

/// The newest zone result of each box. Pure: no clock, no store. Bounded: for a new box the oldest `pass` makes room,
/// and where all others failed, the new one is refused, so that nothing that holds is ever forgotten.
class ZoneResults {
public:
    static constexpr std::size_t most_results = 4096;

    enum class Standing : std::uint8_t {
        newer,
        repeated,  ///< the very same document
        older,     ///< an inspection that ended later is known
        other,     ///< the same id with other bytes
        full
    };
    [[nodiscard]] Standing standing_of(const KeptResult& result) const;
    /// Keeps what is `newer`; the box whose result made room for it, if any.
    std::optional<ContainerNumber> keep(KeptResult result);
    [[nodiscard]] const KeptResult* of(const ContainerNumber& container) const;
    [[nodiscard]] std::size_t size() const { return results_.size(); }

    /// As it survives a restart, in the gate's notes.
    [[nodiscard]] static Object note_of(const KeptResult& result);
    /// Takes a note back; false when it cannot be read.
    [[nodiscard]] bool recall(const Value& note);

private:
    [[nodiscard]] std::map<ContainerNumber, KeptResult>::const_iterator oldest_pass() const;

    std::map<ContainerNumber, KeptResult> results_;
};

}  // namespace portcullis::gate
