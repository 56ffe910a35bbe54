#include "trust/signature.hpp"

#include "core/hash256.hpp"
#include "tests/support/catch.hpp"
#include "trust/key_set.hpp"

using namespace portcullis;
using trust::SigningKey;

namespace {

// RFC 8032 section 7.1, test 2.
constexpr auto rfc_seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
constexpr auto rfc_public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr auto rfc_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

SigningKey key_of(char digit) {
    return SigningKey::from_seed(std::string(64, digit)).value();
}

}  // namespace

TEST_CASE("Signatures are those of RFC 8032") {
    const auto key = SigningKey::from_seed(rfc_seed).value();
    CHECK(key.public_key().text() == rfc_public);
    CHECK(key.seed_text() == rfc_seed);
    const auto signature = key.sign("\x72");
    CHECK(hex_text(signature) == rfc_signature);
    CHECK(trust::PublicKey::parse(rfc_public)->verifies("\x72", signature));
    CHECK_FALSE(trust::PublicKey::parse(rfc_public)->verifies("\x73", signature));
}

TEST_CASE("A key with one bit changed anywhere in message or signature does not verify") {
    const auto key = key_of('1');
    const std::string message = "message";
    const auto signature = key.sign(message);
    for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
        auto changed = message;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        CHECK_FALSE(key.public_key().verifies(changed, signature));
    }
    for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
        auto changed = signature;
        changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ (1U << (bit % 8)));
        CHECK_FALSE(key.public_key().verifies(message, changed));
    }
}

TEST_CASE("What is no point of the curve's main subgroup is no public key") {
    CHECK_FALSE(trust::PublicKey::parse(std::string(64, '0')));               // order 4
    CHECK_FALSE(trust::PublicKey::parse("01" + std::string(62, '0')));        // the neutral element
    CHECK_FALSE(trust::PublicKey::parse(std::string(64, 'f')));               // not reduced
    CHECK_FALSE(trust::PublicKey::parse(std::string(rfc_public).substr(2)));  // short
    CHECK_FALSE(trust::PublicKey::parse("3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C"));
}

TEST_CASE("Generated keys differ and sign") {
    const trust::Sodium sodium;
    const auto one = SigningKey::generate(sodium);
    const auto other = SigningKey::generate(sodium);
    CHECK(one.seed_text() != other.seed_text());
    CHECK(one.public_key().verifies("m", one.sign("m")));
    CHECK_FALSE(other.public_key().verifies("m", one.sign("m")));
}

TEST_CASE("The DSSE encoding is that of its specification") {
    CHECK(trust::pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
          "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    CHECK(trust::pre_authentication_encoding("", "") == "DSSEv1 0  0 ");
}

TEST_CASE("A key counts once towards a threshold, however often it signed") {
    const auto a = key_of('a');
    const auto b = key_of('b');
    const auto stranger = key_of('c');
    const trust::KeySet keys{{a.public_key(), b.public_key(), a.public_key()}, 2};
    const trust::ClaimedSignature by_a{a.public_key().keyid(), a.sign("m")};
    const trust::ClaimedSignature by_b{b.public_key().keyid(), b.sign("m")};
    const auto enough = [&](const std::vector<trust::ClaimedSignature>& claimed) {
        return keys.enough(keys.signers("m", claimed));
    };

    CHECK(enough({by_a, by_b}));
    CHECK(enough({by_b, by_a, by_b}));
    CHECK_FALSE(enough({}));
    CHECK_FALSE(enough({by_a}));
    CHECK_FALSE(enough({by_a, by_a}));
    CHECK_FALSE(enough({by_a, {b.public_key().keyid(), a.sign("m")}}));
    CHECK_FALSE(enough({by_a, {b.public_key().keyid(), b.sign("other")}}));
    CHECK_FALSE(enough({by_a, {stranger.public_key().keyid(), stranger.sign("m")}}));
    CHECK_FALSE(enough({by_a, {stranger.public_key().keyid(), b.sign("m")}}));
}

TEST_CASE("A key set that could never, or always, be satisfied is not made") {
    const auto key = key_of('a').public_key();
    CHECK_THROWS_AS((trust::KeySet{{key}, 0}), std::invalid_argument);
    CHECK_THROWS_AS((trust::KeySet{{key, key}, 2}), std::invalid_argument);
    CHECK_THROWS_AS((trust::KeySet{{}, 1}), std::invalid_argument);
}
