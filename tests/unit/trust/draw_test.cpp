#include "trust/draw.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "core/binomial.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/files.hpp"
#include "trust/hash.hpp"

using namespace portcullis;
using trust::SamplingSecret;

namespace {

SamplingSecret example_key() {
    return SamplingSecret::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").value();
}

constexpr std::int64_t draws = 1'000'000;

std::string declaration(std::int64_t number) {
    return std::to_string(390'200'261'000'000 + number);
}

/// How many of a million declarations a rate takes, by a draw.
template <class Ticket>
std::int64_t taken(std::int64_t rate_ppm, Ticket ticket) {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < draws; ++i) {
        count += ticket(declaration(i)) < rate_ppm ? 1 : 0;
    }
    return count;
}

bool within_chance(std::int64_t count, std::int64_t rate_ppm) {
    const auto bounds = binomial_bounds(draws, rate_ppm, 0.001);
    return count > bounds.low && count < bounds.high;
}

}  // namespace

TEST_CASE("The page about sampling shows what is drawn") {
    const auto page = testing::file_text("docs/sampling.md");
    const auto key = example_key();
    for (const std::string purpose : {"sampling", "box", "rule:Q07"}) {
        const std::string container = purpose == "sampling" ? "" : "CSQU3054383";
        const trust::DrawSubject subject{purpose, "xmht", "390200261000123", container};
        const auto row = "| `" + purpose + "` | `" +
                         hex_text(trust::hmac_sha256(key.bytes(), trust::draw_message(subject, 0))) + "` | " +
                         std::to_string(trust::draw_ticket(key, subject)) + " |";
        INFO(row);
        CHECK(page.find(row) != std::string::npos);
    }
}

TEST_CASE("What the key signs is one line a part and nothing else") {
    CHECK(trust::draw_message({"rule:Q07", "xmht", "390200261000123", "CSQU3054383"}, 0) ==
          "portcullis-draw-1\nrule:Q07\nxmht\n390200261000123\nCSQU3054383\n0\n");
    CHECK(trust::draw_message({"sampling", "xmht", "390200261000123", ""}, 2) ==
          "portcullis-draw-1\nsampling\nxmht\n390200261000123\n\n2\n");
}

