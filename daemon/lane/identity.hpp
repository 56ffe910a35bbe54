#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/role.hpp"
#include "lane/reading_taken.hpp"

namespace portcullis::lane {

/// The two plates of one cross-border vehicle: its own of 粤Z and that of its home, which is none of GA 36.
[[nodiscard]] bool border_pair(const PlateNumber& one, const PlateNumber& other);

/// Readings of one passage, fused by kind: grammar first, then votes, which count readers and not frames.
class IdentityFusion {
public:
    /// Keeps `reading`; false when this reader said the same before (of which the best confidence counts), or has said
    /// too much (bounded).
    bool take(const ReadingTaken& reading);
    /// This reader answered with a reading, valid or not, or said that it could not read.
    [[nodiscard]] bool answered(Role reader) const;
    /// This reader gave something valid.
    [[nodiscard]] bool read(Role reader) const;
    /// Any reading of this passage has this normalised text: a late frame of the same vehicle.
    [[nodiscard]] bool knows(const std::string& normalised) const;

    /// The first reader that gave this text; null when none did.
    [[nodiscard]] const DeviceName* reader_of(const std::string& normalised) const;

    /// Distinct valid cargo container numbers, however many readers.
    [[nodiscard]] std::size_t containers_seen() const;
    /// One reader alone gave two valid cargo container numbers.
    [[nodiscard]] bool one_reader_saw_two() const;
    /// Who this is when the vehicle carries `boxes` boxes (nothing = unknown, or what the readers say).
    [[nodiscard]] PassageIdentity fuse(std::optional<int> boxes) const;
    /// How `reading` stands against the others now.
    [[nodiscard]] Accepted standing(const ReadingTaken& reading, std::optional<int> boxes) const;
    /// Distinct seal numbers, as read.
    [[nodiscard]] std::vector<std::string> seals() const;
    /// What readers say of the seals: one that is tampered or open counts; intact only where each number is called so.
    [[nodiscard]] SealState seal_state() const;
    [[nodiscard]] const std::vector<ReadingTaken>& readings() const { return readings_; }

    /// More distinct texts than these of one passage are noise; one noisy reader takes no other's place.
    static constexpr std::size_t most_readings = 128;
    static constexpr std::size_t most_of_one_reader = 24;

private:
    void fuse_plates(PassageIdentity& identity) const;

    std::vector<ReadingTaken> readings_;
};

}  // namespace portcullis::lane
