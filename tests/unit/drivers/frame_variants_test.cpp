// Every frame of every recording on a stream, cut short, changed in each bit, doubled and glued: what is not refused,
// and says something that the device did not, is a wrong value.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "drivers/framed_stream.hpp"
#include "stream_replay.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::ManualClock;
using portcullis::testing::pass;
using portcullis::testing::StreamReplay;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;

namespace {

namespace fs = std::filesystem;
using Octets = std::vector<std::uint8_t>;
using Words = std::set<std::string>;

/// What came out of the wire besides health and refusals.
Words values_of(const StreamReplay& replay) {
    Words values;
    for (const auto& line : replay.told()) {
        const bool neutral = line.starts_with("bad ") || line == "online" || line == "offline" || line == "fault";
        if (!neutral) {
            values.insert(line);
        }
    }
    return values;
}

std::string profile_text(const std::string& name) {
    std::ifstream in{"config/profiles/" + name + ".yaml"};
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// A profile with a short idle time: silence is waited for.
ConfigNode quick_profile(const std::string& text) {
    return yaml(std::regex_replace(text, std::regex{"idle: [0-9]+ ms"}, "idle: 5 ms"));
}

bool on_a_stream(const ConfigNode& profile) {
    ConfigProblems problems;
    const auto name = profile.find("driver")->text(problems);
    const auto all = all_drivers();
    return std::any_of(all.begin(), all.end(), [&name](const DriverEntry& entry) {
        return entry.name == name && entry.bus == BusKind::stream;
    });
}

/// The whole frames of a profile's recordings, each once, with the device's own options there.
std::map<Octets, ConfigNode> frames_of(const std::string& profile_name, const FramingSettings& framing) {
    std::map<Octets, ConfigNode> frames;
    for (const auto& entry : fs::directory_iterator("tests/recordings/" + profile_name)) {
        const auto recording = yaml_file(entry.path().string());
        const auto* device = recording.find("device");
        Framer framer{
            framing,
            {.frame =
                 [&](const Frame& frame) { frames.emplace(frame.bytes, device != nullptr ? *device : yaml("{}")); },
             .refused = [](std::string_view, const Octets&) {}}};
        const auto* pieces = recording.find("bytes");
        if (pieces == nullptr) {
            continue;
        }
        ConfigProblems problems;
        for (const auto& piece : pieces->items()) {
            const auto text = piece.text(problems);
            if (const auto bytes = hex_bytes(text)) {
                framer.bytes(*bytes, Instant{});
            } else {
                framer.silence();
            }
        }
    }
    return frames;
}

/// One way in which a frame is spoilt, and whether the next one follows at once.
struct Variant {
    Octets bytes;
    bool glued = false;
};

std::vector<Variant> variants_of(const Octets& frame) {
    constexpr unsigned bits = 8;
    std::vector<Variant> all;
    const auto add = [&all, &frame](const Octets& bytes) {
        if (bytes != frame) {
            all.push_back({bytes, false});
            all.push_back({bytes, true});
        }
    };
    for (std::size_t at = 0; at < frame.size(); ++at) {
        const auto here = frame.begin() + static_cast<std::ptrdiff_t>(at);
        add({frame.begin(), here});
        add({here + 1, frame.end()});
        auto missing = frame;
        missing.erase(missing.begin() + static_cast<std::ptrdiff_t>(at));
        add(missing);
        auto twice = frame;
        twice.insert(twice.begin() + static_cast<std::ptrdiff_t>(at), frame[at]);
        add(twice);
        for (unsigned bit = 0; bit < bits; ++bit) {
            auto flipped = frame;
            flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ (1U << bit));
            add(flipped);
        }
        auto inverted = frame;
        inverted[at] = static_cast<std::uint8_t>(~inverted[at]);
        add(inverted);
    }
    auto doubled = frame;
    doubled.insert(doubled.end(), frame.begin(), frame.end());
    all.push_back({doubled, false});
    return all;
}

struct Tally {
    int variants = 0;
    int refused = 0;    ///< at least one bad frame was counted
    int wrong = 0;      ///< a value that the device did not say
    int deaf = 0;       ///< the good frame after the silence was not understood
    std::string worst;  ///< one that was wrong
};

/// All variants at once, each on a device of its own: their silences pass together.
void try_variants(const Octets& frame, const ConfigNode& options, const ConfigNode& profile, Tally& tally) {
    constexpr std::chrono::milliseconds idle{5};
    boost::asio::io_context context;
    ManualClock clock;
    StreamReplay clean{context, clock, options, profile};
    clean.give(frame);
    pass(context, clock, idle);
    const auto said = values_of(clean);
    const auto variants = variants_of(frame);
    std::vector<std::unique_ptr<StreamReplay>> devices;
    for (const auto& variant : variants) {
        devices.push_back(std::make_unique<StreamReplay>(context, clock, options, profile));
        devices.back()->give(variant.bytes);
        if (variant.glued) {
            devices.back()->give(frame);
        }
    }
    pass(context, clock, idle);
    for (const auto& device : devices) {
        device->give(frame);
    }
    pass(context, clock, idle);
    for (std::size_t i = 0; i < devices.size(); ++i) {
        const auto values = values_of(*devices[i]);
        ++tally.variants;
        tally.refused += devices[i]->device().view().bad_frames > 0 ? 1 : 0;
        tally.deaf += std::includes(values.begin(), values.end(), said.begin(), said.end()) ? 0 : 1;
        for (const auto& value : values) {
            if (!said.contains(value)) {
                ++tally.wrong;
                tally.worst = value;
                break;
            }
        }
    }
}

Tally tally_of(const std::string& name, const ConfigNode& profile, const FramingSettings& framing) {
    Tally tally;
    for (const auto& [frame, options] : frames_of(name, framing)) {
        try_variants(frame, options, profile, tally);
    }
    return tally;
}

/// What tests/recordings/residue.txt states of a profile, per thousand.
std::optional<std::int64_t> stated(const std::string& name) {
    const auto residue = yaml_file("tests/recordings/residue.txt");
    ConfigProblems problems;
    const auto* row = residue.find(name);
    return row == nullptr ? std::nullopt : std::optional{row->integer(problems, 0, 1000)};
}

}  // namespace

