#include "lane/identity.hpp"

#include <algorithm>

#include "lane/container_fusion.hpp"

namespace portcullis::lane {

namespace {

/// The plate with the most readers, and the ones that lost a tie with it.
struct Ballot {
    std::vector<std::pair<PlateNumber, std::vector<DeviceName>>> plates;

    void vote(const PlateNumber& plate, const DeviceName& reader) {
        const auto row =
            std::find_if(plates.begin(), plates.end(), [&](const auto& one) { return one.first == plate; });
        if (row == plates.end()) {
            plates.push_back({plate, {reader}});
        } else if (std::find(row->second.begin(), row->second.end(), reader) == row->second.end()) {
            row->second.push_back(reader);
        }
    }
};

/// Takes the winner, names a tie a disagreement, and keeps the rest as others.
std::optional<PlateNumber> elect(Ballot& ballot, PassageIdentity& identity) {
    std::sort(ballot.plates.begin(), ballot.plates.end(), [](const auto& a, const auto& b) {
        return a.second.size() != b.second.size() ? a.second.size() > b.second.size() : a.first < b.first;
    });
    if (ballot.plates.empty()) {
        return std::nullopt;
    }
    const auto most = ballot.plates.front().second.size();
    Disagreement tie{ReadingKind::plate, {}};
    for (std::size_t i = 0; i < ballot.plates.size(); ++i) {
        if (ballot.plates[i].second.size() == most) {
            tie.texts.push_back(ballot.plates[i].first.text());
        }
        if (i > 0) {
            identity.other_plates.push_back(ballot.plates[i].first);
        }
    }
    if (tie.texts.size() > 1) {
        identity.other_plates.insert(identity.other_plates.begin(), ballot.plates.front().first);
        identity.disagreements.push_back(std::move(tie));
        return std::nullopt;
    }
    return ballot.plates.front().first;
}

}  // namespace

bool border_pair(const PlateNumber& one, const PlateNumber& other) {
    return (one.kind() == PlateKind::cross_border && other.kind() == PlateKind::opaque) ||
           (one.kind() == PlateKind::opaque && other.kind() == PlateKind::cross_border);
}

bool IdentityFusion::take(const ReadingTaken& reading) {
    const auto same = std::find_if(readings_.begin(), readings_.end(), [&](const ReadingTaken& one) {
        return one.device == reading.device && one.kind == reading.kind && one.face == reading.face &&
               one.raw == reading.raw && one.seal == reading.seal;
    });
    if (same != readings_.end()) {
        if (reading.confidence && (!same->confidence || *same->confidence < *reading.confidence)) {
            same->confidence = reading.confidence;
        }
        return false;
    }
    const auto of_this = std::count_if(readings_.begin(), readings_.end(),
                                       [&](const ReadingTaken& one) { return one.device == reading.device; });
    if (readings_.size() >= most_readings || static_cast<std::size_t>(of_this) >= most_of_one_reader) {
        return false;
    }
    readings_.push_back(reading);
    return true;
}

bool IdentityFusion::answered(Role reader) const {
    return std::any_of(readings_.begin(), readings_.end(), [&](const auto& one) { return one.reader == reader; });
}

bool IdentityFusion::read(Role reader) const {
    return std::any_of(readings_.begin(), readings_.end(),
                       [&](const auto& one) { return one.reader == reader && one.valid(); });
}

bool IdentityFusion::knows(const std::string& normalised) const {
    return std::any_of(readings_.begin(), readings_.end(),
                       [&](const auto& one) { return one.normalised == normalised; });
}

std::vector<std::string> IdentityFusion::seals() const {
    std::vector<std::string> seals;
    for (const auto& reading : readings_) {
        if (reading.kind == ReadingKind::seal && reading.valid() &&
            std::find(seals.begin(), seals.end(), reading.normalised) == seals.end()) {
            seals.push_back(reading.normalised);
        }
    }
    return seals;
}

SealState IdentityFusion::seal_state() const {
    const auto says = [this](SealState state, const std::string* number) {
        return std::any_of(readings_.begin(), readings_.end(), [&](const ReadingTaken& reading) {
            return reading.kind == ReadingKind::seal && reading.seal && reading.seal->state == state &&
                   (number == nullptr || reading.normalised == *number);
        });
    };
    for (const auto state : {SealState::tampered, SealState::open}) {
        if (says(state, nullptr)) {
            return state;
        }
    }
    const auto numbers = seals();
    const bool intact = std::all_of(numbers.begin(), numbers.end(),
                                    [&](const auto& number) { return says(SealState::intact, &number); });
    return intact && !numbers.empty() ? SealState::intact : SealState::unknown;
}

const DeviceName* IdentityFusion::reader_of(const std::string& normalised) const {
    const auto found =
        std::find_if(readings_.begin(), readings_.end(), [&](const auto& one) { return one.normalised == normalised; });
    return found == readings_.end() ? nullptr : &found->device;
}

std::size_t IdentityFusion::containers_seen() const {
    return ranked_containers(readings_).size();
}

bool IdentityFusion::one_reader_saw_two() const {
    return std::any_of(readings_.begin(), readings_.end(), [&](const ReadingTaken& a) {
        return std::any_of(readings_.begin(), readings_.end(), [&](const ReadingTaken& b) {
            return a.device == b.device && a.container && b.container && *a.container != *b.container;
        });
    });
}

void IdentityFusion::fuse_plates(PassageIdentity& identity) const {
    Ballot tractors;
    Ballot trailers;
    Ballot homes;
    const bool crosses_border = std::any_of(readings_.begin(), readings_.end(), [](const ReadingTaken& reading) {
        return reading.plate && reading.plate->kind() == PlateKind::cross_border;
    });
    for (const auto& reading : readings_) {
        if (reading.plate) {
            const bool of_home = crosses_border && reading.plate->kind() == PlateKind::opaque;
            auto& own = of_home ? homes : tractors;
            (reading.plate->is_trailer() ? trailers : own).vote(*reading.plate, reading.device);
        } else if (reading.kind == ReadingKind::plate && !reading.raw.empty()) {
            identity.invalid_plates.push_back(reading.normalised);
        }
    }
    std::sort(identity.invalid_plates.begin(), identity.invalid_plates.end());
    identity.tractor = elect(tractors, identity);
    identity.trailer = elect(trailers, identity);
    identity.home_plate = elect(homes, identity);
    if (identity.home_plate) {
        identity.other_plates.push_back(*identity.home_plate);
    }
}

PassageIdentity IdentityFusion::fuse(std::optional<int> boxes) const {
    PassageIdentity identity;
    fuse_containers(readings_, boxes, identity);
    fuse_plates(identity);
    return identity;
}

Accepted IdentityFusion::standing(const ReadingTaken& reading, std::optional<int> boxes) const {
    if (!reading.valid()) {
        return Accepted::no;
    }
    const auto identity = fuse(boxes);
    bool in = true;
    if (reading.container) {
        in = std::any_of(identity.containers.begin(), identity.containers.end(),
                         [&](const auto& one) { return one.number == *reading.container; });
    } else if (reading.plate) {
        in = identity.tractor == reading.plate || identity.trailer == reading.plate ||
             identity.home_plate == reading.plate;
    }
    return in ? Accepted::yes : Accepted::outvoted;
}

}  // namespace portcullis::lane
