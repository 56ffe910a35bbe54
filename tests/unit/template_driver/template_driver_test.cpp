#include "drivers/template_driver/template_driver.hpp"

#include "cli/device/player.hpp"
#include "cli/device/recording.hpp"
#include "drivers/registry.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/catch.hpp"

namespace portcullis::cli {

using portcullis::cli::RecordedPiece;
using portcullis::cli::Recording;

namespace {

const std::string folder = "drivers/template_driver/example/";
constexpr std::array with_template{
    drivers::DriverEntry{"template_driver", drivers::BusKind::stream, drivers::plan_template_driver}};

struct Planned {
    ConfigProblems problems;
    std::optional<ConfigNode> profile;
    std::unique_ptr<drivers::DevicePlan> plan;

    explicit Planned(const std::string& text) : profile(settings::read_yaml(text, "profile.yaml", problems)) {
        const auto options = ConfigNode::map({}, "device", {});
        const drivers::BusSettings bus = drivers::TcpStreamSettings{{"192.0.2.11", 4001}};
        plan = drivers::plan_device(options, *profile, bus, problems, with_template);
        profile->report_unread(problems);
    }
};

std::string example_profile() {
    ConfigProblems problems;
    return settings::read_text_file(folder + "profile.yaml", problems).value();
}

Recording example_recording() {
    ConfigProblems problems;
    return cli::read_recording_file(folder + "recording.yaml", problems).value();
}

std::vector<std::string> seen_of(const Recording& recording) {
    const Planned planned{example_profile()};
    return cli::play(*planned.plan, *planned.profile, recording).seen;
}

}  // namespace

TEST_CASE("The template driver sees in its recording what the recording expects") {
    const Planned planned{example_profile()};
    REQUIRE(planned.problems.empty());
    const auto recording = example_recording();
    const auto played = cli::play(*planned.plan, *planned.profile, recording);
    CHECK(played.wrong == std::vector<std::string>{});
    CHECK(played.seen == recording.expect);
}

TEST_CASE("A frame that the template driver has acknowledged is told once however often it comes") {
    Recording recording;
    for (int i = 0; i < 5; ++i) {
        recording.pieces.push_back({RecordedPiece::What::bytes, {0x02, '7', 'X', 0x03}, {}});
    }
    CHECK(seen_of(recording) == std::vector<std::string>{"online", "reading X"});
}

TEST_CASE("What is no frame of the template driver is refused and acknowledges nothing") {
    Recording recording;
    recording.pieces = {{RecordedPiece::What::bytes, {0x02, '1', 0x03}, {}},             // no text
                        {RecordedPiece::What::bytes, {0x02, '1', 0xFF, 'A', 0x03}, {}},  // no UTF-8
                        {RecordedPiece::What::bytes, {0x02, '1', 'A'}, {}},              // no end
                        {RecordedPiece::What::silence, {}, {}},
                        {RecordedPiece::What::bytes, {0x02, '2'}, {}},
                        {RecordedPiece::What::damaged, {}, {}},
                        {RecordedPiece::What::bytes, {'A', 0x03}, {}}};
    CHECK(seen_of(recording) == std::vector<std::string>{"bad content", "bad encoding", "bad no_end", "bad damaged"});
    recording.pieces.push_back({RecordedPiece::What::sent, {0x06, '1'}, {}});
    const Planned planned{example_profile()};
    const auto played = cli::play(*planned.plan, *planned.profile, recording);
    REQUIRE(played.wrong.size() == 1);
    CHECK(played.wrong.front() == "the driver sent nothing where the recording has 06 31");
}

TEST_CASE("A profile of the template driver that is wrong says where") {
    const Planned planned{
        "product: x\ndriver: template_driver\nsource: y\nverified: []\nframing: { end: \"03\" }\nkid: tag\n"};
    std::vector<std::string> messages;
    for (const auto& problem : planned.problems.all()) {
        messages.push_back(problem.message());
    }
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].starts_with("profile.yaml:1:1"));
    CHECK(messages[1].starts_with("profile.yaml:6:1: kid"));
}

}  // namespace portcullis::cli
