#include "codec/event_writer.hpp"

#include <boost/json.hpp>
#include <filesystem>
#include <map>

#include "codec/event_schemas.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/event_schema.hpp"
#include "tests/support/files.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using codec::EventCatalogue;
using codec::EventStamp;
using codec::EventWriter;
using portcullis::testing::contains_text;

namespace {

/// tests/vectors/event.json: made by an independent program.
struct Vector {
    std::string schema;
    std::string published;
    std::string record;
    std::string hash;
};

Vector read_vector() {
    const auto file = boost::json::parse(portcullis::testing::file_text("tests/vectors/event.json"));
    const auto text = [&](const char* name) { return std::string{file.at(name).as_string()}; };
    // The vector's schema gives the data's properties only.
    const boost::json::value schema{{"$id", file.at("schema").at("$id")},
                                    {"properties", {{"data", {{"properties", file.at("schema").at("properties")}}}}}};
    return {boost::json::serialize(schema), text("published"), text("record"), text("hash")};
}

EventCatalogue catalogue_of(std::string_view schema) {
    return EventCatalogue{{&schema, 1}};
}

constexpr auto plain_schema = R"({"$id":"urn:portcullis:schema:test.event.v1","properties":{"data":{"properties":{
    "open":{"type":"string"},
    "plate":{"x-personal":true},
    "list":{"x-personal":true},
    "items":{"items":{"properties":{"a/b":{"x-personal":true},"texts":{"x-personal-if":{"kind":["plate","tag"]}}}}}
}}}})";

Event test_event(Object data) {
    return {"test.event", "lane/out-1",
            Now{Instant{std::chrono::nanoseconds{123456789}}, time_from_text("2026-11-23T01:02:03.004Z").value(),
                ClockState::synchronised},
            Value{std::move(data)}, std::nullopt};
}

EventStamp test_stamp(std::int64_t sequence = 1) {
    EventStamp stamp;
    stamp.source = "/portcullis/xmht/g07";
    stamp.sequence = sequence;
    stamp.salt = codec::Salt{1, 2, 3};
    return stamp;
}

struct Fixture {
    EventCatalogue catalogue = catalogue_of(plain_schema);
    EventWriter writer{catalogue, trust::hmac_sha256};

    codec::WrittenEvent written(Object data) const {
        return writer.write(test_event(std::move(data)), test_stamp()).value();
    }
    codec::Refusal refused(Object data) const {
        return writer.write(test_event(std::move(data)), test_stamp()).error();
    }
    static std::string digest(const std::string& pointer, const std::string& canonical) {
        return "\"sha256:" + hex_text(trust::hmac_sha256(*test_stamp().salt, pointer + '\0' + canonical)) + "\"";
    }
};

}  // namespace

TEST_CASE("The event of the independent vector is written and read to the byte") {
    const auto vector = read_vector();
    const auto catalogue = catalogue_of(vector.schema);
    const EventWriter writer{catalogue, trust::hmac_sha256};

    const auto stored = writer.read(vector.published).value();
    CHECK(stored.record == vector.record);
    CHECK(hex_text(trust::chain_hash(stored.stamp.previous, stored.record)) == vector.hash);
    CHECK(stored.event.type == "lane.mode");
    CHECK(stored.stamp.sequence == 1);

    const Event event{"lane.mode", "lane/out-1",
                      Now{Instant{std::chrono::nanoseconds{123456789}},
                          time_from_text("2026-11-23T01:02:03.004Z").value(), ClockState::synchronised},
                      Object{{"from", "manual"}, {"to", "automatic"}, {"until", "none"}, {"actor", "工号 A113"}},
                      std::nullopt};
    EventStamp stamp;
    stamp.source = "/portcullis/xmht/g07";
    stamp.stream = StreamId::parse("000102030405060708090a0b0c0d0e0f").value();
    stamp.sequence = 1;
    stamp.salt = bytes_from_hex<16>("f0e0d0c0b0a090807060504030201000").value();
    stamp.boot = BootId::parse("0f0e0d0c0b0a09080706050403020100").value();
    const auto written = writer.write(event, stamp).value();
    CHECK(written.published == vector.published);
    CHECK(written.record == vector.record);
}