TEST_CASE("spoilt frames of every stream profile are refused, and what a check cannot see is stated") {
    for (const auto& entry : fs::directory_iterator("config/profiles")) {
        const auto name = entry.path().stem().string();
        const auto profile = quick_profile(profile_text(name));
        // A sign is told and tells nothing.
        if (!on_a_stream(profile) || profile.find("framing") == nullptr || profile.find("content") != nullptr) {
            continue;
        }
        DYNAMIC_SECTION(name) {
            ConfigProblems problems;
            const auto framing = read_framing(profile, problems);
            const auto tally = tally_of(name, profile, framing);
            std::cout << "frame_variants." << name << " variants=" << tally.variants << " refused=" << tally.refused
                      << " wrong=" << tally.wrong << " check=" << (framing.check ? "yes" : "no") << '\n';
            CAPTURE(tally.worst);
            CHECK(tally.variants > 0);
            CHECK(tally.deaf == 0);
            const auto permille = tally.variants == 0 ? 0 : tally.wrong * 1000 / tally.variants;
            const auto allowed = stated(name);
            if (framing.check && !allowed) {
                CHECK(tally.wrong == 0);
            } else {
                // Stated and true: neither more than is said, nor a number that was left behind by a better check.
                REQUIRE(allowed);
                CHECK(permille <= *allowed);
                CHECK(permille >= *allowed - 50);
            }
        }
    }
}

TEST_CASE("spoilt frames are taken for values where nobody looks at the check") {
    const auto text = std::regex_replace(profile_text("card-bytes"), std::regex{"check: [^\n]*\n"}, "");
    const auto profile = quick_profile(text);
    ConfigProblems problems;
    const auto framing = read_framing(profile, problems);
    REQUIRE_FALSE(framing.check);
    CHECK(tally_of("card-bytes", profile, framing).wrong > 0);
}
