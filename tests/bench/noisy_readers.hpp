#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "core/container_number.hpp"
#include "core/ids.hpp"
#include "core/plate_number.hpp"
#include "core/role.hpp"

/// A port of boxes, and readers that misread them. Every number is from one seed; docs/fusion.md says why each rate is
/// what it is.
namespace portcullis::bench {

/// How often readers go wrong, in millionths.
struct Noise {
    int unread = 40'000;     ///< a reader gives nothing of a vehicle
    int dirty_box = 60'000;  ///< every character of it is misread with `dirty_character`
    int character = 3'000;   ///< of a clean one
    int dirty_character = 50'000;
    int damaged_box = 5'000;     ///< one painted character that all readers take for the same other one
    int lost_character = 8'000;  ///< of one frame
    int cut_text = 15'000;       ///< the last characters are missing
    int added_character = 3'000;
    int class_known = 600'000;        ///< the recogniser knows where letters and where digits stand
    int confused = 750'000;           ///< of misread characters: by a table of look-alikes, else any character
    int foreign_truck = 3'000;        ///< a reader gives the number of the vehicle in the next lane
    int foreign_in_window = 300'000;  ///< of these, while this vehicle is there; all others are no reading of it
    int foreign_twice = 100'000;      ///< of these, a second reader gives it too
    int ghost_box = 2'000;            ///< a box in the stack behind
};

/// One text of one reader.
struct NoisyReading {
    Role reader = Role::container_rear;
    std::string text;
    int confidence = 90;
    std::chrono::milliseconds at{0};
};

/// What stands at the stop line, and what the readers say of it.
struct NoisyVehicle {
    std::vector<ContainerNumber> boxes;  ///< fore, aft
    PlateNumber plate;
    std::vector<NoisyReading> readings;
};

/// A box that may leave, and the truck that may fetch it.
struct YardBox {
    ContainerNumber number;
    PlateNumber plate;
    bool plate_on_order = false;
};

class NoisyPort {
public:
    /// Boxes stand in fleets of neighbouring numbers, as shipping lines buy them.
    NoisyPort(std::uint64_t seed, std::size_t boxes);

    [[nodiscard]] NoisyVehicle vehicle(const Noise& noise);
    /// A vehicle with one box, of which one reader gives one text that is misread somewhere.
    [[nodiscard]] NoisyVehicle misread(const Noise& noise);
    [[nodiscard]] const std::vector<YardBox>& yard() const { return yard_; }
    /// The order's box of this number; null when no order names it.
    [[nodiscard]] const YardBox* find(const ContainerNumber& number) const;

private:
    [[nodiscard]] bool chance(int ppm) { return below(1'000'000) < static_cast<std::size_t>(ppm); }
    [[nodiscard]] std::size_t below(std::size_t bound) { return dice_() % bound; }
    [[nodiscard]] const YardBox& any_box() { return yard_[below(yard_.size())]; }
    [[nodiscard]] char look_alike(char c, bool class_known);
    [[nodiscard]] std::string misread(std::string text, int character_ppm, const Noise& noise);
    [[nodiscard]] std::string spoilt(std::string text, const Noise& noise);
    [[nodiscard]] std::string damaged(std::string text);
    void add_frames(NoisyVehicle& vehicle, Role reader, const std::vector<std::string>& painted, const Noise& noise);
    void add_foreign(NoisyVehicle& vehicle, const Noise& noise);
    void add_fleets(std::size_t boxes);
    /// The box that the same truck fetches, where it fetches two.
    [[nodiscard]] std::size_t twin_of(std::size_t box) const;

    std::mt19937_64 dice_;
    std::vector<YardBox> yard_;  ///< ascending
};

}  // namespace portcullis::bench
