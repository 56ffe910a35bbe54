#include "tests/bench/noisy_readers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace portcullis::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::array readers{Role::container_left, Role::container_right, Role::container_rear};
constexpr std::array<std::string_view, 12> owners{"MSKU", "MSCU", "COSU", "CSQU", "EMCU", "EGHU",
                                                  "HLXU", "TGHU", "OOLU", "FCIU", "BSIU", "ZIMU"};

/// What recognisers take for each other, whatever class it is of.
struct LookAlike {
    char one;
    char other;
};
constexpr auto look_alikes = std::to_array<LookAlike>({
    {'0', 'O'}, {'0', 'D'}, {'0', 'Q'}, {'1', 'I'}, {'1', 'L'}, {'2', 'Z'}, {'4', 'A'}, {'5', 'S'},
    {'6', 'G'}, {'7', 'T'}, {'8', 'B'}, {'3', '8'}, {'5', '6'}, {'1', '7'}, {'0', '8'}, {'0', '6'},
    {'6', '8'}, {'9', '8'}, {'C', 'G'}, {'E', 'F'}, {'M', 'N'}, {'U', 'V'}, {'O', 'Q'}, {'O', 'D'},
    {'P', 'R'}, {'K', 'X'}, {'G', 'Q'}, {'H', 'N'}, {'B', 'R'}, {'U', 'J'},
});

constexpr bool is_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

/// The valid number of an owner and a serial.
ContainerNumber numbered(std::string_view owner, std::size_t serial) {
    auto text = std::string{owner} + std::to_string(1'000'000 + serial % 1'000'000).substr(1);
    for (char check = '0'; check <= '9'; ++check) {
        if (auto number = ContainerNumber::parse(text + check)) {
            return *number;
        }
    }
    throw std::logic_error{"no check digit fits " + text};
}

PlateNumber plate_of(std::size_t truck) {
    return PlateNumber::parse("闽D" + std::to_string(10'000 + truck % 90'000)).value();
}

}  // namespace

NoisyPort::NoisyPort(std::uint64_t seed, std::size_t boxes) : dice_(seed) {
    add_fleets(boxes);
}

