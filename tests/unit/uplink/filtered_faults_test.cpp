// A filtered stream under everything at once: lost publications, broken links, restarts, retention, replays. A consumer
// that follows docs/central/README.md must end with every event that it was to get and that was kept, once and in
// order, and each hole that it notes must be one that the journal really has.
#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "tests/support/catch.hpp"
#include "uplink/delivery.hpp"

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

const StreamId stream{std::array<std::uint8_t, 16>{1}};

/// One journal, one destination, one consumer.
class World {
public:
    explicit World(std::uint32_t seed) : random_(seed) { restart(); }

    void turn(bool faults) {
        now_ += 1s;
        if (faults) {
            grow();
            if (chance(30)) {
                cut();
            }
            if (chance(20)) {
                restart();
            }
        }
        if (connected_ && faults && chance(60)) {
            delivery_->disconnected();
            connected_ = false;
            broker_.clear();
        }
        if (!connected_ && chance(500)) {
            delivery_->connected(++connection_, between(1, 30));
            connected_ = true;
            consumer_first_ = std::max(consumer_first_, delivery_->first());
            wants_ack_ = true;
        }
        delivery_->wake(now_);
        publish(faults);
        deliver();
        answer(faults);
    }

    [[nodiscard]] bool all_there() const {
        return std::all_of(wanted_.lower_bound(first_), wanted_.end(),
                           [&](Sequence one) { return std::find(held_.begin(), held_.end(), one) != held_.end(); });
    }
    [[nodiscard]] bool in_order() const { return std::is_sorted(held_.begin(), held_.end(), std::less_equal<>{}); }
    /// Wanted events that are neither held nor below what the journal had when the hole was noted.
    [[nodiscard]] std::int64_t silently_lost() const {
        return std::count_if(wanted_.begin(), wanted_.end(), [&](Sequence one) {
            const bool held = std::find(held_.begin(), held_.end(), one) != held_.end();
            const bool noted = std::any_of(holes_.begin(), holes_.end(), [one](const SequenceRange& hole) {
                return hole.from <= one && one <= hole.to;
            });
            return !held && !noted && !held_.empty() && one < held_.back();
        });
    }
    [[nodiscard]] Sequence backlog() const { return delivery_->backlog(); }
    [[nodiscard]] std::size_t holes() const { return holes_.size(); }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

private:
    struct Message {
        Sequence sequence;
        Sequence previous;
    };

    [[nodiscard]] bool chance(int of_thousand) { return between(1, 1000) <= of_thousand; }
    [[nodiscard]] Sequence between(Sequence least, Sequence most) {
        return std::uniform_int_distribution<Sequence>{least, most}(random_);
    }

    void grow() {
        for (auto count = between(0, 8); count > 0; --count) {
            if (chance(300)) {
                wanted_.insert(last_ + 1);
            }
            ++last_;
        }
        delivery_->journal_grew(last_);
    }
    void cut() {
        first_ = std::max(first_, between(std::max<Sequence>(last_ - 60, 1), std::max<Sequence>(last_ - 2, 1)));
        delivery_->journal_cut(first_);
        if (connected_) {
            consumer_first_ = first_;
        }
    }
    /// What is kept of the cursors may be older than they were, each by itself.
    void restart() {
        delivery_ = std::make_unique<Delivery>(stream, kept_acknowledged_, last_, DeliveryLimits{.ack_window = 12});
        delivery_->resume_behind(kept_passed_);
        delivery_->journal_cut(first_);
        connected_ = false;
        broker_.clear();
    }

    void publish(bool faults) {
        for (int rows = 0; connected_ && rows < 40 && !delivery_->to_publish().empty(); ++rows) {
            const auto next = delivery_->to_publish().from;
            if (!wanted_.contains(next)) {
                REQUIRE(delivery_->skipped(next));
                continue;
            }
            const auto publication = delivery_->published(next, now_);
            REQUIRE(publication);
            delivery_->settled(connection_);
            if (!faults || !chance(40)) {
                broker_.push_back({next, publication->previous});
            }
        }
        for (auto range = delivery_->to_look_ahead(); !range.empty() && !wanted_.contains(range.from);
             range = delivery_->to_look_ahead()) {
            REQUIRE(delivery_->skipped(range.from));
        }
        delivery_->waits_at(delivery_->next());
        if (delivery_->passed_by_filter() && chance(300)) {
            kept_passed_ = std::max(kept_passed_, delivery_->passed());
        }
    }

    /// The rule of a consumer, as the page has it.
    void deliver() {
        for (; !broker_.empty() && !chance(100); broker_.pop_front()) {
            const auto [sequence, previous] = broker_.front();
            if (sequence <= held_last()) {
                wants_ack_ = true;
            } else if (previous == held_last()) {
                held_.push_back(sequence);
            } else if (held_last() < previous && previous < consumer_first_) {
                holes_.push_back({held_last() + 1, consumer_first_ - 1});
                held_.push_back(sequence);
            } else {
                wants_replay_ = true;
            }
        }
    }
    [[nodiscard]] Sequence held_last() const { return held_.empty() ? 0 : held_.back(); }

    void answer(bool faults) {
        if (!connected_ || (faults && chance(300))) {
            return;
        }
        if (wants_replay_) {
            wants_replay_ = false;
            (void)delivery_->replay(stream, held_last() + 1, now_);
        }
        if (held_last() > 0 && (wants_ack_ || held_last() > delivery_->acknowledged())) {
            wants_ack_ = false;
            (void)delivery_->acknowledge({stream, held_last(), true}, now_);
            if (!faults || chance(700)) {
                kept_acknowledged_ = std::max(kept_acknowledged_, delivery_->acknowledged());
            }
        }
    }

    std::mt19937 random_;
    Instant now_{1h};
    std::unique_ptr<Delivery> delivery_;
    std::set<Sequence> wanted_;
    Sequence first_ = 1;
    Sequence last_ = 0;
    Sequence kept_acknowledged_ = 0;
    Sequence kept_passed_ = 0;
    bool connected_ = false;
    std::int64_t connection_ = 0;
    std::deque<Message> broker_;
    std::vector<Sequence> held_;
    std::vector<SequenceRange> holes_;
    Sequence consumer_first_ = 1;
    bool wants_ack_ = false;
    bool wants_replay_ = false;
};

TEST_CASE("Every event that a filter passes is stored once and in order, and every hole is seen") {
    std::size_t holes = 0;
    std::size_t held = 0;
    for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        World world{seed};
        for (int i = 0; i < 400; ++i) {
            world.turn(true);
        }
        int quiet = 0;
        for (; quiet < 5000 && !(world.all_there() && world.backlog() == 0); ++quiet) {
            world.turn(false);
        }
        REQUIRE(world.all_there());
        REQUIRE(world.backlog() == 0);
        REQUIRE(world.in_order());
        REQUIRE(world.silently_lost() == 0);
        holes += world.holes();
        held += world.held();
    }
    CHECK(holes > 1000);  // retention did overtake the consumer, or this proves nothing
    CHECK(held > 500'000);
}

}  // namespace
}  // namespace portcullis::uplink
