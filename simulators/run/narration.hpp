#pragma once

#include <optional>
#include <string>

#include "simulators/run/lane_record.hpp"
#include "simulators/run/teller.hpp"
#include "simulators/story/story.hpp"

namespace portcullis::run {

/// How an event is told to a person: who, and what.
struct Line {
    std::string who;
    std::string what;
    Teller::Tone tone = Teller::Tone::plain;
};

/// Nothing for events that a person needs not hear of.
[[nodiscard]] std::optional<Line> line_of(const SeenEvent& event);

/// What central has said, in words.
[[nodiscard]] std::string words_of(const story::GivenOrder& order);
/// Who drives up, in words.
[[nodiscard]] std::string words_of(const story::Truck& truck);
/// What happens, in words.
[[nodiscard]] std::string words_of(const story::Happening& happening);

}  // namespace portcullis::run
