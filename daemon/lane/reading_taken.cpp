#include "lane/reading_taken.hpp"

#include "core/size_type.hpp"

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

void judge_size_type(ReadingTaken& taken) {
    taken.normalised = normalised_container_text(taken.raw);
    if (taken.raw.empty()) {
        taken.defect = "empty";
    } else if (!is_size_type(taken.normalised)) {
        taken.defect = "no_size_type";
    }
}

}  // namespace

ReadingTaken judge(Role reader, const DeviceName& device, const Reading& reading, Instant at) {
    ReadingTaken taken{reader,       device, reading.kind,       reading.face,        reading.raw,
                       reading.raw,  "none", reading.confidence, reading.device_time, std::nullopt,
                       std::nullopt, at,     reading.seal};
    switch (reading.kind) {
        case ReadingKind::container:
            judge_container(taken);
            break;
        case ReadingKind::plate:
            judge_plate(taken);
            break;
        case ReadingKind::size_type:
            judge_size_type(taken);
            break;
        case ReadingKind::seal:
        case ReadingKind::tag:
        case ReadingKind::document:
            taken.defect = reading.raw.empty() ? "empty" : "none";
            break;
    }
    return taken;
}

}  // namespace portcullis::lane
