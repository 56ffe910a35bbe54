// What `device learn` finds in the recordings of this repository is what their profiles say.
#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/device/profile_skeleton.hpp"
#include "drivers/framing/framer.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::cli {

using namespace drivers;

namespace {

namespace fs = std::filesystem;

std::optional<ConfigNode> yaml_at(const fs::path& file) {
    ConfigProblems problems;
    const auto text = settings::read_text_file(file, problems);
    return text ? settings::read_yaml(*text, file.string(), problems) : std::nullopt;
}

/// The pieces of all recordings of one profile, one after the other.
std::vector<HeardPiece> heard_of(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<HeardPiece> heard;
    for (const auto& file : files) {
        ConfigProblems problems;
        const auto recording = read_recording_file(file, problems);
        INFO(file.string());
        REQUIRE(recording);
        const auto pieces = heard_in(recording->pieces);
        heard.insert(heard.end(), pieces.begin(), pieces.end());
        heard.push_back({HeardPiece::What::silence, {}});
    }
    return heard;
}

std::vector<std::vector<std::uint8_t>> frames_of(const std::vector<HeardPiece>& heard, const FramingSettings& framing) {
    std::vector<std::vector<std::uint8_t>> frames;
    Framer framer{framing,
                  {.frame =
                       [&frames](const Frame& frame) {
                           if (!frame.content().empty()) {
                               frames.emplace_back(frame.content().begin(), frame.content().end());
                           }
                       },
                   .refused = [](auto, auto) {}}};
    for (const auto& piece : heard) {
        switch (piece.what) {
            case HeardPiece::What::bytes:
                framer.bytes(piece.bytes, {});
                break;
            case HeardPiece::What::silence:
                framer.silence();
                break;
            case HeardPiece::What::damaged:
                framer.damaged({});
                break;
        }
    }
    return frames;
}

/// The first candidate cuts the same frames out of what was heard, and believes the same check.
std::string verdict_on(const FramingSettings& meant, const std::vector<HeardPiece>& heard) {
    const auto candidates = guess_framing(heard);
    if (candidates.empty()) {
        return "no candidate";
    }
    auto first = candidates.front().framing;
    first.max_length = meant.max_length;
    const bool same_check =
        first.check.has_value() == meant.check.has_value() && (!meant.check || first.check->kind == meant.check->kind);
    if (frames_of(heard, first) != frames_of(heard, meant) || !same_check) {
        return "meant " + framing_text(meant) + "; first is " + framing_text(first);
    }
    return "right";
}

}  // namespace

TEST_CASE("Of every stream profile's recordings the first candidate is the profile's own framing") {
    std::map<std::string, std::string> verdicts;
    for (const auto& entry : fs::directory_iterator("tests/recordings")) {
        const auto name = entry.path().filename().string();
        const auto profile = entry.is_directory() ? yaml_at("config/profiles/" + name + ".yaml") : std::nullopt;
        if (!profile || profile->find("framing") == nullptr) {
            continue;
        }
        ConfigProblems problems;
        const auto meant = read_framing(*profile, problems);
        REQUIRE(problems.empty());
        const auto heard = heard_of(entry.path());
        const bool talks =
            std::any_of(heard.begin(), heard.end(), [](const auto& piece) { return !piece.bytes.empty(); });
        if (talks) {  // a sign only listens
            verdicts[name] = verdict_on(meant, heard);
        }
    }
    CHECK(verdicts.size() >= 3);
    for (const auto& [name, verdict] : verdicts) {
        INFO(name);
        CHECK(verdict == "right");
    }
}

}  // namespace portcullis::cli