TEST_CASE("A ticket is the first number of the block without bias modulo a million") {
    Hash256 block{};
    block.at(7) = 42;
    CHECK(trust::ticket_in(block) == 42);
    block.at(5) = 0x0f;
    block.at(6) = 0x42;
    block.at(7) = 0x41;  // 1'000'001
    CHECK(trust::ticket_in(block) == 1);

    SECTION("a number of the uneven rest is passed over") {
        std::fill_n(block.begin(), 8, std::uint8_t{0xff});
        block.at(15) = 7;
        CHECK(trust::ticket_in(block) == 7);
    }
    SECTION("the last number before the rest counts") {
        // 2^64 - 1 = 18446744073709 * 10^6 + 551615: the rest begins 551'615 below the end.
        const std::uint64_t last = 18'446'744'073'708'999'999ULL;
        for (std::size_t i = 0; i < 8; ++i) {
            block.at(i) = static_cast<std::uint8_t>(last >> (56 - 8 * i));
        }
        CHECK(trust::ticket_in(block) == 999'999);
    }
    SECTION("a block of rests has no ticket and the next block is asked") {
        block.fill(0xff);
        CHECK_FALSE(trust::ticket_in(block));
    }
}

TEST_CASE("A box draws the same as often as it is asked and other things draw for themselves") {
    const auto key = example_key();
    const trust::DrawSubject box{"rule:Q07", "xmht", "390200261000123", "CSQU3054383"};
    const auto ticket = trust::draw_ticket(key, box);
    CHECK(ticket >= 0);
    CHECK(ticket < trust::draw_range);
    CHECK(trust::draw_ticket(key, box) == ticket);
    std::vector<std::int64_t> others{trust::draw_ticket(key, {"rule:Q08", "xmht", "390200261000123", "CSQU3054383"}),
                                     trust::draw_ticket(key, {"rule:Q07", "xmst", "390200261000123", "CSQU3054383"}),
                                     trust::draw_ticket(key, {"rule:Q07", "xmht", "390200261000124", "CSQU3054383"}),
                                     trust::draw_ticket(key, {"rule:Q07", "xmht", "390200261000123", "TGHU1234567"}),
                                     trust::draw_ticket(SamplingSecret::parse(std::string(64, 'a')).value(), box)};
    for (const auto other : others) {
        CHECK(other != ticket);
    }
}

TEST_CASE("All boxes of a drawn declaration are drawn unless the ruleset takes a share of them") {
    const auto key = example_key();
    const std::array<std::string, 4> boxes{"CSQU3054383", "TGHU1234567", "MSKU0000005", "HLXU1234564"};
    const auto whole = trust::draw_ticket(key, {"sampling", "xmht", "390200261000123", ""});
    for (const auto& box : boxes) {
        CHECK(trust::box_ticket(key, {"sampling", "xmht", "390200261000123", box}, trust::draw_range) == whole);
        CHECK(trust::box_ticket(key, {"sampling", "xmht", "390200261000123", box}, 0) == trust::never_drawn);
    }
    std::int64_t drawn = 0;
    for (std::int64_t i = 0; i < 10'000; ++i) {
        const auto number = std::to_string(i);
        const auto ticket = trust::box_ticket(key, {"sampling", "xmht", "390200261000123", number}, 250'000);
        CHECK((ticket == whole || ticket == trust::never_drawn));
        drawn += ticket == whole ? 1 : 0;
    }
    const auto bounds = binomial_bounds(10'000, 250'000, 0.001);
    CHECK(drawn > bounds.low);
    CHECK(drawn < bounds.high);
}

TEST_CASE("Of a million declarations each rate draws its share") {
    const auto key = example_key();
    std::vector<std::int64_t> tickets;
    tickets.reserve(draws);
    for (std::int64_t i = 0; i < draws; ++i) {
        const auto number = declaration(i);
        tickets.push_back(trust::draw_ticket(key, {"sampling", "xmht", number, {}}));
    }
    for (const std::int64_t rate : {1'000, 20'000, 50'000, 100'000, 500'000}) {
        const auto count = std::count_if(tickets.begin(), tickets.end(), [&](auto ticket) { return ticket < rate; });
        INFO("rate " << rate << " ppm drew " << count);
        CHECK(within_chance(count, rate));
    }
    // Uniform over the whole range, not only below a rate: chi-square over 100 bins (99 degrees of freedom, 0.001).
    std::array<std::int64_t, 100> bins{};
    for (const auto ticket : tickets) {
        ++bins.at(static_cast<std::size_t>(ticket / 10'000));
    }
    double chi_square = 0;
    for (const auto bin : bins) {
        chi_square += std::pow(static_cast<double>(bin) - 10'000.0, 2) / 10'000.0;
    }
    CHECK(chi_square < 148.2);
}

TEST_CASE("The bounds of the share find a draw with a modulo bias") {
    const auto key = example_key();
    // 20 bits modulo a million: the lowest 48'576 tickets come twice as often.
    const auto biased = [&key](const std::string& number) {
        const auto block = trust::hmac_sha256(key.bytes(), number);
        const auto bits = std::int64_t{block[0]} << 12U | std::int64_t{block[1]} << 4U | block[2] >> 4U;
        return bits % trust::draw_range;
    };
    CHECK_FALSE(within_chance(taken(50'000, biased), 50'000));
    // And one that spares one declaration in a hundred.
    const auto sparing = [&key](const std::string& number) {
        const auto ticket = trust::draw_ticket(key, {"sampling", "xmht", number, {}});
        return number.ends_with("42") ? trust::draw_range - 1 : ticket;
    };
    CHECK_FALSE(within_chance(taken(500'000, sparing), 500'000));
}
