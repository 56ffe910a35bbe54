// Pictures from a simulated camera through the built daemon to whoever wants them.
#include <algorithm>
#include <boost/json/array.hpp>
#include <fstream>
#include <map>

#include "simulators/devices/http_camera.hpp"
#include "tests/integration/commands.hpp"
#include "tests/integration/gate_bench.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/support/mqtt_probe.hpp"
#include "trust/hash.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

const Truck first_truck{"闽D12345", "CSQU3054383"};
const Truck second_truck{"闽D54321", "MSKU6011672"};

story::LaneKind with_camera() {
    story::LaneKind kind;
    kind.camera = true;
    return kind;
}

/// Two trucks, the second at the line before the first has gone.
class Pictured {
public:
    Pictured() : bench({with_camera()}), commands(bench) {
        bench.start();
        bench.order({released(first_truck), released(second_truck)});
    }
    [[nodiscard]] simulators::HttpCameraServer& camera() { return *bench.lane().rig().camera(); }
    void first_stands_there() {
        camera().scene(first_truck.plate);
        bench.lane().arrives();
    }
    void first_goes_under() {
        bench.lane().is_read(first_truck);
        bench.lane().arm_opens();
        bench.lane().goes_under();
    }
    void second_comes_up() {
        camera().scene(second_truck.plate);
        bench.lane().arrives();
        bench.lane().leaves();
        bench.lane().arm_closes();
    }
    void second_goes() {
        bench.lane().is_read(second_truck);
        bench.lane().arm_opens();
        bench.lane().goes_under();
        bench.lane().leaves();
        bench.lane().arm_closes();
    }
    [[nodiscard]] std::filesystem::path file_of(const std::string& sha256) {
        return bench.gate().state() / "evidence" / sha256.substr(0, 2) / sha256;
    }
    /// The plate in the passage's end, and who is in each of its pictures.
    [[nodiscard]] std::map<std::string, std::vector<std::string>> pictures() {
        std::map<std::string, std::vector<std::string>> found;
        for (const auto* ended : bench.events("passage.ended")) {
            auto& words = found[std::string{ended->data.at("plates").as_array().at(0).as_string()}];
            for (const auto& sha256 : ended->data.at("evidence").as_array()) {
                const auto text = file_text(file_of(std::string{sha256.as_string()}).string());
                words.push_back(simulators::words_of_picture({text.begin(), text.end()}));
            }
        }
        return found;
    }

    GateBench bench;
    Commands commands;
};

bool shows(const std::vector<std::string>& pictures, const Truck& truck) {
    return pictures.size() == 1 && pictures.front().starts_with(truck.plate);
}

}  // namespace

TEST_CASE("Each truck has its own picture, which reaches whoever wants it, and goes with its event") {
    Pictured gate;
    auto& bench = gate.bench;
    MqttProbe probe{bench.gate().broker().uri(), "pictures"};
    probe.subscribe(bench.gate().prefix() + "/evidence/#");
    gate.first_stands_there();
    bench.until_central_has("evidence.bound");
    gate.first_goes_under();
    gate.second_comes_up();
    bench.until("the second has its picture", [&] { return bench.events("evidence.bound").size() == 2; });
    gate.second_goes();
    bench.until("central knows both ends", [&] { return bench.events("passage.ended").size() == 2; });
    auto pictures = gate.pictures();
    CHECK(shows(pictures[first_truck.plate], first_truck));
    CHECK(shows(pictures[second_truck.plate], second_truck));
    CHECK(bench.events("evidence.missing").empty());

    // Both come over MQTT, with what says whose they are.
    bench.until("both were sent", [&] { return probe.messages().size() >= 2; });
    for (const auto& message : probe.messages()) {
        const auto sha256 = hex_text(trust::sha256(message.payload));
        CHECK(message.topic == bench.gate().prefix() + "/evidence/" + sha256 + "/0");
        CHECK(message.user_properties.at("chunks") == "1");
        CHECK(message.user_properties.at("bytes") == std::to_string(message.payload.size()));
        CHECK(file_text(gate.file_of(sha256).string()) == message.payload);
    }
    const auto sent = probe.messages().size();

    // Erased with its event: the file is gone, an event says so, and the chain holds.
    bench.until("central has stored all, and the gate knows", [&] {
        const auto now = bench.status();
        return now && now->last() > 0 && now->text().find("\"backlog\":0") != std::string::npos;
    });
    const auto* bound = bench.events("evidence.bound").front();
    const auto sha256 = run::text_of(*bound, "sha256");
    REQUIRE(std::filesystem::exists(gate.file_of(sha256)));
    gate.commands.of_daemon({"erase", "--passage", bound->passage, "--reason", "case 2026-118", "--actor", "A113"});
    bench.until_central_has("evidence.erased",
                            [](const run::SeenEvent& event) { return run::text_of(event, "cause") == "request"; });
    bench.until("the file is gone", [&] { return !std::filesystem::exists(gate.file_of(sha256)); });
    CHECK_THAT(gate.commands.of_daemon({"verify"}), contains_text("hold"));
    CHECK_THAT(gate.commands.of_daemon({"show", "--type", "evidence.bound", "--json"}), !contains_text(sha256));

    // A restart finds what is kept, sends nothing twice, and loses nothing.
    const auto kept = run::text_of(*bench.events("evidence.bound").back(), "sha256");
    std::ofstream{bench.gate().state() / "evidence" / kept.substr(0, 2) / (kept + ".new")} << "half";
    bench.kill_and_restart();
    bench.until("what was half written is removed",
                [&] { return !std::filesystem::exists(gate.file_of(kept).string() + ".new"); });
    CHECK(std::filesystem::exists(gate.file_of(kept)));
    CHECK(probe.messages().size() == sent);
    bench.ask_to_stop();
    CHECK(bench.wait_for_exit() == 0);
    CHECK_THAT(gate.commands.journal({"verify", "--state", bench.gate().state().string()}), contains_text("hold"));
}

TEST_CASE("A slow camera's picture of the next truck is nobody's, and no lane waits for it") {
    Pictured gate;
    auto& bench = gate.bench;
    gate.camera().faults.delay = 3s;
    gate.first_stands_there();
    gate.first_goes_under();
    gate.camera().scene(second_truck.plate);
    bench.lane().arrives();
    bench.until_central_has("evidence.missing", [](const run::SeenEvent& event) {
        return run::text_of(event, "cause") == "outside" || run::text_of(event, "cause") == "timeout";
    });
    CHECK(bench.events("evidence.bound").empty());
    gate.camera().faults = {};
    bench.lane().leaves();
    bench.lane().arm_closes();
    bench.until_central_has("evidence.bound");
    gate.second_goes();
    bench.until("central knows both ends", [&] { return bench.events("passage.ended").size() == 2; });
    auto pictures = gate.pictures();
    CHECK(pictures[first_truck.plate].empty());
    CHECK(shows(pictures[second_truck.plate], second_truck));
    bench.prove_stream();
}

TEST_CASE("A camera that is not there costs its picture and nothing else") {
    Pictured gate;
    auto& bench = gate.bench;
    gate.camera().faults.status = 503;
    gate.first_stands_there();
    gate.first_goes_under();
    bench.lane().leaves();
    bench.lane().arm_closes();
    bench.until_central_has("passage.ended");
    CHECK(run::text_of(*bench.events("passage.ended").front(), "outcome") == "cleared");
    REQUIRE(bench.events("evidence.missing").size() == 1);
    CHECK(run::text_of(*bench.events("evidence.missing").front(), "cause") == "refused");
    bench.prove_stream();
}

}  // namespace portcullis::testing
