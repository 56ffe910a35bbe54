#include "gate/head_maker.hpp"
#include <filesystem>
#include <fstream>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "gate/gate_key.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "trust/base64.hpp"
#include "trust/sodium.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using store::testing::TemporaryDirectory;

const StreamId stream = *StreamId::parse("5b0e7a3c91d24f6680c4d2e19a7f3b58");

}  // namespace

TEST_CASE("a head says what it signs, in canonical JSON, under the gate's key") {
    const trust::Sodium sodium;
    const auto key = trust::SigningKey::from_seed(std::string(64, '1')).value();
    const HeadMaker maker{key, stream, {}, 0, {}};
    Hash256 hash{};
    hash.fill(0xab);
    const auto row = maker.make({17, hash, 0, 4}, WallTime{1'700'000'000'000ms});
    CHECK(row.sequence == 17);
    const auto envelope = codec::read_envelope(row.envelope, head_kind, 4096).value();
    const auto payload = trust::from_base64(envelope.payload).value();
    CHECK(payload == R"({"hash":")" + hex_text(hash) +
                         R"(","order_cursor":4,"ruleset_version":0,"sequence":17,"stream":")" + stream.text() +
                         R"(","time":"2023-11-14T22:13:20.000Z"})");
    const auto bytes = trust::from_base64(envelope.signatures.front().sig).value();
    CHECK(envelope.signatures.front().keyid == key.public_key().keyid());
    CHECK(key.public_key().verifies(trust::pre_authentication_encoding(envelope.payload_type, payload),
                                    trust::signature_from_bytes(bytes).value()));
}

TEST_CASE("a head is due after so many entries, or after so long when there is a new one") {
    const trust::Sodium sodium;
    const auto key = trust::SigningKey::from_seed(std::string(64, '1')).value();
    HeadMaker maker{key, stream, {500, 5min}, 1000, Instant{}};
    CHECK_FALSE(maker.due(1499, Instant{} + 1min));
    CHECK(maker.due(1500, Instant{} + 1min));
    CHECK(maker.due(1001, Instant{} + 5min));
    CHECK_FALSE(maker.due(1000, Instant{} + 5min));
    maker.made(1001, Instant{} + 5min);
    CHECK_FALSE(maker.due(1002, Instant{} + 9min));
    CHECK(maker.newest() == 1001);
}

TEST_CASE("a gate makes its key once, readable by its owner only, and finds it again") {
    const trust::Sodium sodium;
    const TemporaryDirectory state;
    const auto made = open_gate_key(state.path(), trust::random_ids(sodium));
    REQUIRE(made.ok());
    CHECK(made->created);
    const auto file = state.path() / "gate.key";
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    const auto found = open_gate_key(state.path(), trust::random_ids(sodium));
    REQUIRE(found.ok());
    CHECK_FALSE(found->created);
    CHECK(found->key.public_key() == made->key.public_key());
}

TEST_CASE("a key file that holds something else is refused and left alone") {
    const trust::Sodium sodium;
    const TemporaryDirectory state;
    for (const auto* const text : {"", "no key", "00", "ZZ"}) {
        std::ofstream{state.path() / "gate.key"} << text;
        const auto refused = open_gate_key(state.path(), trust::random_ids(sodium));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().fault == store::StoreFault::not_ours);
        CHECK(portcullis::testing::file_text((state.path() / "gate.key").string()) == text);
    }
}

}  // namespace portcullis::gate
