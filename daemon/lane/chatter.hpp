#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "core/time.hpp"

namespace portcullis::lane {

/// Tells a contact that flutters from vehicles: it rises more often than axles can make it.
class Chatter {
public:
    void rose(Instant now);
    /// From when it has fluttered; nothing when it does not, or has been quiet for long enough.
    [[nodiscard]] std::optional<Instant> since(Instant now) const;
    /// When it will have been quiet for long enough, while it flutters.
    [[nodiscard]] std::optional<Instant> over_at() const;

    /// A road train at walking pace has some seven groups of axles in ten seconds.
    static constexpr std::size_t rises = 12;
    static constexpr std::chrono::seconds within{10};
    static constexpr std::chrono::seconds quiet{30};

private:
    std::array<Instant, rises> last_{};  ///< a ring of the newest rises
    std::size_t count_ = 0;
    std::optional<Instant> since_;
    std::optional<Instant> newest_;
};

}  // namespace portcullis::lane
