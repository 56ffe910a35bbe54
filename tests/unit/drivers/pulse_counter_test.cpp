#include "drivers/modbus_points/pulse_counter.hpp"

#include <random>

#include "tests/support/catch.hpp"

using portcullis::drivers::PulseCounter;
using Levels = std::vector<bool>;

TEST_CASE("a pulse between two polls is told, also one of the other level") {
    PulseCounter counter;
    CHECK(counter.read(40, false).empty());
    CHECK(counter.read(40, false).empty());
    CHECK(counter.read(41, false) == Levels{true});
    CHECK(counter.read(41, false).empty());
    // It rises, and is seen: nothing was missed.
    CHECK(counter.read(42, true).empty());
    // It fell and rose again between two polls that both saw it up.
    CHECK(counter.read(43, true) == Levels{false});
    // Down and up and down: the last of it is what the poll sees.
    CHECK(counter.read(44, false) == Levels{false, true});
    CHECK(counter.read(46, false) == Levels{true, false, true});
}

TEST_CASE("an edge between the read of the counter and that of the level is told once") {
    PulseCounter counter;
    CHECK(counter.read(7, false).empty());
    CHECK(counter.read(7, true).empty());  // seen before it was counted
    CHECK(counter.read(8, true).empty());  // its count has come
    CHECK(counter.read(8, false).empty());
    CHECK(counter.read(9, false) == Levels{true});
}

TEST_CASE("a counter that wraps goes on, one that was cleared or does not count tells nothing") {
    PulseCounter wide;
    CHECK(wide.read(0xFFFFFFFF, false).empty());
    CHECK(wide.read(0, false) == Levels{true});
    PulseCounter narrow{16};
    CHECK(narrow.read(0xFFFF, false).empty());
    CHECK(narrow.read(1, false) == Levels{true, false, true});
    CHECK(narrow.read(0, false).empty());  // back by one: cleared
    CHECK(narrow.read(1, false) == Levels{true});

    PulseCounter dead;
    for (int i = 0; i < 100; ++i) {
        CHECK(dead.read(5, i % 2 == 0).empty());
    }
    wide.forget();
    CHECK(wide.read(500, true).empty());
    // More than anybody can have driven over a loop: told in part only.
    CHECK(wide.read(900, true).size() == 31);
}

namespace {

/// A contact that moves between polls, and what a counter made of it.
class CountedContact {
public:
    void move(std::uint32_t edges) {
        for (; edges > 0; --edges) {
            level_ = !level_;
            counted_ = (counted_ + (level_ ? 1 : 0)) & 0xFFFFFFFFU;
            rises_ += level_ ? 1 : 0;
        }
    }
    /// The counter is read, `edges` come, and the level is read.
    void poll(std::uint32_t edges) {
        const auto seen = counted_;
        move(edges);
        for (const bool missed : counter_.read(seen, level_)) {
            tell(missed);
        }
        tell(level_);
    }
    void begin() { (void)counter_.read(counted_, level_); }
    [[nodiscard]] bool level() const { return level_; }
    [[nodiscard]] int rises() const { return rises_; }
    [[nodiscard]] int told_rises() const { return told_rises_; }

private:
    void tell(bool now) {
        told_rises_ += now && !told_ ? 1 : 0;
        told_ = now;
    }

    PulseCounter counter_;
    std::uint64_t counted_ = 0xFFFFFFF0;
    int rises_ = 0;
    int told_rises_ = 0;
    bool level_ = false;
    bool told_ = false;
};

}  // namespace

TEST_CASE("no pulse is lost or made up, however polls fall between edges") {
    std::mt19937 random{20261127};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (int round = 0; round < 200; ++round) {
        CountedContact contact;
        contact.begin();
        for (int poll = 0; poll < 50; ++poll) {
            contact.move(random() % 4);
            contact.poll(random() % 3 == 0 && !contact.level() ? 1 : 0);
        }
        contact.poll(0);
        contact.poll(0);
        CHECK(contact.told_rises() == contact.rises());
    }
}
