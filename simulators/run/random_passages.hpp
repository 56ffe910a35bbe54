#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "simulators/rig/gate_rig.hpp"

namespace portcullis::run {

/// What may become of a shortened passage.
enum class PassageKind : std::uint8_t { released, held, without_order, backs_out };

/// One vehicle of a series: what it shows, and what it is to do.
struct ShortPassage {
    PassageKind kind = PassageKind::released;
    std::string plate;
    std::string container;
};

/// `count` passages in a random order, each with a container and a plate of its own.
[[nodiscard]] std::vector<ShortPassage> random_passages(std::size_t count, std::mt19937_64& random);

/// The orders that they need, as objects of contracts.md 4 for `ciq`.
[[nodiscard]] std::vector<std::string> orders_for(const std::vector<ShortPassage>& passages, WallTime now);

/// Plays passages one after the other on a lane without a world: inputs are set directly, as fast as the lane's own
/// rules allow, and follow what its outputs say.
class ShortPassages {
public:
    ShortPassages(rig::LaneRig& lane, const runtime::Clock& clock, std::uint64_t seed);

    void play(ShortPassage passage) { waiting_.push_back(std::move(passage)); }
    /// After each step of the lane.
    void step();
    [[nodiscard]] bool idle() const { return waiting_.empty() && at_ == At::gap; }
    [[nodiscard]] std::int64_t played() const { return played_; }
    /// Released ones for which no arm went up in time.
    [[nodiscard]] std::int64_t unserved() const { return unserved_; }

private:
    enum class At : std::uint8_t { gap, arriving, waiting, opening, going, leaving, closing, gone_back };

    void go_to(At at, std::chrono::milliseconds due);
    void begin();
    void wait_for_arm();
    void go_through();
    [[nodiscard]] std::chrono::milliseconds random_ms(int from, int to);
    [[nodiscard]] bool output(std::size_t index) { return lane_.io().output(index); }

    rig::LaneRig& lane_;
    const runtime::Clock& clock_;
    std::mt19937_64 random_;
    std::vector<ShortPassage> waiting_;
    ShortPassage now_playing_;
    At at_ = At::gap;
    int part_ = 0;  ///< of `going`
    Instant now_;
    Instant due_;
    Instant since_;
    std::int64_t played_ = 0;
    std::int64_t unserved_ = 0;
};

}  // namespace portcullis::run
