#include "lane/container_fusion.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace portcullis::lane {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t number_length = 11;
constexpr std::size_t shortest_part = 6;
constexpr std::size_t most_wrong = 2;   ///< of a text that is still the same number's
constexpr std::size_t least_wrong = 5;  ///< of one that is another's
/// A camera that stands still sees the box ahead first. Closer together than this says nothing.
constexpr auto apart = 200ms;

std::size_t differences(std::string_view a, std::string_view b) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        count += a[i] == b[i] ? 0U : 1U;
    }
    return count;
}

/// The fewest characters exchanged, lost or added between the two.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] = std::min({row[j - 1] + 1, above + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

/// Letters before, digits behind, of about the right length: a number with faults, and no lettering. A generator's or
/// chassis's number ends its letters with J or Z.
bool looks_like_a_number(std::string_view text) {
    if (text.size() + 1 < number_length || text.size() > number_length + 1) {
        return false;
    }
    const auto letters = std::count_if(text.begin(), text.begin() + 4, [](char c) { return c >= 'A' && c <= 'Z'; });
    const auto digits = std::count_if(text.begin() + 4, text.end(), [](char c) { return c >= '0' && c <= '9'; });
    return letters >= 3 && digits >= 5 && text[3] != 'J' && text[3] != 'Z';
}

/// A reader of containers that gave a text with a defect.
bool is_partial(const ReadingTaken& reading) {
    return reading.kind == ReadingKind::container && !reading.container && !reading.raw.empty() &&
           reading.defect != "not_cargo";
}

/// Readers that read a part of `box` and never all of it.
int partly_read_by(const IdentifiedContainer& box, const std::vector<ReadingTaken>& readings) {
    std::set<DeviceName> readers;
    for (const auto& reading : readings) {
        if (is_partial(reading) &&
            std::find(box.readers.begin(), box.readers.end(), reading.device) == box.readers.end() &&
            may_be_of(reading.normalised, box.number)) {
            readers.insert(reading.device);
        }
    }
    return static_cast<int>(readers.size());
}

void count_votes(const std::vector<ReadingTaken>& readings, std::vector<IdentifiedContainer>& ranked) {
    for (const auto& reading : readings) {
        if (!reading.container) {
            continue;
        }
        auto row = std::find_if(ranked.begin(), ranked.end(),
                                [&](const auto& one) { return one.number == *reading.container; });
        if (row == ranked.end()) {
            ranked.push_back({*reading.container, LoadPosition::not_applicable, "", 1, {reading.device}});
            row = ranked.end() - 1;
        } else if (std::find(row->readers.begin(), row->readers.end(), reading.device) == row->readers.end()) {
            row->readers.push_back(reading.device);
            ++row->votes;
        }
        if (reading.confidence && (!row->confidence || *row->confidence < *reading.confidence)) {
            row->confidence = reading.confidence;
        }
    }
    for (auto& row : ranked) {
        std::sort(row.readers.begin(), row.readers.end());
    }
}

/// The one box that this reader read; none when it read several.
IdentifiedContainer* only_box_of(const DeviceName& device, std::vector<IdentifiedContainer>& ranked) {
    IdentifiedContainer* only = nullptr;
    for (auto& row : ranked) {
        if (std::find(row.readers.begin(), row.readers.end(), device) != row.readers.end()) {
            if (only != nullptr) {
                return nullptr;
            }
            only = &row;
        }
    }
    return only;
}

/// A size type belongs to the box that the same reader read, if it read only one; most readers win, a tie is unknown.
void add_size_types(const std::vector<ReadingTaken>& readings, std::vector<IdentifiedContainer>& ranked) {
    std::map<const IdentifiedContainer*, std::map<std::string, std::set<DeviceName>>> votes;
    for (const auto& reading : readings) {
        if (reading.kind == ReadingKind::size_type && reading.valid()) {
            if (const auto* box = only_box_of(reading.device, ranked)) {
                votes[box][reading.normalised].insert(reading.device);
            }
        }
    }
    for (auto& row : ranked) {
        std::size_t most = 0;
        for (const auto& [text, readers] : votes[&row]) {
            if (readers.size() >= most) {
                row.size_type = readers.size() > most ? text : "";
                most = readers.size();
            }
        }
    }
}

std::optional<Instant> first_seen(const ContainerNumber& number, const DeviceName& device,
                                  const std::vector<ReadingTaken>& readings) {
    std::optional<Instant> first;
    for (const auto& reading : readings) {
        if (reading.container == number && reading.device == device && (!first || reading.at < *first)) {
            first = reading.at;
        }
    }
    return first;
}

bool seen_from(Face face, const ContainerNumber& number, const std::vector<ReadingTaken>& readings) {
    return std::any_of(readings.begin(), readings.end(), [&](const ReadingTaken& reading) {
        return reading.face == face && reading.container == number;
    });
}

/// Above 0: `a` is ahead of `b`; below: behind; 0: nobody knows.
int ahead_by_face(const ContainerNumber& a, const ContainerNumber& b, const std::vector<ReadingTaken>& readings) {
    const auto one_sided = [&](Face face) {
        return static_cast<int>(seen_from(face, a, readings)) - static_cast<int>(seen_from(face, b, readings));
    };
    const auto front = one_sided(Face::front);
    const auto rear = -one_sided(Face::rear);
    return front != 0 && rear != 0 && front != rear ? 0 : std::clamp(front + rear, -1, 1);
}

