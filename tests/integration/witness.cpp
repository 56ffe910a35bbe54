#include "tests/integration/witness.hpp"

#include <fstream>
#include <utility>

namespace portcullis::testing {
namespace {

using namespace std::chrono_literals;

std::filesystem::path printed(const std::filesystem::path& folder) {
    return folder / "mosquitto_sub.out";
}

}  // namespace

Witness::Witness(std::filesystem::path folder, int broker_port, std::string prefix)
    : folder_(std::move(folder)),
      broker_port_(broker_port),
      prefix_(std::move(prefix)),
      printer_({"mosquitto_sub", "-h", "127.0.0.1", "-p", std::to_string(broker_port_), "-V", "mqttv5", "-q", "1", "-i",
                "witness", "-t", prefix_ + "/event", "-F", "%p"},
               printed(folder_)) {}

std::vector<std::string> Witness::seen() const {
    std::vector<std::string> lines;
    std::ifstream file{printed(folder_)};
    for (std::string line; std::getline(file, line) && !file.eof();) {
        if (line.starts_with("{")) {  // else mosquitto_sub speaks of itself
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

void Witness::ask_for_replay(const std::string& stream, std::int64_t from) const {
    const auto payload = R"({"from":)" + std::to_string(from) + R"(,"stream":")" + stream + R"("})";
    rig::ChildProcess asker{{"mosquitto_pub", "-h", "127.0.0.1", "-p", std::to_string(broker_port_), "-V", "mqttv5",
                             "-q", "1", "-t", prefix_ + "/replay", "-m", payload},
                            folder_ / "mosquitto_pub.out"};
    static_cast<void>(asker.wait(5s));
}

}  // namespace portcullis::testing
