#include "trust/hash.hpp"

#include "tests/support/catch.hpp"
#include "trust/base64.hpp"
#include "trust/sodium.hpp"

using namespace portcullis;

TEST_CASE("SHA-256 is that of FIPS 180-4") {
    CHECK(hex_text(trust::sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex_text(trust::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC-SHA256 takes keys of any length, as RFC 4231") {
    const std::string jefe = "Jefe";
    const std::vector<std::uint8_t> short_key{jefe.begin(), jefe.end()};
    CHECK(hex_text(trust::hmac_sha256(short_key, "what do ya want for nothing?")) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    const std::vector<std::uint8_t> long_key(131, 0xaa);
    CHECK(hex_text(trust::hmac_sha256(long_key, "Test Using Larger Than Block-Size Key - Hash Key First")) ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("A chain hash depends on the hash before it and on every byte of the record") {
    const auto first = trust::chain_hash(Hash256{}, "record");
    CHECK(first == trust::sha256(std::string(33, '\0').append("record")));
    CHECK(trust::chain_hash(first, "record") != first);
    CHECK(trust::chain_hash(Hash256{}, "recore") != first);
}

TEST_CASE("Hex is lower case and of exact length") {
    CHECK(hash256_from_hex(std::string(64, 'a')));
    CHECK_FALSE(hash256_from_hex(std::string(64, 'A')));
    CHECK_FALSE(hash256_from_hex(std::string(63, 'a')));
    CHECK_FALSE(hash256_from_hex(std::string(65, 'a')));
    CHECK_FALSE(hash256_from_hex(std::string(63, 'a').append("g")));
    CHECK_FALSE(hash256_from_hex(""));
}

TEST_CASE("Base64 is written and read as RFC 4648 says, strictly") {
    for (const auto& [bytes, text] : std::vector<std::pair<std::string, std::string>>{
             {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfb", "//77"}}) {
        CHECK(trust::to_base64(bytes) == text);
        CHECK(trust::from_base64(text) == bytes);
    }
    for (const auto* wrong : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9v=", "-_77", "Zg==Zg==", "=",
                              "\xA4"
                              "AAA"}) {
        CAPTURE(wrong);
        CHECK_FALSE(trust::from_base64(wrong));
    }
}

TEST_CASE("Random ids are not repeated") {
    const trust::Sodium sodium;
    const auto ids = trust::random_ids(sodium);
    CHECK(ids() != ids());
}

TEST_CASE("A digest made piece by piece is that of the whole, also while more comes") {
    trust::Sha256 digest;
    CHECK(digest.value() == trust::sha256(""));
    digest.add("ab");
    CHECK(digest.value() == trust::sha256("ab"));
    digest.add("");
    digest.add("c");
    CHECK(digest.value() == trust::sha256("abc"));
}
