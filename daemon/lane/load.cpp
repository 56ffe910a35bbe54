#include "lane/load.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace portcullis::lane {

namespace {

constexpr std::array beams{Role::load_beam_fore, Role::load_beam_mid, Role::load_beam_aft};

/// ISO 6346 size code: first character is the length; 2 = 20 ft, 4 = 40 ft, L, M and others longer.
bool is_20ft(const IdentifiedContainer& box) {
    return !box.size_type.empty() && box.size_type.front() == '2';
}

LoadFact trusted(const IdentityFusion& readings) {
    LoadFact fact;
    fact.source = LoadSource::trust_readers;
    const auto seen = readings.containers_seen();
    if (seen == 0) {
        return fact;  // silence is unknown
    }
    const auto boxes = static_cast<int>(std::min<std::size_t>(seen, 3));
    if (boxes > 2) {
        return fact;  // nobody carries three
    }
    fact.boxes = boxes;
    if (boxes == 2) {
        fact.load = Load::two_20;
    } else {
        const auto identity = readings.fuse(boxes);
        fact.load = !identity.containers.empty() && is_20ft(identity.containers.front()) ? Load::one_20 : Load::one_40;
    }
    return fact;
}

/// What no two readers say is not known: one may be wrong, or look at one of two boxes.
LoadFact agreed(const IdentityFusion& readings) {
    LoadFact fact;
    fact.source = LoadSource::two_readers;
    const auto identity = readings.fuse(std::nullopt);
    const auto& boxes = identity.containers;
    const bool both = std::all_of(boxes.begin(), boxes.end(), [](const auto& box) { return box.readers.size() > 1; });
    if (boxes.empty() || boxes.size() > 2 || !both || readings.containers_seen() != boxes.size() ||
        !identity.disagreements.empty()) {
        return fact;
    }
    fact.boxes = static_cast<int>(boxes.size());
    const auto single = is_20ft(boxes.front()) ? Load::one_20 : Load::one_40;
    fact.load = boxes.size() == 2 ? Load::two_20 : single;
    return fact;
}

LoadFact scanned_load(const LoadSeen& seen) {
    LoadFact fact{seen.load, std::nullopt, LoadSource::line_scanner, Fullness::unknown, LoadPosition::not_applicable};
    switch (seen.load) {
        case Load::none:
            fact.boxes = 0;
            break;
        case Load::one_20:
            fact.boxes = 1;
            fact.position = seen.position;
            break;
        case Load::one_40:
            fact.boxes = 1;
            break;
        case Load::two_20:
            fact.boxes = 2;
            break;
        case Load::unknown:
            break;
    }
    return fact;
}

LoadFact single_20(LoadPosition position) {
    return {Load::one_20, 1, LoadSource::profile_beams, Fullness::unknown, position};
}

LoadFact profile(const InputImage& inputs, const IdentityFusion& readings) {
    LoadFact unknown;
    unknown.source = LoadSource::profile_beams;
    const bool all_known = std::all_of(beams.begin(), beams.end(), [&](Role beam) {
        return inputs.wired(beam) && inputs.level(beam) != Presence::unknown;
    });
    if (!all_known) {
        return unknown;
    }
    const bool fore = inputs.on(Role::load_beam_fore);
    const bool mid = inputs.on(Role::load_beam_mid);
    const bool aft = inputs.on(Role::load_beam_aft);
    const LoadFact two{Load::two_20, 2, LoadSource::profile_beams, Fullness::unknown, LoadPosition::not_applicable};
    if (!fore && !mid && !aft) {
        return {Load::none, 0, LoadSource::profile_beams, Fullness::unknown, LoadPosition::not_applicable};
    }
    if (fore && aft) {
        const auto identity = readings.fuse(std::nullopt);
        const bool short_box = std::any_of(identity.containers.begin(), identity.containers.end(), is_20ft);
        // All three beams are covered by one long box, or by two short ones that stand close. Two readers with a number
        // each may both look at the one box, and then one of them is wrong.
        if (!mid || readings.one_reader_saw_two() || short_box) {
            return two;
        }
        return {Load::one_40, 1, LoadSource::profile_beams, Fullness::unknown, LoadPosition::not_applicable};
    }
    if (fore && !mid) {
        return single_20(LoadPosition::fore);
    }
    if (aft && !mid) {
        return single_20(LoadPosition::aft);
    }
    if (mid && !fore && !aft) {
        return single_20(LoadPosition::mid);
    }
    return unknown;  // a box across two beams stands where none belongs
}

}  // namespace

namespace {

LoadFact judged(LoadPolicy policy, const InputImage& inputs, const IdentityFusion& readings,
                const ScannedLoad& scanned) {
    switch (policy) {
        case LoadPolicy::beams:
            return profile(inputs, readings);
        case LoadPolicy::trust_readers:
            return trusted(readings);
        case LoadPolicy::line_scanner:
            return scanned_load(scanned.seen);
        case LoadPolicy::two_readers:
            return agreed(readings);
    }
    return {};
}

}  // namespace

LoadFact judge_load(LoadPolicy policy, const InputImage& inputs, const IdentityFusion& readings,
                    const ScannedLoad& scanned) {
    auto fact = judged(policy, inputs, readings, scanned);
    // Emptiness frees something: it is believed after two equal reads only.
    if (inputs.on(Role::empty_seen) && inputs.settled(Role::empty_seen)) {
        fact.fullness = Fullness::empty;
    }
    return fact;
}

Instant load_stands_at(const LaneSettings& settings, const InputImage& inputs, const ScannedLoad& scanned) {
    auto newest = inputs.since(Role::arrival_loop);
    if (settings.load == LoadPolicy::line_scanner) {
        newest = std::max(newest, scanned.since);
    } else {
        for (const auto beam : beams) {
            newest = std::max(newest, inputs.since(beam));
        }
    }
    return newest + settings.hold;
}

bool load_stands(const LaneSettings& settings, const InputImage& inputs, const ScannedLoad& scanned, Instant now) {
    return !is_seen(settings.load) ||
           (inputs.on(Role::arrival_loop) && now >= load_stands_at(settings, inputs, scanned));
}

}  // namespace portcullis::lane