void NoisyPort::add_fleets(std::size_t boxes) {
    constexpr std::size_t fleet = 2'000;
    while (yard_.size() < boxes) {
        const auto owner = owners[below(owners.size())];
        const auto first = below(900'000);
        for (std::size_t i = 0; i < 40 && yard_.size() < boxes; ++i) {
            yard_.push_back({numbered(owner, first + below(fleet)), plate_of(0), chance(500'000)});
        }
    }
    std::sort(yard_.begin(), yard_.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    yard_.erase(
        std::unique(yard_.begin(), yard_.end(), [](const auto& a, const auto& b) { return a.number == b.number; }),
        yard_.end());
    for (std::size_t i = 0; i < yard_.size(); ++i) {
        yard_[i].plate = i < yard_.size() / 2 ? plate_of(below(90'000)) : yard_[twin_of(i)].plate;
    }
}

std::size_t NoisyPort::twin_of(std::size_t box) const {
    const auto half = yard_.size() / 2;
    return box < half ? box + half : (box - half) % half;
}

const YardBox* NoisyPort::find(const ContainerNumber& number) const {
    const auto found =
        std::lower_bound(yard_.begin(), yard_.end(), number,
                         [](const YardBox& box, const ContainerNumber& one) { return box.number < one; });
    return found == yard_.end() || found->number != number ? nullptr : &*found;
}

char NoisyPort::look_alike(char c, bool class_known) {
    std::string others;
    for (const auto& pair : look_alikes) {
        const auto other = pair.one == c ? pair.other : pair.other == c ? pair.one : c;
        if (other != c && (!class_known || is_letter(other) == is_letter(c))) {
            others.push_back(other);
        }
    }
    return others.empty() ? c : others[below(others.size())];
}

std::string NoisyPort::misread(std::string text, int character_ppm, const Noise& noise) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view digits = "0123456789";
    for (auto& c : text) {
        if (!chance(character_ppm)) {
            continue;
        }
        const bool class_known = chance(noise.class_known);
        if (chance(noise.confused)) {
            c = look_alike(c, class_known);
        } else {
            const bool letter = class_known ? is_letter(c) : chance(500'000);
            c = letter ? letters[below(letters.size())] : digits[below(digits.size())];
        }
    }
    return text;
}

std::string NoisyPort::spoilt(std::string text, const Noise& noise) {
    if (chance(noise.lost_character)) {
        text.erase(below(text.size()), 1);
    }
    if (chance(noise.added_character)) {
        const auto at = below(text.size());
        text.insert(at, 1, text[at]);
    }
    if (chance(noise.cut_text)) {
        text.resize(text.size() - 1 - below(4));
    }
    return text;
}

std::string NoisyPort::damaged(std::string text) {
    const auto at = below(text.size());
    text[at] = look_alike(text[at], chance(500'000));
    return text;
}

void NoisyPort::add_frames(NoisyVehicle& vehicle, Role reader, const std::vector<std::string>& painted,
                           const Noise& noise) {
    const bool dirty = chance(noise.dirty_box);
    for (std::size_t box = 0; box < painted.size(); ++box) {
        // The rear reader sees the door of the last box only.
        if (chance(noise.unread) || (reader == Role::container_rear && box + 1 < painted.size())) {
            continue;
        }
        const auto text = spoilt(misread(painted[box], dirty ? noise.dirty_character : noise.character, noise), noise);
        const auto frames = 1 + below(4);
        for (std::size_t frame = 0; frame < frames; ++frame) {
            // Frames of one reader see the same dirt: most say the same again.
            const auto again = frame == 0 || chance(850'000) ? text : misread(text, noise.dirty_character, noise);
            const auto at = std::chrono::milliseconds{800 + 900 * box + 60 * frame + below(200)};
            vehicle.readings.push_back({reader, again, static_cast<int>((dirty ? 50 : 80) + below(20)), at});
        }
    }
}

void NoisyPort::add_foreign(NoisyVehicle& vehicle, const Noise& noise) {
    for (const auto reader : readers) {
        if (chance(noise.foreign_truck) && chance(noise.foreign_in_window)) {
            const auto number = any_box().number.text();
            vehicle.readings.push_back({reader, number, static_cast<int>(80 + below(20)), 1500ms});
            if (chance(noise.foreign_twice)) {
                vehicle.readings.push_back({readers[below(readers.size())], number, 85, 1600ms});
            }
        }
        if (chance(noise.ghost_box)) {
            vehicle.readings.push_back({reader, any_box().number.text(), static_cast<int>(40 + below(40)), 1700ms});
        }
    }
}

NoisyVehicle NoisyPort::vehicle(const Noise& noise) {
    const auto first = below(yard_.size());
    NoisyVehicle vehicle{{yard_[first].number}, yard_[first].plate, {}};
    if (chance(120'000)) {
        vehicle.boxes.push_back(yard_[twin_of(first)].number);
    }
    std::vector<std::string> painted;
    for (const auto& box : vehicle.boxes) {
        painted.push_back(chance(noise.damaged_box) ? damaged(box.text()) : box.text());
    }
    for (const auto reader : readers) {
        add_frames(vehicle, reader, painted, noise);
    }
    add_foreign(vehicle, noise);
    std::shuffle(vehicle.readings.begin(), vehicle.readings.end(), dice_);
    return vehicle;
}

NoisyVehicle NoisyPort::misread(const Noise& noise) {
    const auto& box = any_box();
    const auto right = box.number.text();
    auto text = right;
    while (text == right) {
        text = spoilt(misread(right, noise.dirty_character, noise), noise);
    }
    return {{box.number}, box.plate, {{Role::container_rear, text, 70, 900ms}}};
}

}  // namespace portcullis::bench
