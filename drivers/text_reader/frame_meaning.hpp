#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/config_node.hpp"
#include "core/observation.hpp"
#include "core/result.hpp"
#include "drivers/framing/framing.hpp"
#include "drivers/text_decoder.hpp"
#include "drivers/text_reader/binary_fields.hpp"
#include "drivers/text_reader/line_pattern.hpp"

namespace portcullis::drivers {

/// What the frames of a reader mean.
struct MeaningSettings {
    ReadingKind kind = ReadingKind::plate;
    Face face = Face::not_applicable;  ///< where the frame names none
    Encoding encoding = Encoding::utf8;
    std::optional<LinePattern> pattern;  ///< of a text; or
    std::optional<BinaryFields> fields;  ///< of bytes
    std::set<std::string> unread;        ///< texts that mean "nothing read"
    double confidence_scale = 100;
    std::map<std::string, Face> faces;        ///< the reader's words for faces
    std::map<std::string, SealState> states;  ///< and for states of a seal
    int battery_scale = 100;                  ///< a full battery
};

/// `kind`, `encoding`, `pattern` or `fields` with `match`, and the words and scales of a profile.
[[nodiscard]] MeaningSettings read_meaning(const ConfigNode& profile, ConfigProblems& problems);

/// Frames to readings. Pure, but for the system's conversion tables.
class FrameMeaning {
public:
    /// Throws std::runtime_error when the system cannot convert the encoding.
    explicit FrameMeaning(MeaningSettings settings) : settings_(std::move(settings)), decoder_(settings_.encoding) {}

    /// One reading for each thing that the frame names, or the kind of bad frame that it is: `empty`, `encoding`,
    /// `pattern` (also a number, face or state that is none of the profile's).
    [[nodiscard]] Result<std::vector<Reading>, std::string_view> readings_of(const Frame& frame);

private:
    [[nodiscard]] std::optional<std::vector<Reading>> readings_in(const FrameFields& fields) const;
    [[nodiscard]] std::optional<Reading> reading_of(const FrameFields& fields, FrameField text,
                                                    FrameField confidence) const;
    [[nodiscard]] std::optional<SealFacts> seal_of(const FrameFields& fields) const;

    MeaningSettings settings_;
    TextDecoder decoder_;
};

}  // namespace portcullis::drivers
