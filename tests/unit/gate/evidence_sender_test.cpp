#include "gate/evidence_sender.hpp"

#include <numeric>

#include "tests/support/catch.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

/// A destination whose broker takes pieces when it is told to.
class SenderBench {
public:
    SenderBench() {
        EvidenceSender::Ports ports;
        ports.read = [this](const Hash256& sha256, std::int64_t from, std::size_t length, auto done) {
            ++reads;
            const auto size = sizes.at(sha256[0]);
            done(std::vector<std::uint8_t>(
                static_cast<std::size_t>(std::min<std::int64_t>(static_cast<std::int64_t>(length), size - from))));
        };
        ports.publish = [this](const std::string& name, const std::string& payload,
                               const EvidenceSender::Properties& with, auto done) {
            if (busy) {
                return false;
            }
            pieces.emplace_back(name.substr(0, 2) + name.substr(64), payload.size());
            properties = with;
            taken = std::move(done);
            return true;
        };
        ports.sent = [this](const Hash256& sha256) { sent.push_back(sha256[0]); };
        sender = std::make_unique<EvidenceSender>(rate, std::move(ports));
    }
    void add(std::uint8_t hash, std::int64_t size, std::chrono::seconds at) {
        KeptPicture picture;
        picture.sha256[0] = hash;
        picture.size = size;
        picture.captured = WallTime{at};
        picture.kind = "jpeg";
        sizes[hash] = size;
        sender->add(picture);
    }
    /// Time passes, and what is sent is taken.
    void pass(std::chrono::milliseconds time, bool takes = true) {
        for (auto left = time; left > 0ms; left -= 250ms) {
            now += 250ms;
            sender->tick(now);
            if (takes && taken) {
                std::exchange(taken, nullptr)(true);
            }
        }
    }
    [[nodiscard]] std::size_t bytes() const {
        return std::accumulate(pieces.begin(), pieces.end(), std::size_t{0},
                               [](std::size_t sum, const auto& one) { return sum + one.second; });
    }

    static constexpr std::int64_t rate = std::int64_t{64} * 1024;
    Instant now{1h};
    bool busy = false;
    int reads = 0;
    std::map<std::uint8_t, std::int64_t> sizes;
    std::vector<std::pair<std::string, std::size_t>> pieces;
    EvidenceSender::Properties properties;
    std::function<void(bool)> taken;
    std::vector<int> sent;
    std::unique_ptr<EvidenceSender> sender;
};

constexpr std::int64_t kib = 1024;

}  // namespace

TEST_CASE("pictures are sent the oldest first, in pieces, and slower than the bound") {
    SenderBench bench;
    bench.add(2, 10 * kib, 200s);
    bench.add(1, 70 * kib, 100s);
    bench.pass(60s);
    CHECK(bench.pieces == std::vector<std::pair<std::string, std::size_t>>{
                              {"01/0", 32 * kib}, {"01/1", 32 * kib}, {"01/2", 6 * kib}, {"02/0", 10 * kib}});
    CHECK(bench.sent == std::vector{1, 2});
    CHECK(bench.sender->waiting() == 0);

    SenderBench large;
    large.add(3, 10'000 * kib, 1s);
    large.pass(10s);
    CHECK(large.bytes() <= 11 * 64 * kib);
    CHECK(large.bytes() >= 9 * 64 * kib);
}

TEST_CASE("while anything else waits no picture goes, and then it goes on where it was") {
    SenderBench bench;
    bench.add(1, 64 * kib, 1s);
    bench.pass(1s);
    const auto before = bench.pieces.size();
    bench.busy = true;
    bench.pass(5s);
    CHECK(bench.pieces.size() == before);
    bench.busy = false;
    bench.pass(5s);
    CHECK(bench.sent == std::vector{1});
    CHECK(bench.bytes() == 64 * kib);
}

TEST_CASE("a piece that the broker did not take is sent again") {
    SenderBench bench;
    bench.add(1, 64 * kib, 1s);
    bench.pass(2s, false);
    REQUIRE(bench.pieces.size() == 1);
    std::exchange(bench.taken, nullptr)(false);
    bench.pass(10s);
    CHECK(bench.pieces[1].first == bench.pieces[0].first);
    CHECK(bench.sent == std::vector{1});
}

TEST_CASE("a picture that is erased is not sent on") {
    SenderBench bench;
    bench.add(1, 640 * kib, 1s);
    bench.pass(2s, false);
    Hash256 hash{};
    hash[0] = 1;
    bench.sender->remove(hash);
    if (bench.taken) {
        std::exchange(bench.taken, nullptr)(true);
    }
    const auto before = bench.pieces.size();
    bench.pass(10s);
    CHECK(bench.pieces.size() == before);
    CHECK(bench.sent.empty());
}

TEST_CASE("a piece says whose it is and how many there are") {
    SenderBench bench;
    bench.add(1, 33 * kib, 1s);
    bench.pass(2s, false);
    const std::map<std::string, std::string> with{bench.properties.begin(), bench.properties.end()};
    CHECK(with.at("chunks") == "2");
    CHECK(with.at("bytes") == std::to_string(33 * kib));
    CHECK(with.at("kind") == "jpeg");
    CHECK(with.at("captured_at") == "1970-01-01T00:00:01.000Z");
}

}  // namespace portcullis::gate
