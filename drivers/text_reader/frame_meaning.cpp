#include "drivers/text_reader/frame_meaning.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "drivers/confidence.hpp"

namespace portcullis::drivers {

namespace {

std::optional<double> number_of(const std::string& text) {
    double given = 0;
    const auto* const end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, given);
    return failed == std::errc{} && last == end ? std::optional{given} : std::nullopt;
}

bool names_seal(const FrameFields& fields) {
    constexpr std::array parts{FrameField::state, FrameField::battery, FrameField::seal_kind};
    return std::any_of(parts.begin(), parts.end(), [&fields](FrameField part) { return fields.at(part).has_value(); });
}

template <class Value>
std::map<std::string, Value> read_words(const ConfigNode& node, ConfigProblems& problems) {
    std::map<std::string, Value> words;
    for (const auto& [word, value] : node.members()) {
        if (const auto known = value.template word<Value>(problems)) {
            words[word] = *known;
        }
    }
    return words;
}

void read_states(const ConfigNode& node, MeaningSettings& settings, ConfigProblems& problems) {
    settings.states = read_words<SealState>(node, problems);
    for (const auto& [word, state] : settings.states) {
        if (state == SealState::absent || state == SealState::differs) {
            node.report(problems, "`" + std::string{text_of(state)} + "` is judged and not read",
                        "a reader says intact, tampered, open or unknown");
        }
    }
}

void read_shape(const ConfigNode& profile, MeaningSettings& settings, ConfigProblems& problems) {
    const auto* fields = profile.find("fields");
    const auto* pattern = profile.find("pattern");
    if ((fields == nullptr) == (pattern == nullptr)) {
        profile.report(problems, "it needs `pattern`, or `fields` of bytes", "give one of them");
        return;
    }
    if (fields != nullptr) {
        if (fields->expect(ConfigNode::Kind::map, problems)) {
            settings.fields = BinaryFields::read(*fields, profile.find("match"), problems);
        }
        return;
    }
    auto parsed = LinePattern::parse(pattern->text(problems));
    if (parsed) {
        settings.pattern = std::move(*parsed);
    } else {
        pattern->report(problems, parsed.error(), "describe a line like {text},{confidence}");
    }
}

void read_scales(const ConfigNode& profile, MeaningSettings& settings, ConfigProblems& problems) {
    constexpr std::int64_t most = 65'535;
    if (const auto* scale = profile.find("confidence_scale")) {
        settings.confidence_scale = static_cast<double>(scale->integer(problems, 1, most));
    }
    if (const auto* scale = profile.find("battery_scale")) {
        settings.battery_scale = static_cast<int>(scale->integer(problems, 1, most));
    }
}

}  // namespace

MeaningSettings read_meaning(const ConfigNode& profile, ConfigProblems& problems) {
    MeaningSettings settings;
    if (const auto* kind = profile.require("kind", problems)) {
        settings.kind = kind->word<ReadingKind>(problems).value_or(settings.kind);
    }
    if (const auto* encoding = profile.require("encoding", problems)) {
        settings.encoding = encoding->word<Encoding>(problems).value_or(settings.encoding);
    }
    if (const auto* face = profile.find("face")) {
        settings.face = face->word<Face>(problems).value_or(settings.face);
    }
    read_shape(profile, settings, problems);
    read_scales(profile, settings, problems);
    if (const auto* unread = profile.find("unread")) {
        for (const auto& item : unread->items()) {
            settings.unread.insert(item.text(problems));
        }
    }
    if (const auto* faces = profile.find("faces")) {
        settings.faces = read_words<Face>(*faces, problems);
    }
    if (const auto* states = profile.find("states")) {
        read_states(*states, settings, problems);
    }
    return settings;
}

Result<std::vector<Reading>, std::string_view> FrameMeaning::readings_of(const Frame& frame) {
    if (frame.content().empty()) {
        return Failure{std::string_view{"empty"}};
    }
    std::optional<FrameFields> fields;
    if (settings_.fields) {
        fields = settings_.fields->extract(frame.bytes, decoder_);
    } else {
        const auto text = decoder_.decode(frame.content());
        if (!text) {
            return Failure{std::string_view{"encoding"}};
        }
        fields = settings_.pattern ? settings_.pattern->match(*text) : std::nullopt;
    }
    auto readings = fields ? readings_in(*fields) : std::nullopt;
    if (!readings) {
        return Failure{std::string_view{"pattern"}};
    }
    return std::move(*readings);
}

std::optional<std::vector<Reading>> FrameMeaning::readings_in(const FrameFields& fields) const {
    auto first = reading_of(fields, FrameField::text, FrameField::confidence);
    auto second = reading_of(fields, FrameField::text2, FrameField::confidence2);
    if (!first || !second) {
        return std::nullopt;
    }
    if (names_seal(fields)) {
        first->seal = seal_of(fields);
        if (!first->seal) {
            return std::nullopt;
        }
    }
    std::vector<Reading> readings;
    if (!first->raw.empty() || second->raw.empty()) {
        readings.push_back(std::move(*first));
    }
    if (!second->raw.empty()) {
        readings.push_back(std::move(*second));
    }
    if (const auto& size_type = fields.at(FrameField::size_type); size_type && !size_type->empty()) {
        auto reading = readings.front();
        reading.kind = ReadingKind::size_type;
        reading.raw = *size_type;
        reading.confidence.reset();
        readings.push_back(std::move(reading));
    }
    return readings;
}

std::optional<Reading> FrameMeaning::reading_of(const FrameFields& fields, FrameField text,
                                                FrameField confidence) const {
    Reading reading{.kind = settings_.kind,
                    .face = settings_.face,
                    .raw = fields.text_of(text),
                    .confidence = std::nullopt,
                    .device_time = fields.text_of(FrameField::time),
                    .seal = std::nullopt};
    if (settings_.unread.contains(reading.raw)) {
        reading.raw.clear();
    }
    if (const auto& word = fields.at(FrameField::face)) {
        const auto face = settings_.faces.find(*word);
        if (face == settings_.faces.end()) {
            return std::nullopt;
        }
        reading.face = face->second;
    }
    if (const auto& given = fields.at(confidence); given && !given->empty()) {
        const auto number = number_of(*given);
        reading.confidence = number ? confidence_of(*number, settings_.confidence_scale) : std::nullopt;
        if (!reading.confidence) {
            return std::nullopt;
        }
    }
    return reading;
}

std::optional<SealFacts> FrameMeaning::seal_of(const FrameFields& fields) const {
    constexpr int permille = 1000;
    SealFacts seal;
    seal.kind = fields.text_of(FrameField::seal_kind);
    if (const auto& word = fields.at(FrameField::state); word && !word->empty()) {
        const auto state = settings_.states.find(*word);
        if (state == settings_.states.end()) {
            return std::nullopt;  // a word that nobody explained could mean anything
        }
        seal.state = state->second;
    }
    if (const auto& given = fields.at(FrameField::battery); given && !given->empty()) {
        int charge = 0;
        const auto* const end = given->data() + given->size();
        const auto [last, failed] = std::from_chars(given->data(), end, charge);
        if (failed != std::errc{} || last != end || charge < 0 || charge > settings_.battery_scale) {
            return std::nullopt;
        }
        seal.battery_permille = charge * permille / settings_.battery_scale;
    }
    return seal;
}

}  // namespace portcullis::drivers