TEST_CASE("No byte of an event can change without the chain showing it") {
    const auto vector = read_vector();
    const auto catalogue = catalogue_of(vector.schema);
    const EventWriter writer{catalogue, trust::hmac_sha256};
    for (std::size_t i = 0; i < vector.published.size(); ++i) {
        for (const int bit : {0, 1, 5}) {
            auto changed = vector.published;
            changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
            const auto stored = writer.read(changed);
            const bool chain_holds = stored && stored->stamp.previous == Hash256{} &&
                                     hex_text(trust::chain_hash(stored->stamp.previous, stored->record)) == vector.hash;
            CAPTURE(changed);
            CHECK_FALSE(chain_holds);
        }
    }
}

TEST_CASE_METHOD(Fixture, "Personal values are replaced by digests in the record, and only there") {
    const auto written = this->written({{"open", "x"}, {"plate", "闽D12345"}, {"list", List{"a", "b"}}});
    CHECK_THAT(written.published, contains_text(R"("data":{"list":["a","b"],"open":"x","plate":"闽D12345"})"));
    CHECK_THAT(written.record, contains_text(R"("data":{"list":)" + digest("/data/list", R"(["a","b"])") +
                                             R"(,"open":"x","plate":)" + digest("/data/plate", "\"闽D12345\"") + "}"));
    CHECK_THAT(written.record, !contains_text("salt"));
    CHECK_THAT(written.record, !contains_text("previoushash"));
}

TEST_CASE_METHOD(Fixture, "The pointer of a digest names the item and escapes the member's name") {
    const auto written = this->written({{"items", List{Object{}, Object{{"a/b", 7}}}}});
    CHECK_THAT(written.record, contains_text(R"({"items":[{},{"a/b":)" + digest("/data/items/1/a~1b", "7") + "}]}"));
}

TEST_CASE_METHOD(Fixture, "A sibling decides whether a value is personal") {
    const auto item = [](const char* kind) { return Value{Object{{"kind", kind}, {"texts", List{"闽D12345"}}}}; };
    const auto written = this->written({{"items", List{item("plate"), item("container"), item("tag")}}});
    CHECK_THAT(written.record, contains_text(digest("/data/items/0/texts", R"(["闽D12345"])")));
    CHECK_THAT(written.record, contains_text(R"({"kind":"container","texts":["闽D12345"]})"));
    CHECK_THAT(written.record, contains_text(digest("/data/items/2/texts", R"(["闽D12345"])")));
}

TEST_CASE_METHOD(Fixture, "`unknown` and `none` are no person's values") {
    for (const auto* word : {"unknown", "none"}) {
        CHECK_THAT(written({{"plate", word}}).record, contains_text(R"("plate":")" + std::string{word} + "\""));
    }
    CHECK_THAT(written({{"plate", "None"}}).record, contains_text("sha256:"));
    CHECK_THAT(written({{"plate", ""}}).record, contains_text("sha256:"));
}

TEST_CASE_METHOD(Fixture, "A personal value that looks like a digest is refused") {
    const auto digest_like = "sha256:" + std::string(64, 'a');
    CHECK(refused({{"plate", digest_like}}).pointer == "/data/plate");
    CHECK(refused({{"items", List{Object{{"a/b", digest_like}}}}}).pointer == "/data/items/0/a~1b");
    CHECK_THAT(written({{"plate", digest_like + "a"}}).record, contains_text("sha256:"));
    CHECK_THAT(written({{"open", digest_like}}).record, contains_text(digest_like));
}

TEST_CASE_METHOD(Fixture, "Tokens become the sequences of the events that they stand for") {
    const auto event = test_event({{"verdict_sequence", EventToken{7}}, {"list", List{EventToken{8}}}});
    const auto sequence_of = [](EventToken token) -> std::optional<std::int64_t> {
        return token.number < 8 ? std::optional<std::int64_t>{41} : std::nullopt;
    };
    CHECK_THAT(writer.write(event, test_stamp(), sequence_of).error().reason, contains_text("token 8"));
    CHECK_THAT(writer.write(test_event({{"verdict_sequence", EventToken{7}}}), test_stamp(), sequence_of)->published,
               contains_text(R"("verdict_sequence":41)"));
    CHECK_FALSE(writer.write(event, test_stamp()).ok());
}

TEST_CASE_METHOD(Fixture, "What has no schema, no number or no canonical form is no event") {
    auto event = test_event({});
    event.type = "test.other";
    CHECK(writer.write(event, test_stamp()).error().pointer == "/type");
    CHECK(writer.write(test_event({}), test_stamp(0)).error().pointer == "/sequence");
    CHECK_THAT(refused({{"open", "\xff"}}).reason, contains_text("UTF-8"));
    CHECK_THAT(refused({{"open", codec::widest_integer + 1}}).reason, contains_text("2^53"));
    CHECK_THAT(refused({{"open", 1}, {"open", 2}}).reason, contains_text("twice"));
    event = test_event({});
    event.subject = "lane/\xc3";
    CHECK_THAT(writer.write(event, test_stamp()).error().reason, contains_text("UTF-8"));
}

