#include "drivers/http/digest_auth.hpp"

#include "tests/support/catch.hpp"

namespace portcullis::drivers {
namespace {

/// RFC 7616, 3.9.1.
const Credential mufasa{"Mufasa", "Circle of Life"};
constexpr const char* md5_challenge =
    R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, )"
    R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
constexpr const char* sha256_challenge =
    R"(Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, )"
    R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";
constexpr AuthorizedRequest request{"GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};

std::string answer_to(const char* field) {
    const auto challenge = best_challenge({field});
    REQUIRE(challenge);
    return authorization(*challenge, mufasa, request);
}

}  // namespace

TEST_CASE("a digest is the one that RFC 7616 computes") {
    CHECK_THAT(answer_to(md5_challenge),
               portcullis::testing::contains_text("response=\"8ca523f5e9506fed4657c9700eebdbec\""));
    const auto sha256 = answer_to(sha256_challenge);
    CHECK_THAT(sha256, portcullis::testing::contains_text(
                           "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\""));
    CHECK_THAT(sha256, portcullis::testing::contains_text("algorithm=SHA-256, qop=auth, nc=00000001"));
    CHECK_THAT(sha256, portcullis::testing::contains_text("opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""));
}

TEST_CASE("the old form of a digest has no count and no nonce of ours") {
    const auto challenge = best_challenge({R"(Digest realm="cam", nonce="abc")"});
    REQUIRE(challenge);
    const auto field = authorization(*challenge, {"admin", "12345"}, {"GET", "/s.jpg", 7, "unused"});
    const auto secret = digest_hex(DigestAlgorithm::md5, "admin:cam:12345");
    const auto what = digest_hex(DigestAlgorithm::md5, "GET:/s.jpg");
    CHECK_THAT(field, portcullis::testing::contains_text(
                          "response=\"" + digest_hex(DigestAlgorithm::md5, secret + ":abc:" + what) + "\""));
    CHECK_THAT(field, !portcullis::testing::contains_text("cnonce"));
}

TEST_CASE("Basic is user and password in base64") {
    CHECK(basic_authorization({"Aladdin", "open sesame"}) == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

TEST_CASE("the strongest way that can be answered is taken") {
    const std::string basic = R"(Basic realm="cam")";
    CHECK_FALSE(best_challenge({basic})->digest);
    CHECK(best_challenge({basic, md5_challenge})->algorithm == DigestAlgorithm::md5);
    CHECK(best_challenge({md5_challenge, basic, sha256_challenge})->algorithm == DigestAlgorithm::sha256);
    CHECK(best_challenge({basic + ", " + sha256_challenge})->algorithm == DigestAlgorithm::sha256);
}

TEST_CASE("what cannot be answered is no challenge") {
    for (const auto* field :
         {"", "Bearer", "Negotiate abc==", "Digest realm=\"x\"", "Digest nonce=\"a",
          R"(Digest realm="x", nonce="a", algorithm=MD5-sess)", R"(Digest realm="x", nonce="a", qop="auth-int")", "=",
          "\"", "Digest ,,,=", "Digest nonce"}) {
        CAPTURE(field);
        CHECK_FALSE(best_challenge({field}));
    }
}

TEST_CASE("a quoted value may hold commas, blanks and quotes") {
    const auto challenge = best_challenge({R"(Digest realm="a, \"b\" = c", nonce="n", stale=TRUE)"});
    REQUIRE(challenge);
    CHECK(challenge->realm == R"(a, "b" = c)");
    CHECK(challenge->stale);
    CHECK_THAT(authorization(*challenge, {"u", "p"}, {"GET", "/", 1, "c"}),
               portcullis::testing::contains_text(R"(realm="a, \"b\" = c")"));
}

TEST_CASE("a challenge with a control character in it is none") {
    for (const auto* end : {"\r", "\n", "\t", "\x7F"}) {
        CHECK_FALSE(best_challenge({std::string{R"(Digest realm="cam", nonce="abc)"} + end + "\""}));
    }
}

}  // namespace portcullis::drivers
