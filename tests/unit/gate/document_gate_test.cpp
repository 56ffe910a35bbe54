#include "gate/document_gate.hpp"

#include <boost/json.hpp>

#include "codec/envelope.hpp"
#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "codec/orders.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "tests/support/files.hpp"
#include "tests/unit/gate/signed_batch.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using codec::BatchPlace;
using codec::RefusalCause;
using namespace gate::testing;

namespace {

const boost::json::value& vector_file() {
    static const auto file = boost::json::parse(portcullis::testing::file_text("tests/vectors/envelope.json"));
    return file;
}

struct Fixture {
    trust::KeySet keys{{orders_key().public_key()}, 1};
    codec::OrderChainState chain;
    gate::OrderTerms terms{"xmht", "g07", time_from_text("2026-11-24T00:00:00.000Z").value(),
                           [this](const Authority& /*authority*/) { return chain; }};

    [[nodiscard]] Result<gate::OpenedOrders, gate::DocumentRefused> open(const std::string& received) const {
        return gate::open_orders(received, keys, terms);
    }
    [[nodiscard]] gate::DocumentRefused refused(const std::string& received) const { return open(received).error(); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "The batch of the independent vector is opened") {
    const auto received = boost::json::serialize(vector_file().at("envelope"));
    const auto opened = open(received).value();
    CHECK(hex_text(opened.payload_hash) == vector_file().at("payload_sha256").as_string());
    CHECK(opened.signers == std::vector<std::string>{"56475aa75463474c"});
    CHECK(opened.batch.authority.text() == "ciq");
    REQUIRE(opened.batch.operations.size() == 1);
    CHECK(std::get<Order>(opened.batch.operations[0]).release()->container->text() == "CSQU3054383");
}

TEST_CASE_METHOD(Fixture,
                 "No forgery of a signed batch is opened: each bit of each byte flipped, and each truncation") {
    const auto received = boost::json::serialize(vector_file().at("envelope"));
    REQUIRE(open(received).ok());
    std::size_t opened = 0;
    for (std::size_t i = 0; i < received.size(); ++i) {
        opened += open(received.substr(0, i)).ok() ? 1U : 0U;
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto forged = received;
            forged[i] = static_cast<char>(static_cast<unsigned char>(forged[i]) ^ (1U << bit));
            opened += open(forged).ok() ? 1U : 0U;
        }
    }
    CHECK(opened == 0);
}

TEST_CASE_METHOD(Fixture, "Signatures are looked at before anything that they sign") {
    const auto payload = BatchHead{}.payload();
    CHECK(open(signed_by(orders_key(), payload)).ok());
    CHECK(refused(signed_by(stranger_key(), payload)).cause == RefusalCause::signature);
    CHECK(refused(signed_by(stranger_key(), "not JSON")).cause == RefusalCause::signature);
    CHECK(refused(signed_by(orders_key(), "not JSON")).cause == RefusalCause::parse);

    const auto type = codec::payload_type_of("orders");
    auto envelope = codec::Envelope{type, trust::to_base64(payload), {}};
    envelope.signatures = {signature_of(stranger_key(), type, payload)};
    envelope.signatures[0].keyid = orders_key().public_key().keyid();
    CHECK(refused(codec::write_envelope(envelope)).cause == RefusalCause::signature);
    envelope.signatures = {signature_of(stranger_key(), type, payload), signature_of(orders_key(), type, payload)};
    CHECK(open(codec::write_envelope(envelope)).value().signers ==
          std::vector<std::string>{orders_key().public_key().keyid()});
    envelope.signatures = {{orders_key().public_key().keyid(), "c2hvcnQ="}};
    CHECK(refused(codec::write_envelope(envelope)).cause == RefusalCause::signature);
    envelope.payload += "=";
    CHECK(refused(codec::write_envelope(envelope)).cause == RefusalCause::parse);
}

TEST_CASE_METHOD(Fixture, "What was signed as another kind is no batch of orders") {
    const auto payload = BatchHead{}.payload();
    const auto ruleset = codec::payload_type_of("ruleset");
    CHECK(refused(signed_by(orders_key(), payload, ruleset)).detail ==
          "/payloadType: must be application/vnd.portcullis.orders+json");
    const codec::Envelope relabelled{
        codec::payload_type_of("orders"), trust::to_base64(payload), {signature_of(orders_key(), ruleset, payload)}};
    CHECK(refused(codec::write_envelope(relabelled)).cause == RefusalCause::signature);
}

TEST_CASE_METHOD(Fixture, "A threshold of two is met by two keys, not by one key twice") {
    keys = trust::KeySet{{orders_key().public_key(), stranger_key().public_key()}, 2};
    const auto payload = BatchHead{}.payload();
    const auto type = codec::payload_type_of("orders");
    const auto one = signature_of(orders_key(), type, payload);
    const auto other = signature_of(stranger_key(), type, payload);
    CHECK(open(codec::write_envelope({type, trust::to_base64(payload), {one, other}})).ok());
    CHECK(refused(codec::write_envelope({type, trust::to_base64(payload), {one, one}})).cause ==
          RefusalCause::signature);
}

TEST_CASE_METHOD(
    Fixture, "A batch for another terminal is refused, and of one for other gates only its place in the chain counts") {
    const auto for_gates = [](std::vector<std::string> gates) {
        BatchHead head;
        head.gates = std::move(gates);
        return signed_by(orders_key(), head.payload());
    };
    const auto ours = open(for_gates({"g01", "g07"}));
    REQUIRE(ours.ok());
    CHECK_FALSE(ours->passed_over);
    const auto other = open(for_gates({"g01", "g08"}));
    REQUIRE(other.ok());
    REQUIRE(other->passed_over);
    CHECK(other->passed_over->cause == RefusalCause::audience);
    BatchHead head;
    head.terminal = "xmyy";
    CHECK(refused(signed_by(orders_key(), head.payload())).cause == RefusalCause::audience);
}

TEST_CASE_METHOD(Fixture, "Only the next batch of an authority is opened") {
    const auto batch = [&](std::int64_t number, const Hash256& previous) {
        BatchHead head;
        head.number = number;
        head.previous = previous;
        return head.payload();
    };
    const auto received = [](const std::string& payload) { return signed_by(orders_key(), payload); };
    const auto first = batch(1, {});
    CHECK(refused(received(batch(1, Hash256{7}))).place == BatchPlace::forked);
    chain = {1, trust::sha256(first)};

    CHECK(open(received(batch(2, chain.payload_hash))).ok());
    const auto wrong_previous = refused(received(batch(2, Hash256{})));
    CHECK(wrong_previous.cause == RefusalCause::chain);
    CHECK(wrong_previous.authority == Authority{"ciq"});
    CHECK(wrong_previous.number == 2);
    const auto gap = refused(received(batch(3, chain.payload_hash)));
    CHECK(gap.cause == RefusalCause::chain);
    CHECK(gap.place == BatchPlace::gap);
    CHECK(refused(received(first)).cause == RefusalCause::version);
    CHECK(refused(received(first)).place == BatchPlace::repeated);
    BatchHead other_bytes;
    other_bytes.expires = "2026-12-01T00:00:00.000Z";
    CHECK(refused(received(other_bytes.payload())).cause == RefusalCause::chain);
    chain = {2, Hash256{9}};
    CHECK(refused(received(first)).place == BatchPlace::older);
}

TEST_CASE_METHOD(Fixture, "A batch ends with its expiry") {
    BatchHead head;
    head.expires = "2026-11-24T00:00:00.001Z";
    CHECK(open(signed_by(orders_key(), head.payload())).ok());
    head.expires = "2026-11-24T00:00:00.000Z";
    CHECK(refused(signed_by(orders_key(), head.payload())).cause == RefusalCause::expiry);
}

TEST_CASE_METHOD(Fixture, "Size is looked at before anything else") {
    CHECK(refused(std::string(codec::most_envelope_bytes + 1, '[')).cause == RefusalCause::size);
    CHECK(refused(std::string(codec::most_envelope_bytes, '[')).cause == RefusalCause::limits);
    CHECK(refused("").cause == RefusalCause::parse);
}

TEST_CASE_METHOD(Fixture, "A refusal is an event that its schema takes") {
    const portcullis::testing::EventSchemas schemas;
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    codec::EventStamp stamp;
    stamp.salt.emplace();
    stamp.source = "/portcullis/xmht/g07";
    stamp.sequence = 1;
    BatchHead gap;
    gap.number = 3;
    const auto long_name = "{\"" + std::string(5000, 'x') + "\":1,\"" + std::string(5000, 'x') + "\":1}";
    for (const auto& received :
         {std::string{"{}"}, std::string{"\xff"}, long_name, signed_by(orders_key(), gap.payload())}) {
        const auto refusal = refused(received);
        CHECK(refusal.received_hash == trust::sha256(received));
        const auto event = gate::document_refused_event(refusal, "supervision", 1, Now{});
        const auto published = writer.write(event, stamp).value().published;
        CAPTURE(published);
        const auto problems = schemas.problems(published);
        CAPTURE(problems);
        CHECK(problems.empty());
        CHECK(published.size() < 2000);
    }
}