TEST_CASE_METHOD(Fixture, "Events that were read are written again to the byte, and nothing else is read") {
    const auto published = written({{"open", List{1, Object{{"é", -5}}}}, {"plate", "\"\\\n闽D12345"}}).published;
    const auto stored = writer.read(published).value();
    CHECK(writer.write(stored.event, stored.stamp)->published == published);

    const auto with = [&](const std::string& from, const std::string& to) {
        auto text = published;
        return text.replace(text.find(from), from.size(), to);
    };
    CHECK_FALSE(writer.read(with("{", "{ ")));
    CHECK_FALSE(writer.read(with("\"specversion\":\"1.0\",", "")));
    CHECK_FALSE(writer.read(with("\"specversion\":\"1.0\"", "\"specversion\":\"1.0\",\"spare\":1")));
    CHECK_FALSE(writer.read(with("\"specversion\":\"1.0\"", "\"specversion\":\"1.1\"")));
    CHECK_FALSE(writer.read(with("\"id\":\"0", "\"id\":\"1")));
    CHECK_FALSE(writer.read(with("00000000000000000001\",\"source", "1\",\"source")));
    CHECK_FALSE(writer.read(with("\"time\":\"2026", "\"time\":\"x026")));
    CHECK_FALSE(writer.read(published + "\n"));
}

TEST_CASE("An erased event keeps its record, and nothing of a person or of the key of its digests") {
    const auto vector = read_vector();
    const auto catalogue = catalogue_of(vector.schema);
    const EventWriter writer{catalogue, trust::hmac_sha256};
    const auto salted = writer.read(vector.published).value();
    const auto erased = writer.erase(vector.published).value();

    CHECK_THAT(erased, !contains_text("salt"));
    CHECK_THAT(erased, !contains_text("工号 A113"));
    const auto previous = "\"previoushash\":\"" + hex_text(salted.stamp.previous) + "\",";
    auto without_previous = erased;
    REQUIRE(without_previous.find(previous) != std::string::npos);
    CHECK(without_previous.erase(without_previous.find(previous), previous.size()) == vector.record);

    const auto stored = writer.read(erased).value();
    CHECK_FALSE(stored.stamp.salt);
    CHECK(stored.record == vector.record);
    CHECK(hex_text(trust::chain_hash(stored.stamp.previous, stored.record)) == vector.hash);
    CHECK(writer.erase(erased).value() == erased);
}

TEST_CASE_METHOD(Fixture, "An erased event of any shape keeps its record") {
    for (const auto& data : {Object{}, Object{{"open", "x"}}, Object{{"plate", "none"}, {"open", 1}},
                             Object{{"plate", "闽D12345"}, {"list", List{"a", Object{{"b", 1}}}}, {"open", "sha256:x"}},
                             Object{{"items", List{Object{{"a/b", 7}, {"kind", "plate"}, {"texts", List{"闽D12345"}}},
                                                   Object{{"kind", "container"}, {"texts", List{"CSQU3054383"}}}}}}}) {
        const auto written = this->written(data);
        const auto erased = writer.erase(written.published).value();
        CAPTURE(erased);
        CHECK(writer.read(erased)->record == written.record);
        CHECK_FALSE(writer.read(erased)->stamp.salt);
    }
}

TEST_CASE_METHOD(Fixture, "A personal value without a salt, or a digest beside one, is no event of a gate") {
    const auto published = written({{"plate", "闽D12345"}, {"open", "x"}}).published;
    const auto salt = "\"salt\":\"" + hex_text(*test_stamp().salt) + "\",";
    auto without_salt = published;
    without_salt.erase(without_salt.find(salt), salt.size());
    CHECK_THAT(writer.read(without_salt).error().message(), contains_text("/data/plate: an erased event holds a"));
    CHECK_FALSE(writer.erase(without_salt));

    auto with_salt = writer.erase(published).value();
    with_salt.insert(with_salt.find("\"sequence\""), salt);
    CHECK_THAT(writer.read(with_salt).error().message(), contains_text("/data/plate: a personal value looks like"));

    auto stamp = test_stamp();
    stamp.salt.reset();
    CHECK(writer.write(test_event({{"open", "x"}}), stamp).error().pointer == "/salt");
}

