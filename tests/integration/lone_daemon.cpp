#include "tests/integration/lone_daemon.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

std::string built_program(const std::string& name) {
    const auto* const folder = std::getenv("PORTCULLIS_BIN");  // NOLINT(concurrency-mt-unsafe): one thread
    if (folder == nullptr) {
        throw std::runtime_error{"PORTCULLIS_BIN names the folder of the built programs"};
    }
    return std::string{folder} + "/" + name;
}

}  // namespace

LoneDaemon::LoneDaemon() {
    std::string form = (std::filesystem::temp_directory_path() / "portcullis-lone-XXXXXX").string();
    if (mkdtemp(form.data()) == nullptr) {
        throw std::runtime_error{"no temporary folder"};
    }
    folder_ = form;
}

LoneDaemon::~LoneDaemon() {
    daemon_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void LoneDaemon::settings(const std::string& devices_and_lanes) const {
    std::ofstream{folder_ / "policy.yaml"} << "rows:\n  - { movement: no_box, without_order: release }\n";
    std::ofstream{folder_ / "gate.yaml"}
        << "gate: { terminal: demo, name: g9, test_bench: true }\n"
        << "state: " << folder_.string() << "\n"
        << "control_socket: " << socket().string() << "\n"
        << "uplink:\n  - { name: supervision, broker: mqtt://127.0.0.1:1 }\n"
        << "trust: { orders_key: 03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8 }\n"
        << "policy: policy.yaml\n"
        << devices_and_lanes;
}

void LoneDaemon::start() {
    daemon_ = std::make_unique<rig::ChildProcess>(
        std::vector<std::string>{built_program("portcullisd"), "--profiles", "config/profiles", "--settings",
                                 (folder_ / "gate.yaml").string()},
        log());
}

void LoneDaemon::until(const std::string& what, const std::function<bool()>& so) {
    for (const auto give_up = clock_.now().instant + 60s; !so();) {
        if (clock_.now().instant > give_up) {
            const auto now = status();
            FAIL("waited for this in vain: " << what << "\n"
                                             << (now ? now->text() : "no daemon answers") << "\n"
                                             << file_text(log().string()));
        }
        wait(10ms);
    }
}

void LoneDaemon::in_service() {
    until("the daemon is in service", [this] {
        const auto now = status();
        return now && now->in_service();
    });
}

void LoneDaemon::wait(std::chrono::milliseconds time) {
    context.restart();
    context.run_for(time);
}

std::string LoneDaemon::portcullis(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), built_program("portcullis"));
    const auto output = folder_ / ("output-" + std::to_string(++runs_));
    rig::ChildProcess child{arguments, output};
    std::optional<int> ended;
    until("portcullis " + arguments.at(1) + " has ended", [&] {
        ended = child.ended();
        return ended.has_value();
    });
    auto printed = file_text(output.string());
    INFO(printed);
    CHECK(ended == 0);
    return printed;
}

std::string LoneDaemon::events(const std::string& type) {
    return portcullis({"journal", "show", "--socket", socket().string(), "--type", type, "--json"});
}

std::size_t times_in(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++times;
    }
    return times;
}

}  // namespace portcullis::testing
