#include "lane/identity.hpp"

#include <algorithm>

namespace portcullis::lane {

namespace {

void judge_container(ReadingTaken& taken) {
    taken.normalised = normalised_container_text(taken.raw);
    const auto parsed = ContainerNumber::parse(taken.raw);
    if (!parsed) {
        taken.defect = text_of(parsed.error().defect);
    } else if (parsed->category() != ContainerCategory::freight) {
        // J and Z stand for equipment and chassis: valid numbers, never the cargo of a release.
        taken.defect = "not_cargo";
    } else {
        taken.container = *parsed;
    }
}

void judge_plate(ReadingTaken& taken) {
    taken.normalised = normalised_plate_text(taken.raw);
    const auto parsed = PlateNumber::parse(taken.raw);
    if (parsed) {
        taken.plate = *parsed;
    } else {
        taken.defect = text_of(parsed.error().defect);
    }
}

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
    std::stable_sort(ballot.plates.begin(), ballot.plates.end(),
                     [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
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

ReadingTaken judge(Role reader, const DeviceName& device, const Reading& reading) {
    ReadingTaken taken{reader,      device, reading.kind,       reading.face,        reading.raw,
                       reading.raw, "none", reading.confidence, reading.device_time, std::nullopt,
                       std::nullopt};
    switch (reading.kind) {
        case ReadingKind::container:
            judge_container(taken);
            break;
        case ReadingKind::plate:
            judge_plate(taken);
            break;
        case ReadingKind::seal:
        case ReadingKind::tag:
        case ReadingKind::document:
        case ReadingKind::size_type:
            taken.defect = reading.raw.empty() ? "empty" : "none";
            break;
    }
    return taken;
}

bool border_pair(const PlateNumber& one, const PlateNumber& other) {
    return (one.kind() == PlateKind::cross_border && other.kind() == PlateKind::opaque) ||
           (one.kind() == PlateKind::opaque && other.kind() == PlateKind::cross_border);
}

bool IdentityFusion::take(const ReadingTaken& reading) {
    const auto same = [&](const ReadingTaken& one) {
        return one.device == reading.device && one.kind == reading.kind && one.face == reading.face &&
               one.raw == reading.raw;
    };
    if (readings_.size() >= most_readings || std::any_of(readings_.begin(), readings_.end(), same)) {
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

std::vector<IdentifiedContainer> IdentityFusion::ranked_containers() const {
    std::vector<IdentifiedContainer> ranked;
    for (const auto& reading : readings_) {
        if (!reading.container) {
            continue;
        }
        auto row = std::find_if(ranked.begin(), ranked.end(),
                                [&](const auto& one) { return one.number == *reading.container; });
        if (row == ranked.end()) {
            ranked.push_back({*reading.container, LoadPosition::not_applicable, "", 1, {reading.device}});
        } else if (std::find(row->readers.begin(), row->readers.end(), reading.device) == row->readers.end()) {
            row->readers.push_back(reading.device);
            ++row->votes;
        }
    }
    // A size type belongs to the box that the same reader read, if it read only one.
    for (const auto& reading : readings_) {
        if (reading.kind != ReadingKind::size_type || reading.raw.empty()) {
            continue;
        }
        IdentifiedContainer* only = nullptr;
        bool several = false;
        for (auto& row : ranked) {
            if (std::find(row.readers.begin(), row.readers.end(), reading.device) != row.readers.end()) {
                several = only != nullptr;
                only = &row;
            }
        }
        if (only != nullptr && !several) {
            only->size_type = reading.raw;
        }
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.votes > b.votes; });
    return ranked;
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

std::size_t IdentityFusion::containers_seen() const {
    return ranked_containers().size();
}

bool IdentityFusion::one_reader_saw_two() const {
    return std::any_of(readings_.begin(), readings_.end(), [&](const ReadingTaken& a) {
        return std::any_of(readings_.begin(), readings_.end(), [&](const ReadingTaken& b) {
            return a.device == b.device && a.container && b.container && *a.container != *b.container;
        });
    });
}

void IdentityFusion::fuse_containers(PassageIdentity& identity, std::optional<int> boxes) const {
    auto ranked = ranked_containers();
    // Two different valid numbers are a twin when two boxes are known, or when the readers are the load.
    const auto most = static_cast<std::size_t>(boxes ? std::max(*boxes, 1) : 1);
    if (ranked.size() > most) {
        const auto cut = static_cast<std::ptrdiff_t>(most);
        if (ranked[most].votes == ranked[most - 1].votes) {
            Disagreement tie{ReadingKind::container, {}};
            for (const auto& row : ranked) {
                if (row.votes == ranked[most].votes) {
                    tie.texts.push_back(row.number.text());
                }
            }
            identity.disagreements.push_back(std::move(tie));
            // Those above the tie stand; of those in it none does.
            std::erase_if(ranked, [votes = ranked[most].votes](const auto& row) { return row.votes <= votes; });
        } else {
            ranked.erase(ranked.begin() + cut, ranked.end());
        }
    }
    identity.containers = std::move(ranked);
    for (const auto& reading : readings_) {
        if (reading.kind == ReadingKind::container && !reading.container && !reading.raw.empty() &&
            reading.defect != "not_cargo") {
            identity.invalid_containers.push_back(reading.normalised);
        }
    }
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
    identity.tractor = elect(tractors, identity);
    identity.trailer = elect(trailers, identity);
    identity.home_plate = elect(homes, identity);
    if (identity.home_plate) {
        identity.other_plates.push_back(*identity.home_plate);
    }
}

PassageIdentity IdentityFusion::fuse(std::optional<int> boxes) const {
    PassageIdentity identity;
    fuse_containers(identity, boxes);
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
