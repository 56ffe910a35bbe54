// What a destination that may not see everything gets, held against the published schemas.
#include "codec/redaction.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "codec/canonical.hpp"
#include "codec/event_schemas.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "tests/support/files.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;

namespace {

const std::vector<Redaction> personal{Redaction::personal};
const std::vector<Redaction> targeting{Redaction::targeting};
const std::vector<Redaction> both{Redaction::personal, Redaction::targeting};

class Redactor {
public:
    [[nodiscard]] std::string of(const std::string& published, const std::vector<Redaction>& what) const {
        const auto redacted = codec::redact(published, writer, what);
        REQUIRE(redacted);
        return *redacted;
    }
    /// The data of an example, changed by the test, as a gate would publish it.
    [[nodiscard]] std::string published(const std::string& type, const auto& change) const {
        auto stored = writer.read(example(type));
        REQUIRE(stored);
        change(stored->event.data);
        const auto written = writer.write(stored->event, stored->stamp);
        REQUIRE(written);
        return written->published;
    }
    [[nodiscard]] static std::string example(const std::string& type) {
        const auto text = portcullis::testing::file_text("docs/events/examples/" + type + ".json");
        return codec::canonical_text(codec::parse_value(text).value()).value();
    }

    const codec::EventCatalogue catalogue{codec::embedded_event_schemas()};
    const codec::EventWriter writer{catalogue, trust::hmac_sha256};
};

Value reason(const char* kind, const char* code, const char* id) {
    return Object{{"code", code}, {"kind", kind},     {"authority", "customs"},
                  {"id", id},     {"result", "true"}, {"outcome", "inspect"}};
}

Value order(const char* kind, const char* id) {
    return Object{{"authority", "customs"},    {"order_id", id},     {"kind", kind},         {"status", "inspect"},
                  {"officer", "B007"},         {"valid_to", "none"}, {"first_seen", "none"}, {"changed_at", "none"},
                  {"previous_status", "none"}, {"changes_24h", 0},   {"usage", "none"}};
}

/// A verdict on a box that was picked, or the same of one that was not.
void make_verdict(Value& data, bool picked) {
    data.get<Object>()->push_back({"shadow_version", 8});
    data.get<Object>()->push_back({"shadow_reasons", picked ? List{"sampling_drawn"} : List{}});
    auto& orders = *data.find("orders")->get<List>();
    auto& reasons = *data.find("reasons")->get<List>();
    orders = {order("release", "R-1")};
    reasons = {reason("order", "order_inspect", "R-1")};
    *data.find("method") = List{};
    *data.find("sampling") = "gate_not";
    *data.find("evaluation_us") = 20;
    if (picked) {
        reasons.push_back(reason("zone", "zone_answered", "order:customs:T-2026-000045"));
        orders.push_back(order("targeting", "T-2026-000045"));
        reasons.push_back(reason("targeting", "targeting_inspect", "T-2026-000045"));
        *data.find("method") = List{"radiation"};
        *data.find("sampling") = "gate_drawn";
        *data.find("evaluation_us") = 90;
    }
}

}  // namespace

TEST_CASE("Every example, redacted in each way, still is an event of its schema, without salt and place in the chain") {
    const Redactor redactor;
    const portcullis::testing::EventSchemas schemas;
    for (const auto& type : redactor.catalogue.types()) {
        for (const auto& what : {personal, targeting, both}) {
            CAPTURE(type);
            const auto redacted = redactor.of(Redactor::example(type), what);
            CHECK(schemas.problems(redacted).empty());
            CHECK_THAT(redacted, !contains_text("\"salt\""));
            CHECK_THAT(redacted, !contains_text("previoushash"));
            CHECK(codec::canonical_text(codec::parse_value(redacted).value()).value() == redacted);
        }
    }
}

TEST_CASE("Redacted of persons, an event is its record: the same for one that was erased") {
    const Redactor redactor;
    const auto published = Redactor::example("passage.ended");
    const auto redacted = redactor.of(published, personal);
    CHECK(redacted == redactor.writer.read(published)->record);
    CHECK(redactor.of(redactor.writer.erase(published).value(), personal) == redacted);
    CHECK_THAT(redacted, contains_text("sha256:"));
}

TEST_CASE("Who may not see targeting sees no plate less, and who may not see persons no order less") {
    const Redactor redactor;
    const auto published = redactor.published("verdict.issued", [](Value& data) { make_verdict(data, true); });
    CHECK_THAT(redactor.of(published, targeting), contains_text("B007"));
    CHECK_THAT(redactor.of(published, personal), contains_text("T-2026-000045"));
    const auto neither = redactor.of(published, both);
    CHECK_THAT(neither, !contains_text("B007"));
    CHECK_THAT(neither, !contains_text("T-2026-000045"));
}

TEST_CASE("A verdict on a vehicle that was picked cannot be told from one that was not") {
    const Redactor redactor;
    const auto picked = redactor.published("verdict.issued", [](Value& data) { make_verdict(data, true); });
    const auto other = redactor.published("verdict.issued", [](Value& data) { make_verdict(data, false); });
    REQUIRE(picked != other);
    CHECK(redactor.of(picked, targeting) == redactor.of(other, targeting));
    CHECK_THAT(redactor.of(picked, targeting), contains_text("order_inspect"));
}