TEST_CASE("The embedded catalogue knows the types of docs/events and what is personal in them") {
    const EventCatalogue catalogue{codec::embedded_event_schemas()};
    const auto pointers = [&](const char* type) { return catalogue.personal_pointers(type); };
    using Pointers = std::vector<std::string>;

    REQUIRE(catalogue.types().size() > 40);
    CHECK(catalogue.find("common") == nullptr);
    CHECK(pointers("passage.detected").empty());
    CHECK(pointers("lane.mode") == Pointers{"/data/actor", "/data/reason_text"});
    CHECK(pointers("passage.identified") == Pointers{"/data/disagreements/*/texts?kind=plate|tag|document",
                                                     "/data/documents", "/data/other_plates", "/data/tags",
                                                     "/data/tractor", "/data/trailer"});
    CHECK(pointers("reading.taken") ==
          Pointers{"/data/normalised?kind=plate|tag|document", "/data/raw?kind=plate|tag|document"});
    CHECK(pointers("verdict.issued") == Pointers{"/data/facts", "/data/orders/*/officer", "/data/plates"});
}

TEST_CASE("The examples of docs/events are valid, and one chain that this writer writes to the byte") {
    const portcullis::testing::EventSchemas schemas;
    const EventCatalogue catalogue{codec::embedded_event_schemas()};
    const EventWriter writer{catalogue, trust::hmac_sha256};
    std::map<std::int64_t, std::pair<std::string, codec::StoredEvent>> stream;
    for (const auto& file : std::filesystem::directory_iterator{"docs/events/examples"}) {
        const auto text = portcullis::testing::file_text(file.path().string());
        auto published = codec::canonical_text(codec::parse_value(text).value()).value();
        auto stored = writer.read(published);
        CAPTURE(file.path());
        REQUIRE(stored);
        const auto sequence = stored->stamp.sequence;
        stream.emplace(sequence, std::pair{std::move(published), std::move(stored).value()});
    }
    REQUIRE(stream.size() == catalogue.types().size());
    Hash256 previous{};
    std::int64_t sequence = 0;
    for (const auto& [number, entry] : stream) {
        const auto& [published, stored] = entry;
        CAPTURE(published);
        const auto problems = schemas.problems(published);
        CAPTURE(problems);
        CHECK(problems.empty());
        CHECK(number == ++sequence);
        CHECK(stored.stamp.previous == previous);
        previous = trust::chain_hash(previous, stored.record);
    }
}

TEST_CASE("A catalogue is not made of what is no schema") {
    for (const auto* schema :
         {"[]", "{}", "{\"$id\":1}", "{", R"({"$id":"urn:portcullis:schema:a.b.v1","$ref":"urn:missing#/x"})",
          R"({"$id":"urn:portcullis:schema:a.b.v1","$ref":"#/nothing"})",
          R"({"$id":"urn:portcullis:schema:a.b.v1","$ref":"#"})"}) {
        CAPTURE(schema);
        CHECK_THROWS_AS(catalogue_of(schema), std::runtime_error);
    }
}

TEST_CASE("The schema check takes a right event and sees what is wrong with others") {
    const portcullis::testing::EventSchemas schemas;
    const EventCatalogue catalogue{codec::embedded_event_schemas()};
    const EventWriter writer{catalogue, trust::hmac_sha256};
    Event event{"passage.detected", "lane/out-1", Now{}, Object{}, std::nullopt};
    event.at.wall = time_from_text("2026-11-23T01:02:03.004Z").value();
    event.data = Object{{"lane", "out-1"},          {"way", "out"},
                        {"lane_mode", "automatic"}, {"passage", std::string(32, 'a')},
                        {"by", "arrival_loop"},     {"portal_transit", "none"},
                        {"position_in_lane", 1},    {"origin", "arrival"}};
    const auto problems = [&] { return schemas.problems(writer.write(event, test_stamp())->published); };

    CHECK(problems().empty());
    event.subject = "device/io";
    CHECK_FALSE(problems().empty());
    event.subject = "lane/out-1";
    *event.data.find("way") = "sideways";
    CHECK_FALSE(problems().empty());
    *event.data.find("way") = "out";
    event.data.get<Object>()->push_back({"surplus", 1});
    CHECK(problems() == std::vector<std::string>{"/data/surplus: no schema declares this member"});
    event.data.get<Object>()->pop_back();
    event.data.get<Object>()->pop_back();
    CHECK_FALSE(problems().empty());
    CHECK(schemas.problems("{}") == std::vector<std::string>{"/dataschema: there is no such schema"});
}
