#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/container_number.hpp"
#include "core/ids.hpp"
#include "core/observation.hpp"
#include "core/plate_number.hpp"
#include "core/role.hpp"
#include "core/time.hpp"

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
    Instant at;                     ///< at the wire
    std::optional<SealFacts> seal;  ///< what a reader of seals says beside the number
    [[nodiscard]] bool valid() const { return defect == "none"; }
};

/// Normalises and judges a reading by grammar alone; never repairs.
[[nodiscard]] ReadingTaken judge(Role reader, const DeviceName& device, const Reading& reading, Instant at);

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::Accepted> = std::to_array<EnumText<lane::Accepted>>({
    {lane::Accepted::yes, "yes"},
    {lane::Accepted::no, "no"},
    {lane::Accepted::outvoted, "outvoted"},
});

}  // namespace portcullis