TEST_CASE("A box that was drawn cannot be told from one that was not") {
    const Redactor redactor;
    const auto make = [](const char* draw, const char* why, const char* key, std::int64_t rate) {
        return [=](Value& data) {
            *data.find("draw") = draw;
            *data.find("why") = why;
            *data.find("key_id") = key;
            *data.find("rate_ppm") = rate;
        };
    };
    const auto drawn = redactor.published("sampling.judged", make("gate_drawn", "declared", "g07-1", 50'000));
    const auto other = redactor.published("sampling.judged", make("central_not", "central_drew", "none", 0));
    REQUIRE(drawn != other);
    CHECK(redactor.of(drawn, targeting) == redactor.of(other, targeting));
    CHECK_THAT(redactor.of(drawn, targeting), contains_text("CSQU3054383"));
}

TEST_CASE("Words that may name a targeting order go") {
    const Redactor redactor;
    const auto superseded =
        redactor.published("verdict.superseded", [](Value& data) { *data.find("cause") = "targeting_hold"; });
    CHECK_THAT(redactor.of(superseded, targeting), !contains_text("targeting_hold"));
    const auto refused =
        redactor.published("document.refused", [](Value& data) { *data.find("detail") = "T-1: level"; });
    CHECK_THAT(redactor.of(refused, targeting), !contains_text("T-1"));
}

TEST_CASE("What an inspection answered, and how, goes") {
    const Redactor redactor;
    const auto result = redactor.published("zone.result", [](Value& data) {
        *data.find("answers") = List{"order:customs:T-1"};
        *data.find("methods") = List{"radiation"};
    });
    const auto redacted = redactor.of(result, targeting);
    CHECK_THAT(redacted, !contains_text("T-1"));
    CHECK_THAT(redacted, !contains_text("radiation"));
    CHECK_THAT(redacted, !contains_text("dose_rate"));
    CHECK_THAT(redacted, contains_text("\"result\":\"pass\""));
    const auto directed =
        redactor.published("zone.directed", [](Value& data) { *data.find("methods") = List{"radiation"}; });
    CHECK_THAT(redactor.of(directed, targeting), !contains_text("radiation"));
}

TEST_CASE("Places of results and of targeting orders go, those of other orders stay") {
    const Redactor redactor;
    const auto taken_by = [&](const char* authority, const char* order) {
        return redactor.of(redactor.published("order.used",
                                              [&](Value& data) {
                                                  *data.find("authority") = authority;
                                                  *data.find("order_id") = order;
                                              }),
                           targeting);
    };
    CHECK_THAT(taken_by("targeting", "customs:T-1"), !contains_text("T-1"));
    CHECK_THAT(taken_by("zone_result", "ZR-1"), !contains_text("ZR-1"));
    CHECK_THAT(taken_by("customs", "R-1"), contains_text("R-1"));
    const auto place = [](const char* authority, const char* order) {
        return Object{{"authority", authority}, {"order_id", order}, {"container", "none"}, {"control_point", "g07"}};
    };
    const auto ended = redactor.published("passage.ended", [&](Value& data) {
        *data.find("orders_used") =
            List{place("customs", "R-1"), place("targeting", "customs:T-1"), place("zone_result", "ZR-1")};
    });
    const auto redacted = redactor.of(ended, targeting);
    CHECK_THAT(redacted, contains_text("R-1"));
    CHECK_THAT(redacted, !contains_text("T-1"));
    CHECK_THAT(redacted, !contains_text("ZR-1"));
}

TEST_CASE("That a targeting order changed does not say which, but of other orders it does") {
    const Redactor redactor;
    const auto changed = [&](const char* kind) {
        return redactor.of(redactor.published("order.changed",
                                              [&](Value& data) {
                                                  *data.find("kind") = kind;
                                                  *data.find("order_id") = "T-1";
                                                  *data.find("old_status") = "hold";
                                              }),
                           targeting);
    };
    const auto hidden = changed("targeting");
    for (const auto* told : {"T-1", "hold", "TCNU6417851", "targeting", "A113"}) {
        CHECK_THAT(hidden, !contains_text(std::string{"\""} + told + "\""));
    }
    CHECK_THAT(changed("release"), contains_text("TCNU6417851"));
}

TEST_CASE("What is no event of ours is not redacted, and so not sent") {
    const Redactor redactor;
    for (const auto* text : {"", "{}", R"({"type":"portcullis.passage.ended.v1"})"}) {
        CHECK_FALSE(codec::redact(text, redactor.writer, both));
    }
    auto damaged = Redactor::example("passage.ended");
    damaged.insert(damaged.size() - 1, " ");
    CHECK_FALSE(codec::redact(damaged, redactor.writer, personal));
}

TEST_CASE("A lane's live state shows plates and reasons only to whom they are shown") {
    const Object state{{"why", "referred targeting_inspect"},
                       {"passages", List{Object{{"identity", "粤B12345 CSQU3054383"}, {"verdict", "inspect"}}}}};
    CHECK(codec::redact_state(state, {}) == state);
    const Value hidden{codec::redact_state(state, both)};
    CHECK(*hidden.find("why") == Value{"redacted"});
    CHECK(*hidden.find("passages")->get<List>()->front().find("identity") == Value{"redacted"});
    CHECK(*hidden.find("passages")->get<List>()->front().find("verdict") == Value{"inspect"});
    const Value nameless{codec::redact_state(state, personal)};
    CHECK(*nameless.find("why") == Value{"referred targeting_inspect"});
}
