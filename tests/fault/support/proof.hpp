#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "codec/event_writer.hpp"
#include "store/order_cache.hpp"
#include "tests/fault/support/day.hpp"

namespace portcullis::fault {

inline constexpr std::size_t slice_of_orders = 10;
/// Batch n puts the same orders again, each with n as its text: a look-up that sees two numbers sees two generations.
[[nodiscard]] store::OrderBatchRows orders_of_batch(std::int64_t number);

/// What does not hold of a state that a fault left, against what the world was told before.
struct Broken {
    std::int64_t lost = 0;           ///< told durable, not there
    std::int64_t opened = 0;         ///< an arm went up, its record is not there
    std::int64_t gaps = 0;           ///< in the stored sequence, or the chain does not hold
    std::int64_t disordered = 0;     ///< the consumer would see another event under a number that it has
    std::int64_t corrupt = 0;        ///< it cannot be opened, or is set aside
    std::int64_t mixed_batches = 0;  ///< orders of two generations at once, or of none that was told
    std::string first;               ///< in words

    Broken& operator+=(const Broken& other);
    [[nodiscard]] bool none() const { return lost + opened + gaps + disordered + corrupt + mixed_batches == 0; }
};

/// Opens what is there as the next start does, and compares it with every word.
class Proof {
public:
    Proof();
    [[nodiscard]] Broken look(const std::filesystem::path& directory, const std::string& file_system,
                              std::span<const Word> words) const;

private:
    void look_at_events(store::Journal& journal, std::span<const Word> words, Broken& broken) const;
    static void look_at_orders(store::OrderCache& cache, std::span<const Word> words, Broken& broken);

    codec::EventCatalogue catalogue_;
    codec::EventWriter events_;
};

}  // namespace portcullis::fault