/// By the readers that saw both pass by; nobody knows where they contradict each other.
int ahead_by_time(const ContainerNumber& a, const ContainerNumber& b, const std::vector<ReadingTaken>& readings) {
    std::set<DeviceName> devices;
    for (const auto& reading : readings) {
        if (reading.face == Face::left || reading.face == Face::right || reading.face == Face::roof) {
            devices.insert(reading.device);
        }
    }
    int ahead = 0;
    for (const auto& device : devices) {
        const auto first = first_seen(a, device, readings);
        const auto second = first_seen(b, device, readings);
        if (!first || !second || (*first - *second < apart && *second - *first < apart)) {
            continue;
        }
        const int says = *first < *second ? 1 : -1;
        if (ahead == -says) {
            return 0;
        }
        ahead = says;
    }
    return ahead;
}

void place_twins(const std::vector<ReadingTaken>& readings, std::vector<IdentifiedContainer>& boxes) {
    if (boxes.size() != 2) {
        return;
    }
    auto ahead = ahead_by_face(boxes[0].number, boxes[1].number, readings);
    ahead = ahead != 0 ? ahead : ahead_by_time(boxes[0].number, boxes[1].number, readings);
    if (ahead != 0) {
        boxes[0].position = ahead > 0 ? LoadPosition::fore : LoadPosition::aft;
        boxes[1].position = ahead > 0 ? LoadPosition::aft : LoadPosition::fore;
    }
}

/// Those above the tie stand; of those in it none does.
void drop_tie(std::size_t most, std::vector<IdentifiedContainer>& ranked, PassageIdentity& identity) {
    const auto rank_of = [](const IdentifiedContainer& row) { return std::pair{row.votes, row.parts}; };
    const auto last = rank_of(ranked[most - 1]);
    if (rank_of(ranked[most]) != last) {
        ranked.erase(ranked.begin() + static_cast<std::ptrdiff_t>(most), ranked.end());
        return;
    }
    Disagreement tie{ReadingKind::container, {}};
    for (const auto& row : ranked) {
        if (rank_of(row) == last) {
            tie.texts.push_back(row.number.text());
        }
    }
    identity.disagreements.push_back(std::move(tie));
    std::erase_if(ranked, [&](const auto& row) { return rank_of(row) <= last; });
}

/// The first by its letters of what other readers than `box`'s saw that is none of `all`.
std::optional<std::string> other_box_seen(const IdentifiedContainer& box, const std::vector<IdentifiedContainer>& all,
                                          const std::vector<ReadingTaken>& readings) {
    std::optional<std::string> seen;
    for (const auto& reading : readings) {
        if (is_partial(reading) && reading.device != box.readers.front() && (!seen || reading.normalised < *seen) &&
            is_of_another(reading.normalised, all)) {
            seen = reading.normalised;
        }
    }
    return seen;
}

/// One reader alone gave the number, and another one saw a box that is none of these: one of the two looked at another
/// vehicle, and nobody knows which.
void doubt_single_readers(const std::vector<ReadingTaken>& readings, std::vector<IdentifiedContainer>& boxes,
                          PassageIdentity& identity) {
    const auto all = boxes;
    std::erase_if(boxes, [&](const IdentifiedContainer& box) {
        const auto other = box.votes + box.parts > 1 ? std::nullopt : other_box_seen(box, all, readings);
        if (other) {
            identity.disagreements.push_back({ReadingKind::container, {box.number.text(), *other}});
        }
        return other.has_value();
    });
}

}  // namespace

bool may_be_of(std::string_view text, const ContainerNumber& number) {
    const auto whole = number.text();
    if (text.size() >= shortest_part && text.size() < number_length) {
        return distance(text, whole) == number_length - text.size();
    }
    if (text.size() == number_length) {
        return differences(text, whole) <= most_wrong;
    }
    return text.size() == number_length + 1 && distance(text, whole) <= most_wrong;
}

bool is_of_another(std::string_view text, const std::vector<IdentifiedContainer>& boxes) {
    return looks_like_a_number(text) && std::none_of(boxes.begin(), boxes.end(), [&](const auto& box) {
               return distance(text, box.number.text()) < least_wrong;
           });
}

std::vector<IdentifiedContainer> ranked_containers(const std::vector<ReadingTaken>& readings) {
    std::vector<IdentifiedContainer> ranked;
    count_votes(readings, ranked);
    add_size_types(readings, ranked);
    for (auto& row : ranked) {
        row.parts = partly_read_by(row, readings);
    }
    std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
        return std::tuple{-a.votes, -a.parts, a.number} < std::tuple{-b.votes, -b.parts, b.number};
    });
    return ranked;
}

void fuse_containers(const std::vector<ReadingTaken>& readings, std::optional<int> boxes, PassageIdentity& identity) {
    auto ranked = ranked_containers(readings);
    // Two different valid numbers are a twin when two boxes are known, or when the readers are the load.
    const auto most = static_cast<std::size_t>(boxes ? std::max(*boxes, 1) : 1);
    if (ranked.size() > most) {
        drop_tie(most, ranked, identity);
    }
    doubt_single_readers(readings, ranked, identity);
    place_twins(readings, ranked);
    identity.containers = std::move(ranked);
    std::set<std::string> partial;
    for (const auto& reading : readings) {
        if (is_partial(reading)) {
            partial.insert(reading.normalised);
        }
    }
    identity.invalid_containers.assign(partial.begin(), partial.end());
}

}  // namespace portcullis::lane
