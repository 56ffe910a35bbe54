#include <algorithm>
#include <atomic>
#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <sstream>

#include "device_rig.hpp"
#include "drivers/observation_text.hpp"
#include "http_replay.hpp"
#include "stream_replay.hpp"
#include "tests/support/modbus_stub.hpp"

// Replays tests/recordings/<profile>/*.yaml (README.md there): frames of a product in, observations out.

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::Bytes;
using portcullis::testing::DeviceRig;
using portcullis::testing::idle_of;
using portcullis::testing::ManualClock;
using portcullis::testing::ModbusStub;
using portcullis::testing::pass;
using portcullis::testing::play_answers;
using portcullis::testing::play_pushes;
using portcullis::testing::RecordedCamera;
using portcullis::testing::StreamReplay;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> recordings() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator("tests/recordings")) {
        if (entry.path().extension() == ".yaml" && entry.path().parent_path() != "tests/recordings") {
            found.push_back(entry.path());
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::string text(const ConfigNode& node, std::string_view key) {
    ConfigProblems problems;
    const auto* member = node.require(key, problems);
    REQUIRE(member != nullptr);
    return member->text(problems);
}

std::vector<std::string> texts(const ConfigNode& node, std::string_view key) {
    ConfigProblems problems;
    const auto* member = node.find(key);
    REQUIRE(member != nullptr);
    std::vector<std::string> all;
    for (const auto& item : member->items()) {
        all.push_back(item.text(problems));
    }
    return all;
}

Bytes bytes_of(const std::string& hex) {
    Bytes bytes;
    std::istringstream in{hex};
    for (std::string pair; in >> pair;) {
        bytes.push_back(pair == "TT" ? std::uint8_t{0} : static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
    }
    return bytes;
}

std::vector<std::string> all_told(const std::vector<Observation>& observations) {
    std::vector<std::string> lines;
    for (const auto& seen : observations) {
        if (auto line = words_of(seen)) {
            lines.push_back(std::move(*line));
        }
    }
    return lines;
}

std::vector<PointSetup> setups_of(const ConfigNode& recording) {
    std::vector<PointSetup> setups;
    const auto* points = recording.find("points");
    if (points == nullptr) {
        return setups;
    }
    ConfigProblems problems;
    for (const auto& [name, options] : points->members()) {
        PointSetup setup{.point = PointName{name},
                         .direction = name.starts_with("di") ? Direction::input : Direction::output};
        if (const auto* open = options.find("wire_open_means")) {
            setup.wire_open_means = open->word<WireOpen>(problems).value();
        }
        if (const auto* safe = options.find("safe")) {
            setup.safe = safe->word<SafeOutput>(problems).value();
        }
        setups.push_back(setup);
    }
    return setups;
}

/// The device of a recording: answers what it was asked then, in that order for each question; the last again.
class Replayed {
public:
    explicit Replayed(const ConfigNode& recording) {
        for (const auto& exchange : recording.find("exchanges")->items()) {
            answers_[bytes_of(text(exchange, "ask"))].push_back(bytes_of(text(exchange, "answer")));
            ++left_;
        }
    }

    ModbusStub::Reply reply(const Bytes& request) {
        auto question = request;
        question[0] = question[1] = 0;
        const std::lock_guard lock{mutex_};
        const auto found = answers_.find(question);
        if (found == answers_.end()) {
            unknown_.push_back(question);
            return {.act = ModbusStub::Act::silence, .bytes = {}};
        }
        auto& answers = found->second;
        auto answer = answers.front();
        answer[0] = request[0];
        answer[1] = request[1];
        if (answers.size() > 1) {
            answers.pop_front();
            --left_;
        } else if (finished_.insert(question).second) {
            --left_;
        }
        return {.act = ModbusStub::Act::send, .bytes = answer};
    }

    [[nodiscard]] bool over() const { return left_ == 0; }
    [[nodiscard]] std::vector<Bytes> unknown() {
        const std::lock_guard lock{mutex_};
        return unknown_;
    }

private:
    std::mutex mutex_;
    std::map<Bytes, std::deque<Bytes>> answers_;
    std::set<Bytes> finished_;
    std::vector<Bytes> unknown_;
    std::atomic<int> left_{0};
};

void replay_exchanges(const ConfigNode& recording, const std::string& profile) {
    Replayed replayed{recording};
    ModbusStub stub;
    stub.script([&replayed](const Bytes& request, const Bytes&) { return replayed.reply(request); });
    DeviceRig rig;
    const auto* options = recording.find("device");
    REQUIRE(options != nullptr);
    rig.add_node("device", "{ modbus_tcp: 127.0.0.1:" + std::to_string(stub.port()) + " }", *options,
                 yaml_file("config/profiles/" + profile + ".yaml"), setups_of(recording));
    rig.start();
    const auto expected = texts(recording, "expect");
    rig.until([&] {
        return !replayed.unknown().empty() || (replayed.over() && all_told(rig.observations).size() >= expected.size());
    });
    CHECK(all_told(rig.observations) == expected);
    CHECK(replayed.unknown().empty());
    stub.honest();
}

/// `sent HEX`: the device must have been asked so by now.
void check_sent(boost::asio::io_context& context, const StreamReplay& replay, const std::string& hex,
                std::size_t already) {
    const auto wanted = bytes_of(hex);
    while (replay.stream().sent.size() <= already) {
        context.restart();
        REQUIRE(context.run_one_for(std::chrono::seconds{20}) == 1);
    }
    CHECK(replay.stream().sent[already] == wanted);
}

/// `show COLOUR WORDS`: what a lane gives a sign.
SignFace shown_face(const std::string& piece) {
    const auto colour = piece.find(' ') + 1;
    const auto words = piece.find(' ', colour) + 1;
    return {piece.substr(words), enum_from<SignColour>(piece.substr(colour, words - 1 - colour)).value()};
}

void replay_bytes(const ConfigNode& recording, const std::string& profile_name) {
    boost::asio::io_context context;
    ManualClock clock;
    const auto* device = recording.find("device");
    const auto profile = yaml_file("config/profiles/" + profile_name + ".yaml");
    StreamReplay replay{context, clock, device != nullptr ? *device : yaml("{}"), profile};
    std::size_t asked = 0;
    for (const auto& piece : texts(recording, "bytes")) {
        if (piece == "silence") {
            pass(context, clock, idle_of(profile));
        } else if (piece == "damaged") {
            replay.spoil();
        } else if (piece.starts_with("wait ")) {
            ConfigProblems problems;
            const auto time = ConfigNode::scalar({}, "wait", piece.substr(5));
            pass(context, clock, time.duration(problems, std::chrono::milliseconds{1}, std::chrono::minutes{1}));
            REQUIRE(problems.empty());
        } else if (piece.starts_with("show ")) {
            replay.show(shown_face(piece));
        } else if (piece.starts_with("sent ")) {
            check_sent(context, replay, piece.substr(5), asked++);
        } else {
            replay.give(bytes_of(piece));
        }
    }
    CHECK(replay.told() == texts(recording, "expect"));
}

/// What a camera answered, and what a reader pushed: over HTTP.
void replay_http(const ConfigNode& recording, const std::string& profile_name) {
    const auto profile = yaml_file("config/profiles/" + profile_name + ".yaml");
    const auto& options = *recording.find("device");
    DeviceRig rig;
    if (const auto* answers = recording.find("answers")) {
        std::deque<RecordedCamera::Answer> script;
        ConfigProblems problems;
        for (const auto& answer : answers->items()) {
            const auto body = bytes_of(text(answer, "body"));
            const auto status = answer.find("status")->integer(problems, 100, 599);
            script.push_back({static_cast<unsigned>(status), text(answer, "type"), {body.begin(), body.end()}});
        }
        play_answers(rig, std::move(script), options, profile);
    } else {
        play_pushes(rig, texts(recording, "pushes"), options, profile);
    }
    CHECK(all_told(rig.observations) == texts(recording, "expect"));
}

/// A bus that takes a device of this driver.
std::string bus_for(const std::string& driver) {
    const auto all = all_drivers();
    const auto entry =
        std::find_if(all.begin(), all.end(), [&driver](const DriverEntry& one) { return one.name == driver; });
    REQUIRE(entry != all.end());
    switch (entry->bus) {
        case BusKind::modbus:
            return "{ modbus_tcp: 192.0.2.10:502 }";
        case BusKind::stream:
            return "{ serial: /dev/serial/by-id/x, line: 9600 8N1 }";
        case BusKind::http:
            return "{ http: http://192.0.2.10 }";
        case BusKind::http_listen:
            return "{ http_listen: 127.0.0.1:8099 }";
    }
    return {};
}

}  // namespace

TEST_CASE("what products sent is understood as their profiles say") {
    for (const auto& path : recordings()) {
        DYNAMIC_SECTION(path.string()) {
            const auto recording = yaml_file(path.string());
            const auto profile = path.parent_path().filename().string();
            if (recording.find("exchanges") != nullptr) {
                replay_exchanges(recording, profile);
            } else if (recording.find("bytes") == nullptr) {
                replay_http(recording, profile);
            } else {
                replay_bytes(recording, profile);
            }
        }
    }
}

namespace {

/// What a device of this profile is given in one of its recordings.
ConfigNode options_of_a_recording(const std::string& profile) {
    for (const auto& path : recordings()) {
        if (path.parent_path().filename() != profile) {
            continue;
        }
        const auto recording = yaml_file(path.string());
        if (const auto* device = recording.find("device")) {
            return *device;
        }
    }
    return yaml("{ poll: 20 ms, path: /x }");
}

}  // namespace

TEST_CASE("every profile can be planned, reads every key it has, and has a recording") {
    for (const auto& entry : fs::directory_iterator("config/profiles")) {
        const auto name = entry.path().stem().string();
        CAPTURE(name);
        const auto profile = yaml_file(entry.path().string());
        const auto options = options_of_a_recording(name);
        ConfigProblems problems;
        const auto bus = read_bus(yaml(bus_for(text(profile, "driver"))), problems);
        const auto plan = plan_device(options, profile, *bus, problems);
        profile.report_unread(problems);
        for (const auto& problem : problems.all()) {
            FAIL_CHECK(problem.message());
        }
        REQUIRE(plan);
        CHECK((plan->points().empty() || !plan->reads().has_value()));
        CHECK_FALSE(plan->profile().sources.empty());
        CHECK(fs::is_directory("tests/recordings/" + name));
        CHECK_FALSE(fs::is_empty("tests/recordings/" + name));
    }
}
