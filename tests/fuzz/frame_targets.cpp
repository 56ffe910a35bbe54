// Bytes of devices on a stream: frames, and what frames mean.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "drivers/framing/framer.hpp"
#include "drivers/radiation/tsa_line.hpp"
#include "drivers/tag_reader/tag_frame.hpp"
#include "drivers/text_reader/frame_meaning.hpp"
#include "drivers/transport/marked_bytes.hpp"
#include "drivers/weighbridge/weight_frame.hpp"
#include "target.hpp"

namespace portcullis::fuzz {

namespace {

using drivers::Frame;
using drivers::Framer;
using drivers::FramingKind;
using drivers::FramingSettings;

/// One framing of each kind that profiles have, and some that none has.
const std::vector<FramingSettings>& framings() {
    using drivers::CheckCoding;
    using drivers::CheckKind;
    using drivers::CheckPlace;
    using drivers::CheckSettings;
    using drivers::FieldOrder;
    using drivers::Mark;
    static const auto all = [] {
        const CheckSettings hex{.kind = CheckKind::exclusive_or, .coding = CheckCoding::ascii_hex, .from = 1};
        const CheckSettings low{.kind = CheckKind::crc16_mcrf4xx, .order = FieldOrder::low_first};
        const CheckSettings seven{.kind = CheckKind::twos_complement_7, .place = CheckPlace::after_end};
        const CheckSettings after{.kind = CheckKind::exclusive_or, .place = CheckPlace::after_end, .from = 1};
        std::vector<FramingSettings> made(9);
        made[0].ends = {Mark{0x0D, 0x0A}};
        made[1].ends = {Mark{0x0D, 0x0A}, Mark{0x0D}, Mark{0x0A}};
        made[2] = {.kind = FramingKind::line, .begin = {2}, .ends = {Mark{3}}, .max_length = 20, .check = hex};
        made[3] = {.kind = FramingKind::line, .begin = {2}, .ends = {Mark{3}}, .max_length = 20, .check = after};
        made[4] = {.kind = FramingKind::length,
                   .begin = {0xA0},
                   .length = {.at = 1, .plus = 2},
                   .max_length = 71,
                   .check = CheckSettings{.kind = CheckKind::twos_complement}};
        made[5] = {.kind = FramingKind::length, .length = {.at = 0, .plus = 1}, .check = low};
        made[6] = {.kind = FramingKind::fixed, .begin = {2}, .ends = {Mark{0x0D}}, .total = 18, .check = seven};
        made[7] = {.kind = FramingKind::silence, .max_length = 32, .check = low};
        made[8] = {.kind = FramingKind::line, .begin = {'<', 'I'}, .ends = {Mark{'<', 'E', '>'}}, .max_length = 16};
        return made;
    }();
    return all;
}

/// What the frames of `bytes` hold, given in pieces of `piece`; each must be as it says.
std::vector<std::vector<std::uint8_t>> frames_in(const FramingSettings& framing, std::span<const std::uint8_t> bytes,
                                                 std::size_t piece) {
    std::vector<std::vector<std::uint8_t>> frames;
    std::size_t taken = 0;
    Framer framer{framing,
                  {.frame =
                       [&](const Frame& frame) {
                           require(frame.content_at + frame.content_length <= frame.bytes.size());
                           require(std::equal(framing.begin.begin(), framing.begin.end(), frame.bytes.begin()));
                           require(framing.kind != FramingKind::fixed || frame.bytes.size() == framing.total);
                           taken += frame.bytes.size();
                           frames.emplace_back(frame.content().begin(), frame.content().end());
                       },
                   .refused = [](std::string_view kind, const std::vector<std::uint8_t>&) { require(!kind.empty()); }}};
    Instant at{};
    for (std::size_t i = 0; i < bytes.size(); i += piece) {
        at += std::chrono::milliseconds{1};
        framer.bytes(bytes.subspan(i, std::min(piece, bytes.size() - i)), at);
    }
    framer.silence();
    require(!framer.partial());
    require(taken <= bytes.size());
    return frames;
}

Frame whole_frame(std::span<const std::uint8_t> bytes) {
    return {.bytes = {bytes.begin(), bytes.end()}, .content_at = 0, .content_length = bytes.size(), .at = {}};
}

}  // namespace

/// However bytes are cut, the frames in them are the same.
void fuzz_frames(Input input) {
    const auto& framing = framings()[input.byte() % framings().size()];
    const auto bytes = input.rest();
    const auto glued = frames_in(framing, bytes, std::max<std::size_t>(bytes.size(), 1));
    require(glued == frames_in(framing, bytes, 1));
    require(glued == frames_in(framing, bytes, 7));
}

/// A frame that is built is read back as what it was built of.
void fuzz_frame_settings(Input input) {
    const auto& framing = framings()[input.byte() % framings().size()];
    auto content = std::vector<std::uint8_t>(input.rest().begin(), input.rest().end());
    const bool lengthless = framing.kind == FramingKind::line || framing.kind == FramingKind::silence;
    const auto frame = drivers::framed(framing, content);
    if (!lengthless || content.empty() || content.size() > 16) {
        return;
    }
    const auto has_mark = [&](const drivers::Mark& mark) {
        return !mark.empty() && std::search(content.begin(), content.end(), mark.begin(), mark.end()) != content.end();
    };
    const bool unclear = has_mark(framing.begin) || std::any_of(framing.ends.begin(), framing.ends.end(), has_mark) ||
                         std::any_of(framing.ends.begin(), framing.ends.end(),
                                     [&](const drivers::Mark& mark) { return content.back() == mark.front(); });
    if (!unclear) {
        const auto frames = frames_in(framing, frame, frame.size());
        require(frames.size() == 1 && frames.front() == content);
    }
}

void fuzz_line_pattern(Input input) {
    const auto pattern = drivers::LinePattern::parse(input.text_to('\n'));
    if (!pattern) {
        require(!pattern.error().empty());
        return;
    }
    const auto line = input.text();
    if (const auto fields = pattern->match(line)) {
        std::size_t length = 0;
        for (const auto& row : enum_texts<drivers::FrameField>) {
            length += row.value == drivers::FrameField::ignore ? 0 : fields->text_of(row.value).size();
        }
        require(fields->at(drivers::FrameField::text).has_value());
        require(length <= line.size());
    }
}

void fuzz_readings(Input input) {
    static const auto settings_of = [](drivers::Encoding encoding) {
        drivers::MeaningSettings settings;
        settings.kind = ReadingKind::container;
        settings.encoding = encoding;
        settings.pattern =
            drivers::LinePattern::parse("{face},{text},{confidence},{text2},{confidence2},{state},{battery}").value();
        settings.faces = {{"F", Face::front}, {"", Face::rear}};
        settings.states = {{"OK", SealState::intact}, {"T", SealState::tampered}};
        settings.unread = {"", "--"};
        return settings;
    };
    static std::array meanings{drivers::FrameMeaning{settings_of(drivers::Encoding::utf8)},
                               drivers::FrameMeaning{settings_of(drivers::Encoding::gbk)}};
    const auto which = static_cast<std::size_t>(input.byte() % 2);
    const auto readings = meanings.at(which).readings_of(whole_frame(input.rest()));
    if (!readings) {
        require(!readings.error().empty());
        return;
    }
    require(!readings->empty() && readings->size() <= 3);
    for (const auto& reading : *readings) {
        require(!reading.confidence || (*reading.confidence >= 0 && *reading.confidence <= 100));
        require(reading.raw.find('\x1B') == std::string::npos && reading.raw.find('\0') == std::string::npos);
    }
}

void fuzz_tags(Input input) {
    const auto& protocols = enum_texts<drivers::TagProtocol>;
    const auto protocol = protocols.at(input.byte() % protocols.size()).value;
    if (const auto read = drivers::read_tag_frame(protocol, input.rest())) {
        std::size_t digits = 0;
        for (const auto& tag : read->tags) {
            require(tag.epc.size() >= 8 && tag.epc.size() <= 124);
            digits += tag.epc.size();
        }
        require(digits <= input.rest().size() * 2);
    }
}

void fuzz_weights(Input input) {
    const auto& protocols = enum_texts<drivers::WeightProtocol>;
    const auto& units = enum_texts<drivers::MassUnit>;
    const auto protocol = protocols.at(input.byte() % protocols.size()).value;
    const auto unit = units.at(input.byte() % units.size()).value;
    const auto read = drivers::read_weight_frame(protocol, unit, input.rest());
    require(read || !read.error().empty());
}

void fuzz_radiation_lines(Input input) {
    const auto read = drivers::read_tsa_line(input.rest());
    require(read || !read.error().empty());
    if (read) {
        require(
            std::all_of(read->numbers.begin(), read->numbers.end(), [](std::int64_t number) { return number >= 0; }));
    }
}

void fuzz_marked_bytes(Input input) {
    // What the kernel marks comes out once, however the marks are cut.
    const auto run = [&input](std::size_t piece) {
        std::string out;
        drivers::MarkedBytes marked;
        const auto bytes = input.rest();
        for (std::size_t i = 0; i < bytes.size(); i += piece) {
            marked.read(
                bytes.subspan(i, std::min(piece, bytes.size() - i)),
                [&out](std::span<const std::uint8_t> good) { out.append(good.begin(), good.end()); },
                [&out] { out += "<damaged>"; });
        }
        return out;
    };
    require(run(1) == run(std::max<std::size_t>(input.rest().size(), 1)));
}

}  // namespace portcullis::fuzz
