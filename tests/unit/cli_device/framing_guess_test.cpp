#include "cli/device/framing_guess.hpp"

#include <numeric>

#include "cli/device/profile_skeleton.hpp"
#include "drivers/framing/framer.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::cli {

using namespace drivers;

namespace {

using Frames = std::vector<std::vector<std::uint8_t>>;

std::vector<std::uint8_t> content_of(std::string_view text) {
    return {text.begin(), text.end()};
}

/// As a device would send them, one after the other with pauses between.
std::vector<HeardPiece> said(const FramingSettings& framing, const Frames& contents) {
    std::vector<HeardPiece> heard;
    for (const auto& content : contents) {
        heard.push_back({HeardPiece::What::bytes, framed(framing, content)});
        heard.push_back({HeardPiece::What::silence, {}});
    }
    return heard;
}

/// The same in one run of bytes, cut anywhere.
std::vector<HeardPiece> cut_anywhere(const std::vector<HeardPiece>& heard, std::size_t every) {
    std::vector<std::uint8_t> all;
    for (const auto& piece : heard) {
        all.insert(all.end(), piece.bytes.begin(), piece.bytes.end());
    }
    std::vector<HeardPiece> pieces;
    for (std::size_t at = 0; at < all.size(); at += every) {
        const auto end = std::min(all.size(), at + every);
        pieces.push_back(
            {HeardPiece::What::bytes,
             {all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(end)}});
    }
    return pieces;
}

/// Limits are no part of what was meant.
FramingSettings without_limits(FramingSettings framing) {
    framing.max_length = 0;
    framing.idle = {};
    return framing;
}

void first_is(const FramingSettings& meant, const std::vector<HeardPiece>& heard) {
    const auto candidates = guess_framing(heard);
    REQUIRE(!candidates.empty());
    INFO("meant " << framing_text(meant) << ", first is " << framing_text(candidates.front().framing));
    CHECK(without_limits(candidates.front().framing) == without_limits(meant));
}

const Frames texts{content_of("CSQU3054383,98"), content_of("MSKU6011672,71"), content_of("TGHU7560193,100"),
                   content_of("unread")};

}  // namespace

TEST_CASE("Lines are recognised by their ends") {
    for (const auto& end : {Mark{0x0D, 0x0A}, Mark{0x0A}, Mark{0x0D}}) {
        FramingSettings meant;
        meant.ends = {end};
        first_is(meant, said(meant, texts));
        first_is(meant, cut_anywhere(said(meant, texts), 7));
    }
}

TEST_CASE("Marks before and after a frame are recognised") {
    FramingSettings meant;
    meant.begin = {0x02};
    meant.ends = {{0x03}};
    first_is(meant, said(meant, texts));
    first_is(meant, cut_anywhere(said(meant, texts), 5));
}

TEST_CASE("A check in hex digits before the end mark is recognised") {
    FramingSettings meant;
    meant.begin = {0x02};
    meant.ends = {{0x03}};
    meant.check = CheckSettings{.kind = CheckKind::exclusive_or,
                                .coding = CheckCoding::ascii_hex,
                                .order = FieldOrder::high_first,
                                .place = CheckPlace::before_end,
                                .from = 1};
    first_is(meant, said(meant, texts));
}

TEST_CASE("A check after the end mark is recognised") {
    FramingSettings meant;
    meant.kind = FramingKind::fixed;
    meant.total = 18;
    meant.begin = {0x02};
    meant.ends = {{0x0D}};
    meant.check = CheckSettings{.kind = CheckKind::twos_complement_7,
                                .coding = CheckCoding::binary,
                                .order = FieldOrder::high_first,
                                .place = CheckPlace::after_end,
                                .from = 0};
    first_is(meant, said(meant, {content_of("110001240000000"), content_of("11 003860000000"),
                                 content_of("120002210000150"), content_of("11 044120000150")}));
}

