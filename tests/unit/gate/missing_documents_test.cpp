#include "gate/missing_documents.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/trust_documents.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using Kinds = std::vector<DocumentKind>;

constexpr Instant start{std::chrono::hours{1}};

TEST_CASE("What is missing is asked for after a minute, then ever more seldom, until it is there") {
    MissingDocuments missing;
    const std::set<DocumentKind> ruleset{DocumentKind::ruleset};
    CHECK(missing.due(start, ruleset).empty());
    CHECK(missing.due(start + 59s, ruleset).empty());
    CHECK(missing.due(start + 1min, ruleset) == Kinds{DocumentKind::ruleset});
    CHECK(missing.due(start + 2min, ruleset).empty());
    CHECK(missing.due(start + 3min, {DocumentKind::ruleset, DocumentKind::passes}) == Kinds{DocumentKind::ruleset});
    CHECK(missing.due(start + 4min, {DocumentKind::ruleset, DocumentKind::passes}) == Kinds{DocumentKind::passes});
    auto now = start + 4min;
    for (int i = 0; i < 10; ++i) {
        now += MissingDocuments::longest_pause;
        CHECK(missing.due(now, ruleset) == Kinds{DocumentKind::ruleset});
    }
    CHECK(missing.due(now + 1h, {}).empty());
    CHECK(missing.due(now + 2h, ruleset).empty());  // missing anew: it may be on its way
    CHECK(missing.due(now + 2h + 1min, ruleset) == Kinds{DocumentKind::ruleset});
}

TEST_CASE("What a timestamp names and was not taken is missing, but for orders") {
    using namespace portcullis::testing;
    const auto noon = at("2026-11-24T12:00:00.000Z");
    const auto begun = TrustState{{"xmht", "g07"}, {}, {}}.begin(sealed_root(a_root()), noon).value().after;
    CHECK(missing_by(*begun).empty());
    auto timestamp = a_timestamp(1);
    timestamp.newest[{DocumentKind::ruleset, {}}] = {4, {}};
    timestamp.newest[{DocumentKind::orders, Authority{"ciq"}}] = {9, {}};
    const auto told = begun->open_timestamp(sealed_timestamp(timestamp), noon).value().after;
    CHECK(missing_by(*told) == std::set{DocumentKind::ruleset});
}

}  // namespace
}  // namespace portcullis::gate
