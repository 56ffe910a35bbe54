#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace portcullis::simulation {

/// What happens when, in virtual time. What belongs to a process dies with it.
class Agenda {
public:
    [[nodiscard]] Instant now() const { return now_; }
    void advance_to(Instant when) { now_ = std::max(now_, when); }

    /// Happens in the world, whoever lives.
    void after(std::chrono::milliseconds wait, std::function<void()> what) { put(now_ + wait, 0, std::move(what)); }
    /// Happens only while process number `life` lives.
    void after(std::chrono::milliseconds wait, std::uint64_t life, std::function<void()> what) {
        put(now_ + wait, life, std::move(what));
    }

    [[nodiscard]] std::optional<Instant> next() const {
        return entries_.empty() ? std::nullopt : std::optional{entries_.top().when};
    }
    /// Does the next entry; `life` = the process that lives now.
    void run_next(std::uint64_t life) {
        // The queue gives only const access to its top; the entry is popped at once.
        auto entry = std::move(const_cast<Entry&>(entries_.top()));
        entries_.pop();
        advance_to(entry.when);
        if (entry.life == 0 || entry.life == life) {
            entry.what();
        }
    }

private:
    struct Entry {
        Instant when;
        std::uint64_t order = 0;
        std::uint64_t life = 0;
        std::function<void()> what;
    };
    struct Later {
        bool operator()(const Entry& left, const Entry& right) const {
            return std::pair{left.when, left.order} > std::pair{right.when, right.order};
        }
    };

    void put(Instant when, std::uint64_t life, std::function<void()> what) {
        entries_.push(Entry{when, ++last_order_, life, std::move(what)});
    }

    Instant now_ = Instant{std::chrono::seconds{1000}};
    std::uint64_t last_order_ = 0;
    std::priority_queue<Entry, std::vector<Entry>, Later> entries_;
};

}  // namespace portcullis::simulation
