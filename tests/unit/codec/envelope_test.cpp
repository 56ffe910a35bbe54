#include "codec/envelope.hpp"

#include "tests/support/catch.hpp"

using namespace portcullis;
using codec::RefusalCause;

namespace {

constexpr std::size_t roomy = 10'000;
const std::string type = "application/vnd.portcullis.orders+json";
const std::string good = R"({"payloadType":"application/vnd.portcullis.orders+json","payload":"e30=",)"
                         R"("signatures":[{"keyid":"56475aa75463474c","sig":"c2ln"}]})";

codec::Refusal refused(const std::string& text, std::size_t max_bytes = roomy) {
    return codec::read_envelope(text, "orders", max_bytes).error();
}

std::string with(const std::string& from, const std::string& to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("An envelope is read and written to the byte") {
    const auto envelope = codec::read_envelope(good, "orders", roomy).value();
    CHECK(envelope.payload_type == type);
    CHECK(envelope.payload == "e30=");
    REQUIRE(envelope.signatures.size() == 1);
    CHECK(envelope.signatures[0].keyid == "56475aa75463474c");
    CHECK(envelope.signatures[0].sig == "c2ln");
    CHECK(codec::write_envelope(envelope) == good);
    auto two = envelope;
    two.signatures.push_back(two.signatures[0]);
    CHECK(codec::read_envelope(codec::write_envelope(two), "orders", roomy).value().signatures.size() == 2);
}

TEST_CASE("An envelope has its three members, of its kind, and nothing else") {
    CHECK(refused("[]").reason == "must be an object");
    CHECK(refused(with("\"payload\":\"e30=\",", "")).pointer == "/payload");
    CHECK(refused(with("\"e30=\"", "7")).pointer == "/payload");
    CHECK(refused(with("\"e30=\"", "\"\"")).pointer == "/payload");
    CHECK(refused(with("{\"payloadType\"", "{\"extra\":1,\"payloadType\"")).pointer == "/extra");
    CHECK(refused(with("\"sig\":", "\"x\":1,\"sig\":")).pointer == "/signatures/0/x");
    CHECK(refused(with("{\"payloadType\"", "{\"payload\":\"\",\"payloadType\"")).reason == "member is there twice");
    CHECK(refused(with("vnd.portcullis.orders", "vnd.portcullis.ruleset")).pointer == "/payloadType");
    CHECK(refused(with("56475aa75463474c", "56475AA75463474C")).pointer == "/signatures/0/keyid");
    CHECK(refused(with("56475aa75463474c", "56475aa7546347")).pointer == "/signatures/0/keyid");
    CHECK(refused(with(R"({"keyid":"56475aa75463474c","sig":"c2ln"})", "")).pointer == "/signatures");
    CHECK(refused(with(R"({"keyid":"56475aa75463474c","sig":"c2ln"})", "1")).pointer == "/signatures/0");
}

TEST_CASE("An envelope that is too large, or asks for too many verifications, is refused") {
    CHECK(refused(good, good.size() - 1).cause == RefusalCause::size);
    std::string many = R"({"keyid":"56475aa75463474c","sig":"c2ln"})";
    for (int i = 0; i < 16; ++i) {
        many += R"(,{"keyid":"56475aa75463474c","sig":"c2ln"})";
    }
    CHECK(refused(with(R"({"keyid":"56475aa75463474c","sig":"c2ln"})", many)).pointer == "/signatures");
    CHECK(refused(with("\"c2ln\"", "[[[[[[1]]]]]]")).cause == RefusalCause::limits);
}
