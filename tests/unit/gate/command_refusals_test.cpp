#include "gate/command_refusals.hpp"

#include <chrono>
#include <string>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "codec/event_schemas.hpp"
#include "codec/event_writer.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

using uplink::InboundCause;
using uplink::InboundRefusal;

const Now now{Instant{std::chrono::hours{1}}, time_from_text("2026-11-23T01:02:05.000Z").value(),
              ClockState::synchronised};

std::string envelope_around(const std::string& command) {
    return codec::write_envelope({codec::payload_type_of("command"),
                                  trust::to_base64(command),
                                  {{std::string(16, 'a'), trust::to_base64(std::string(64, 's'))}}});
}

std::string told(const InboundRefusal& refusal) {
    return codec::canonical_text(command_refused_event(refusal, now).data).value();
}

/// The event as it would be written, held against its schema.
void check_schema(const InboundRefusal& refusal) {
    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
    codec::EventStamp stamp;
    stamp.source = "/portcullis/xmht/g07";
    stamp.sequence = 1;
    stamp.salt.emplace();
    const auto written = writer.write(command_refused_event(refusal, now), stamp);
    REQUIRE(written);
    const testing::EventSchemas schemas;
    CHECK(schemas.problems(written->published).empty());
}

TEST_CASE("A command of contracts.md is refused as unsupported, and named") {
    const auto command = envelope_around(
        R"({"command":"0c7d5a1e-54a0-4f2e-9d0b-6f5b8a1f3c11","verb":"open","lane":"out-1","actor":"B007",)"
        R"("second_actor":null,"issued":"2026-11-23T01:02:03.500Z","life_s":45})");
    const InboundRefusal refusal{"command", InboundCause::unsupported, 3, "none is served", command};
    CHECK(told(refusal) ==
          R"({"accepted":"no","age_ms":1500,"cause":"unsupported","command_id":"0c7d5a1e-54a0-4f2e-9d0b-6f5b8a1f3c11",)"
          R"("count":3,"issuer":"B007","kind":"open"})");
    check_schema(refusal);
}

TEST_CASE("A retained command is refused for that, whatever it says") {
    const InboundRefusal refusal{"command", InboundCause::retained, 1, "never",
                                 envelope_around(R"({"command":"c1","verb":"open"})")};
    CHECK(told(refusal) == R"({"accepted":"no","age_ms":"unknown","cause":"retained","command_id":"c1","count":1,)"
                           R"("issuer":"unknown","kind":"open"})");
    check_schema(refusal);
}

TEST_CASE("What is no command is told without a word of it") {
    const auto [cause, payload, word] = GENERATE(table<InboundCause, std::optional<std::string>, std::string>({
        {InboundCause::unsupported, "no envelope", "parse"},
        {InboundCause::unsupported, envelope_around("[]"), "parse"},
        {InboundCause::unsupported, envelope_around(R"({"command":1,"command":2})"), "parse"},
        {InboundCause::too_large, std::nullopt, "size"},
        {InboundCause::not_utf8, std::nullopt, "not_utf8"},
    }));
    const InboundRefusal refusal{"command", cause, 1, "", payload};
    CHECK(told(refusal) == R"({"accepted":"no","age_ms":"unknown","cause":")" + word +
                               R"(","command_id":"unknown","count":1,"issuer":"unknown","kind":"unknown"})");
    check_schema(refusal);
}

TEST_CASE("A claim that is no word is not told on") {
    const InboundRefusal refusal{
        "command", InboundCause::unsupported, 1, "",
        envelope_around(R"({"command":"<script>","verb":"9open","actor":")" + std::string(65, 'a') + R"("})")};
    CHECK(told(refusal) == R"({"accepted":"no","age_ms":"unknown","cause":"unsupported","command_id":"unknown",)"
                           R"("count":1,"issuer":"unknown","kind":"unknown"})");
    check_schema(refusal);
}

}  // namespace
}  // namespace portcullis::gate