TEST_CASE("Frames that say their own length are recognised with their check") {
    FramingSettings meant;
    meant.kind = FramingKind::length;
    meant.length = {.at = 0, .width = 1, .order = FieldOrder::high_first, .plus = 1};
    meant.check = CheckSettings{.kind = CheckKind::crc16_mcrf4xx,
                                .coding = CheckCoding::binary,
                                .order = FieldOrder::low_first,
                                .place = CheckPlace::before_end,
                                .from = 0};
    const Frames contents{{0, 0x00, 0x0F, 0x01, 0x11, 0x22, 0x33, 0x44},
                          {0, 0x00, 0x0F, 0x01, 0x55, 0x66},
                          {0, 0x00, 0x01, 0xFB},
                          {0, 0x00, 0x0F, 0x02, 0x99, 0xAA, 0xBB}};
    first_is(meant, said(meant, contents));
    first_is(meant, cut_anywhere(said(meant, contents), 3));
}

TEST_CASE("Frames of one length and frames between pauses are told apart") {
    FramingSettings fixed;
    fixed.kind = FramingKind::fixed;
    fixed.total = 6;
    const Frames same{{9, 1, 7, 200, 31, 5}, {14, 88, 2, 9, 1, 77}, {201, 3, 90, 17, 5, 6}, {4, 140, 60, 2, 8, 19}};
    first_is(fixed, said(fixed, same));
    FramingSettings silence;
    silence.kind = FramingKind::silence;
    const Frames various{{0x81, 1, 7}, {0x44, 88, 2, 9, 1, 77, 5}, {0xC9, 17}, {0x33, 140, 60, 2, 8}};
    first_is(silence, said(silence, various));
}

TEST_CASE("Noise and a damaged byte between lines do not hide their ends") {
    FramingSettings meant;
    meant.ends = {{0x0D, 0x0A}};
    auto heard = said(meant, texts);
    heard.insert(heard.begin() + 2, {HeardPiece::What::bytes, {0xFF, 0x00, 0x81}});
    heard.insert(heard.begin() + 3, {HeardPiece::What::damaged, {}});
    heard.insert(heard.begin() + 4, {HeardPiece::What::silence, {}});
    first_is(meant, heard);
}

TEST_CASE("A random number of bytes that nothing frames gives at most frames between pauses") {
    std::vector<HeardPiece> heard;
    std::uint32_t state = 7;
    for (int i = 0; i < 8; ++i) {
        HeardPiece piece;
        for (int k = 0; k < 5 + i; ++k) {
            state = state * 1664525U + 1013904223U;
            piece.bytes.push_back(static_cast<std::uint8_t>(0x80U | (state >> 24U)));
        }
        heard.push_back(piece);
        heard.push_back({HeardPiece::What::silence, {}});
    }
    const auto candidates = guess_framing(heard);
    REQUIRE(!candidates.empty());
    CHECK(candidates.front().framing.kind == FramingKind::silence);
    CHECK_FALSE(candidates.front().framing.check);
}

TEST_CASE("Of a device that never pauses the first bytes are looked at") {
    FramingSettings meant;
    meant.ends = {{0x0D, 0x0A}};
    Frames contents;
    for (int i = 0; i < 4000; ++i) {
        contents.push_back(content_of("CSQU" + std::to_string(1'000'000 + i * 7919) + "," + std::to_string(i % 100)));
    }
    first_is(meant, cut_anywhere(said(meant, contents), std::size_t{1} << 20U));
}

TEST_CASE("Nothing that was heard is nothing to guess") {
    CHECK(guess_framing({}).empty());
    CHECK(guess_framing({{HeardPiece::What::silence, {}}}).empty());
}

TEST_CASE("A skeleton's framing is read back as it was meant") {
    FramingSettings meant;
    meant.kind = FramingKind::length;
    meant.begin = {0xA0};
    meant.length = {.at = 1, .width = 2, .order = FieldOrder::low_first, .plus = 3};
    meant.check = CheckSettings{.kind = CheckKind::twos_complement,
                                .coding = CheckCoding::binary,
                                .order = FieldOrder::high_first,
                                .place = CheckPlace::before_end,
                                .from = 1};
    ConfigProblems problems;
    const auto node = settings::read_yaml(framing_yaml(meant), "skeleton.yaml", problems);
    REQUIRE(node);
    CHECK(without_limits(read_framing(*node, problems)) == without_limits(meant));
    CHECK(problems.empty());
}

}  // namespace portcullis::cli
