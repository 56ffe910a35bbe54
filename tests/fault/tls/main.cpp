// Brokers that no gate may trust: none gets a session, and a good one does.
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/figures.hpp"
#include "tests/unit/uplink/uplink_bench.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;
using testing::Aim;

struct Peer {
    std::string name;
    std::string broker;
    uplink::TlsFiles files;
    bool good = false;
    bool lax = false;  ///< a client that verifies nothing gets in
};

/// tls_peers.py, which ends when this program has, and the folder of its certificates, which goes with the object.
class Peers {
public:
    Peers() {
        std::string form = (std::filesystem::temp_directory_path() / "portcullis-tls-XXXXXX").string();
        if (::mkdtemp(form.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = form;
        program_ = ::popen(("exec tests/fault/tls/tls_peers.py " + form).c_str(), "r");
        if (program_ == nullptr) {
            throw std::runtime_error("tls_peers.py does not start: run this from the root of the tree");
        }
        read();
    }
    ~Peers() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Peers(const Peers&) = delete;
    Peers& operator=(const Peers&) = delete;
    Peers(Peers&&) = delete;
    Peers& operator=(Peers&&) = delete;

    [[nodiscard]] const std::vector<Peer>& all() const { return peers_; }

private:
    void read() {
        std::array<char, 4096> line{};
        while (std::fgets(line.data(), static_cast<int>(line.size()), program_) != nullptr) {
            const auto said = boost::json::parse(line.data()).as_object();
            if (said.empty()) {
                return;
            }
            const auto text = [&said](const char* key) { return std::string{said.at(key).as_string()}; };
            peers_.push_back({text("name"),
                              "mqtts://localhost:" + std::to_string(said.at("port").as_int64()),
                              {text("ca"), text("certificate"), text("key")},
                              said.at("good").as_bool(),
                              said.at("lax").as_bool()});
        }
        throw std::runtime_error("tls_peers.py ended early: is openssl installed?");
    }

    std::filesystem::path folder_;
    std::FILE* program_ = nullptr;
    std::vector<Peer> peers_;
};

/// Whether an uplink gets a session within `attempts`; says on stderr what became of it.
bool gets_a_session(const Peer& peer, std::int64_t attempts) {
    uplink::UplinkBench bench{peer.broker};
    bench.settings().tls = peer.files;
    bench.settings().attempt_most = 5s;
    bench.make();
    if (!bench.until([&] { return bench.uplink().view().online || bench.connections > attempts; })) {
        throw std::runtime_error(peer.name + ": no attempt ends");
    }
    const auto view = bench.uplink().view();
    std::cerr << peer.name << ": " << (view.online ? "accepted" : view.cause) << '\n';
    return view.online;
}

int run(bool is_short) {
    const Peers peers;
    const std::int64_t attempts = is_short ? 1 : 5;
    std::size_t good = 0;
    std::size_t good_accepted = 0;
    std::size_t bad = 0;
    std::size_t bad_accepted = 0;
    std::size_t lax_accepted = 0;
    for (const auto& peer : peers.all()) {
        const bool accepted = gets_a_session(peer, attempts);
        ++(peer.good ? good : bad);
        good_accepted += peer.good && accepted ? 1 : 0;
        bad_accepted += !peer.good && accepted ? 1 : 0;
        lax_accepted += !peer.good && peer.lax ? 1 : 0;
    }
    testing::Figures figures;
    figures.print("uplink.bad_tls_peers", static_cast<double>(bad), "peers", Aim::at_least(10), bad,
                  "tls_peers.py offers fewer than it did");
    figures.print("uplink.bad_tls_accepted", static_cast<double>(bad_accepted), "peers", Aim::at_most(0), bad,
                  "a peer that must be refused got a session");
    figures.print("uplink.good_tls_accepted", static_cast<double>(good_accepted), "peers",
                  Aim::at_least(static_cast<double>(good)), good, "a good peer was refused");
    // Negative control: the same peers and a client that verifies nothing.
    figures.print("uplink.bad_tls_accepted_unverified", static_cast<double>(lax_accepted), "peers",
                  Aim::at_least(static_cast<double>(bad)), bad, "a bad peer accepts nobody: it proves nothing");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_tls: brokers that no gate may trust"};
    bool is_short = false;
    app.add_flag("--short", is_short, "one attempt at each");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_tls stopped: " << error.what() << '\n';
        return 1;
    }
}
