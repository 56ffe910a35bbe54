#include "trust/sampling_key.hpp"

#include "tests/support/catch.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using trust::BoxKeyPair;
using trust::BoxPublicKey;
using trust::SamplingSecret;

TEST_CASE("A sampling key is opened by the gate that it is sealed to and by nobody else") {
    const trust::Sodium sodium;
    const auto gate = BoxKeyPair::parse(std::string(64, '1')).value();
    const auto other = BoxKeyPair::parse(std::string(64, '2')).value();
    const auto secret = SamplingSecret::generate(sodium);
    const auto sealed = gate.public_key().seal(sodium, secret);
    const auto opened = gate.open(sealed);
    REQUIRE(opened);
    CHECK(opened->text() == secret.text());
    CHECK_FALSE(other.open(sealed));
}

TEST_CASE("A sealed key that was changed or cut is not opened") {
    const trust::Sodium sodium;
    const auto gate = BoxKeyPair::parse(std::string(64, '1')).value();
    const auto sealed = gate.public_key().seal(sodium, SamplingSecret::generate(sodium));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto changed = sealed;
        changed.at(i) = static_cast<char>(changed.at(i) ^ 1);
        CHECK_FALSE(gate.open(changed));
    }
    CHECK_FALSE(gate.open(sealed.substr(1)));
    CHECK_FALSE(gate.open(sealed + "x"));
    CHECK_FALSE(gate.open(""));
}

TEST_CASE("Two seals of one key are not alike") {
    const trust::Sodium sodium;
    const auto gate = BoxKeyPair::parse(std::string(64, '1')).value();
    const auto secret = SamplingSecret::generate(sodium);
    CHECK(gate.public_key().seal(sodium, secret) != gate.public_key().seal(sodium, secret));
}

TEST_CASE("The commitment is the SHA-256 of the raw key") {
    const auto secret = SamplingSecret::parse(std::string(64, '0')).value();
    CHECK(secret.commitment() == trust::sha256(std::string(32, '\0')));
    CHECK(SamplingSecret::parse(std::string(64, '1')).value().commitment() != secret.commitment());
}

TEST_CASE("A key that is moved from holds nothing any more") {
    auto secret = SamplingSecret::parse(std::string(64, 'a')).value();
    const auto moved = std::move(secret);
    CHECK(moved.text() == std::string(64, 'a'));
    CHECK(secret.text() == std::string(64, '0'));  // NOLINT(bugprone-use-after-move): that is what is asked
}

TEST_CASE("A public key to which everybody could open is none") {
    CHECK_FALSE(BoxPublicKey::parse(std::string(64, '0')));
    CHECK_FALSE(BoxPublicKey::parse("01" + std::string(62, '0')));
    CHECK_FALSE(BoxPublicKey::parse("abc"));
    const auto gate = BoxKeyPair::parse(std::string(64, '1')).value();
    CHECK(BoxPublicKey::parse(gate.public_key().text()) == gate.public_key());
}
