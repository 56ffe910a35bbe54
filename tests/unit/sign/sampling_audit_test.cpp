// portcullis-sign audit-sampling, and the independent program in docs/central: what a gate drew is drawn again.
#include "cli/sign/sampling_audit.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "codec/canonical.hpp"
#include "codec/ruleset.hpp"
#include "core/time_text.hpp"
#include "tests/support/catch.hpp"
#include "trust/draw.hpp"

using namespace portcullis;
using portcullis::testing::contains_text;

namespace {

sign::SamplingKeyFile key_of(const std::string& id, char digit) {
    return {"xmht",
            "g07",
            id,
            time_from_text("2026-11-01T00:00:00.000Z").value(),
            time_from_text("2026-12-01T00:00:00.000Z").value(),
            trust::SamplingSecret::parse(std::string(64, digit)).value()};
}

Ruleset ruleset_of(const sign::SamplingKeyFile& key) {
    Ruleset ruleset;
    ruleset.version = 12;
    ruleset.terminal = "xmht";
    ruleset.gates = {"*"};
    ruleset.issued = key.from;
    ruleset.classes = {{"A", "C"}, "C", {}};
    ruleset.sampling.rates = {{"A", {}, {}, 50'000}, {{}, {}, {}, 200'000}};
    ruleset.sampling.keys = {{key.key_id, key.gate, key.secret.commitment(), key.from, key.to}};
    return ruleset;
}

using Change = std::function<void(std::int64_t number, Object& data)>;

void put(Object& data, std::string_view name, const Value& value) {
    for (auto& member : data) {
        if (member.name == name) {
            member.value = value;
        }
    }
}

std::string event(std::int64_t sequence, const std::string& type, Object data) {
    std::string text = std::to_string(sequence);
    return codec::canonical_text(Value{Object{{"type", "portcullis." + type + ".v1"},
                                              {"source", "/portcullis/xmht/g07"},
                                              {"time", "2026-11-23T01:02:03.000Z"},
                                              {"sequence", std::string(20 - text.size(), '0') + text},
                                              {"data", std::move(data)}}})
        .value();
}

/// What an honest gate tells of `boxes` boxes, each of a declaration of its own; `change` makes it less honest.
std::vector<std::string> told(const sign::SamplingKeyFile& key, std::int64_t boxes, const Change& change = {}) {
    std::vector<std::string> lines;
    for (std::int64_t i = 0; i < boxes; ++i) {
        const std::string enterprise_class = i % 2 == 0 ? "A" : "C";
        const std::int64_t rate = i % 2 == 0 ? 50'000 : 200'000;
        const auto declaration = std::to_string(390'200'261'000'000 + i);
        const auto ticket = trust::box_ticket(key.secret, {"sampling", "xmht", declaration, "CSQU3054383"}, 1'000'000);
        const std::int64_t sequence = 2 * i + 1;
        lines.push_back(
            event(sequence, "verdict.issued", {{"ruleset_version", 12}, {"containers", List{Value{"CSQU3054383"}}}}));
        Object data{{"verdict_sequence", sequence},
                    {"container", "CSQU3054383"},
                    {"declaration", declaration},
                    {"declarations", List{Value{declaration}}},
                    {"eligible", "yes"},
                    {"why", "declared"},
                    {"draw", ticket < rate ? "gate_drawn" : "gate_not"},
                    {"movement", "import_laden"},
                    {"rate_ppm", rate},
                    {"class", enterprise_class},
                    {"goods_group", "none"},
                    {"key_id", key.key_id},
                    {"algorithm", "hmac-sha256-1"},
                    {"boxes_ppm", 1'000'000},
                    {"ruleset_version", 12},
                    {"result_id", "none"}};
        if (change) {
            change(i, data);
        }
        lines.push_back(event(sequence + 1, "sampling.judged", std::move(data)));
    }
    return lines;
}

sign::AuditResult audited(const std::vector<std::string>& lines, const sign::SamplingKeyFile& key,
                          const Ruleset& ruleset) {
    sign::SamplingAudit audit{{key}, ruleset};
    for (const auto& line : lines) {
        REQUIRE_FALSE(audit.add(line));
    }
    return audit.finish();
}

/// The last line that the Python program prints, and whether it found everything in order.
std::pair<std::string, bool> python_says(const std::vector<std::string>& lines, const sign::SamplingKeyFile& key,
                                         const Ruleset& ruleset) {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("sampling-audit-" + std::to_string(reinterpret_cast<std::uintptr_t>(&lines)));
    std::filesystem::create_directories(folder);
    std::ofstream{folder / "key.json"} << sign::sampling_key_text(key);
    std::ofstream{folder / "ruleset.json"} << codec::write_ruleset({ruleset, {}});
    std::ofstream events{folder / "events.jsonl"};
    for (const auto& line : lines) {
        events << line << "\n";
    }
    events.close();
    const auto command = "/usr/bin/python3 docs/central/audit_sampling.py --ruleset " +
                         (folder / "ruleset.json").string() + " --key " + (folder / "key.json").string() + " " +
                         (folder / "events.jsonl").string();
    auto* const pipe = ::popen(command.c_str(), "r");  // NOLINT(cert-env33-c): our own program on our own files
    REQUIRE(pipe != nullptr);
    std::string said;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), pipe) != nullptr) {
        said += buffer.data();
    }
    const auto code = ::pclose(pipe);
    std::filesystem::remove_all(folder);
    return {said, code == 0};
}

std::string figure(const std::string& name, std::int64_t value) {
    return "\"" + name + "\": " + std::to_string(value);
}

}  // namespace

