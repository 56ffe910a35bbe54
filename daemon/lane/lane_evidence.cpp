// Pictures of a passage: asked for when it is first in the lane, bound only when they can show nobody else.
#include <algorithm>
#include <array>
#include <string>

#include "lane/lane.hpp"

namespace portcullis::lane {

namespace {

constexpr std::array cameras{Role::camera_front, Role::camera_rear, Role::camera_left, Role::camera_right,
                             Role::camera_roof};

}  // namespace

DeviceName Lane::device_of(Role role) const {
    const auto& device = devices_[static_cast<std::size_t>(role)];
    return device.empty() ? DeviceName{std::string{text_of(role)}} : device;
}

void Lane::ask_cameras(Passage& passage, Capture& capture) const {
    passage.pictures_due.clear();
    passage.pictures_until.reset();
    for (const auto camera : cameras) {
        if (settings_.has(camera)) {
            capture.readers.push_back(camera);
            passage.pictures_due.push_back(camera);
        }
    }
}

/// A picture was made between its request and its first byte: when nobody else could stand there in all that time, it
/// shows this passage. One that comes after the passage's end was told of then.
void Lane::see_picture(const Observed& observed, const Picture& picture, Turn& turn) {
    auto* passage = journal_up_ ? find(picture.passage) : nullptr;
    if (passage == nullptr || std::erase(passage->pictures_due, observed.role) == 0) {
        return;
    }
    const auto& device = observed.observation.device;
    const auto at = observed.observation.at;
    const bool outside = !passage->reading_since || picture.asked < *passage->reading_since ||
                         (passage->pictures_until && at >= *passage->pictures_until);
    if (!picture.missing.empty() || outside) {
        const std::string_view cause = picture.missing.empty() ? std::string_view{"outside"} : picture.missing;
        turn.record(events(turn).evidence_missing(*passage, observed.role, device, cause));
        return;
    }
    passage->evidence.push_back(hex_text(picture.sha256));
    passage->changed = true;
    turn.record(events(turn).evidence_bound(*passage, observed.role, device, picture, at));
}

/// Another vehicle is there, this one has moved on, or nobody watches: a picture from now on may show somebody else.
void Lane::end_pictures(const Turn& turn) {
    for (const auto& passage : passages_) {
        if (passage->reading_since && !passage->pictures_until) {
            passage->pictures_until = turn.instant();
        }
    }
}

void Lane::tell_no_pictures(Passage& passage, Turn& turn) {
    for (const auto camera : passage.pictures_due) {
        turn.record(events(turn).evidence_missing(passage, camera, device_of(camera), "late"));
    }
    passage.pictures_due.clear();
}

}  // namespace portcullis::lane
