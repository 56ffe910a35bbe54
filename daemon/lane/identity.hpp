#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/facts.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/role.hpp"

namespace portcullis::lane {

/// What became of one reading (events.md, reading.taken: accepted).
enum class Accepted : std::uint8_t { yes, no, outvoted };

/// One distinct text of one reader. A reader that says the same again says nothing new.
struct ReadingTaken {
    Role reader = Role::plate_front;
    DeviceName device;
    ReadingKind kind = ReadingKind::container;
    Face face = Face::not_applicable;
    std::string raw;
    std::string normalised;
    std::string defect = "none";
    std::optional<int> confidence;
    std::string device_time;
    std::optional<ContainerNumber> container;  ///< valid and a cargo container
    std::optional<PlateNumber> plate;
    [[nodiscard]] bool valid() const { return defect == "none"; }
};

/// Normalises and judges a reading by grammar alone; never repairs.
[[nodiscard]] ReadingTaken judge(Role reader, const DeviceName& device, const Reading& reading);

/// The two plates of one cross-border vehicle: its own of 粤Z and that of its home, which is none of GA 36.
[[nodiscard]] bool border_pair(const PlateNumber& one, const PlateNumber& other);

/// Readings of one passage, fused by kind: grammar first, then votes, which count readers and not frames.
class IdentityFusion {
public:
    /// Keeps `reading`; false when this reader said the same before, or has said too much (bounded).
    bool take(const ReadingTaken& reading);
    /// This reader answered with a reading, valid or not, or said that it could not read.
    [[nodiscard]] bool answered(Role reader) const;
    /// This reader gave something valid.
    [[nodiscard]] bool read(Role reader) const;
    /// Any reading of this passage has this normalised text: a late frame of the same vehicle.
    [[nodiscard]] bool knows(const std::string& normalised) const;

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
    [[nodiscard]] const std::vector<ReadingTaken>& readings() const { return readings_; }

    /// More distinct texts than this from one passage are noise.
    static constexpr std::size_t most_readings = 64;

private:
    [[nodiscard]] std::vector<IdentifiedContainer> ranked_containers() const;
    void fuse_containers(PassageIdentity& identity, std::optional<int> boxes) const;
    void fuse_plates(PassageIdentity& identity) const;

    std::vector<ReadingTaken> readings_;
};

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::Accepted> = std::to_array<EnumText<lane::Accepted>>({
    {lane::Accepted::yes, "yes"},
    {lane::Accepted::no, "no"},
    {lane::Accepted::outvoted, "outvoted"},
});

}  // namespace portcullis