TEST_CASE("what an honest gate drew is drawn again by two programs with the same result") {
    const auto key = key_of("g07-2026-11", '7');
    const auto ruleset = ruleset_of(key);
    const auto lines = told(key, 2'000);
    const auto result = audited(lines, key, ruleset);
    CHECK(result.clean());
    CHECK(result.judged == 2'000);
    CHECK(result.recomputed == 2'000);
    REQUIRE(result.shares.size() == 2);
    CHECK(result.shares.front().eligible == 1'000);
    CHECK(result.shares.front().bounds.low == 29);
    CHECK(result.shares.front().bounds.high == 74);
    const auto [said, in_order] = python_says(lines, key, ruleset);
    CHECK(in_order);
    CHECK_THAT(said, contains_text(figure("recomputed", 2'000)));
}

TEST_CASE("a box that was drawn and is told as not drawn is found by both") {
    const auto key = key_of("g07-2026-11", '7');
    const auto ruleset = ruleset_of(key);
    std::int64_t spared = 0;
    const auto lines = told(key, 500, [&spared](std::int64_t number, Object& data) {
        const Value told_of{data};
        const auto* draw = told_of.find("draw");
        if (number < 100 && draw != nullptr && *draw->get<std::string>() == "gate_drawn") {
            put(data, "draw", "gate_not");
            ++spared;
        }
    });
    REQUIRE(spared > 0);
    const auto result = audited(lines, key, ruleset);
    CHECK_FALSE(result.clean());
    CHECK(result.mismatches == spared);
    REQUIRE_FALSE(result.problems.empty());
    CHECK_THAT(result.problems.front().what, contains_text("recomputed: drawn"));
    const auto [said, in_order] = python_says(lines, key, ruleset);
    CHECK_FALSE(in_order);
    CHECK_THAT(said, contains_text(figure("mismatches", spared)));
}

TEST_CASE("a rate that the ruleset does not give is a mismatch") {
    const auto key = key_of("g07-2026-11", '7');
    const auto lines = told(key, 20, [](std::int64_t number, Object& data) {
        if (number == 3) {
            put(data, "rate_ppm", 1);
        }
    });
    CHECK(audited(lines, key, ruleset_of(key)).mismatches == 1);
    CHECK_THAT(python_says(lines, key, ruleset_of(key)).first, contains_text(figure("mismatches", 1)));
}

TEST_CASE("a draw that was left out and an event that was left out are missing") {
    const auto key = key_of("g07-2026-11", '7');
    auto lines = told(key, 20);
    lines.erase(lines.begin() + 9);  // the draw of the fifth verdict
    const auto result = audited(lines, key, ruleset_of(key));
    CHECK(result.missing == 2);
    CHECK_FALSE(result.clean());
    CHECK_THAT(python_says(lines, key, ruleset_of(key)).first, contains_text(figure("missing", 2)));
}

TEST_CASE("another key than the one that the ruleset commits to proves nothing") {
    const auto key = key_of("g07-2026-11", '7');
    const auto other = key_of("g07-2026-11", '8');
    const auto lines = told(key, 20);
    const auto result = audited(lines, other, ruleset_of(key));
    CHECK(result.recomputed == 0);
    CHECK(result.mismatches == 20);
    CHECK_THAT(result.problems.front().what, contains_text("commits to"));
}

TEST_CASE("draws whose key or ruleset was not given are unchecked and never clean") {
    const auto key = key_of("g07-2026-11", '7');
    CHECK(audited(told(key, 20), key_of("g07-2026-10", '7'), ruleset_of(key)).unchecked == 20);
    auto newer = ruleset_of(key);
    newer.version = 13;
    const auto result = audited(told(key, 20), key, newer);
    CHECK(result.unchecked == 20);
    CHECK_FALSE(result.clean());
}

TEST_CASE("a key that spares one class shows in its share") {
    // Found by trying keys: central's insider could have done the same, so the share is looked at beside the draws.
    auto key = key_of("g07-2026-11", '7');
    Ruleset ruleset = ruleset_of(key);
    for (int attempt = 0; attempt < 100'000; ++attempt) {
        const auto digits = std::to_string(attempt);
        key.secret = trust::SamplingSecret::parse(std::string(64 - digits.size(), '0') + digits).value();
        std::int64_t drawn = 0;
        for (std::int64_t i = 0; i < 200; i += 2) {
            const auto declaration = std::to_string(390'200'261'000'000 + i);
            drawn += trust::draw_ticket(key.secret, {"sampling", "xmht", declaration, {}}) < 200'000 ? 1 : 0;
        }
        if (drawn < 8) {
            break;
        }
    }
    ruleset = ruleset_of(key);
    ruleset.sampling.rates = {{{}, {}, {}, 200'000}};
    auto lines = told(key, 200, [&key](std::int64_t number, Object& data) {
        const auto declaration = std::to_string(390'200'261'000'000 + number);
        const auto ticket = trust::draw_ticket(key.secret, {"sampling", "xmht", declaration, {}});
        put(data, "rate_ppm", 200'000);
        put(data, "draw", ticket < 200'000 ? "gate_drawn" : "gate_not");
    });
    const auto result = audited(lines, key, ruleset);
    CHECK(result.mismatches == 0);
    REQUIRE(result.shares.size() == 2);
    CHECK_FALSE(result.shares.front().within());
    CHECK_FALSE(result.clean());
}

TEST_CASE("a sampling key file is read back and a cut one is not") {
    const auto key = key_of("g07-2026-11", '7');
    const auto text = sign::sampling_key_text(key);
    const auto again = sign::sampling_key_from(text);
    REQUIRE(again);
    CHECK(sign::sampling_key_text(*again) == text);
    CHECK_FALSE(sign::sampling_key_from(text.substr(0, text.size() / 2)));
    CHECK_FALSE(sign::sampling_key_from("{}"));
    CHECK_THAT(sign::commitment_row(key), !contains_text(std::string(64, '7')));
}
