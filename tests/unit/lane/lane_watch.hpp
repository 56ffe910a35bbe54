#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lane/lane.hpp"

namespace portcullis::lane {

/// Looks at all that a lane says and asks, and throws std::runtime_error when it is something that no lane may say or
/// ask (design.md 10), whatever went in. It is also the lane's journal: what is recorded waits until it is committed.
class LaneWatch {
public:
    explicit LaneWatch(const LaneSettings& settings) : settings_(settings) {}

    /// An input is about to be given to the lane.
    void before(const Input& input, Instant now);
    /// What came of it.
    void after(const std::vector<Action>& actions, const Lane& lane, Instant now);

    /// The oldest record that waits becomes durable, if any waits.
    [[nodiscard]] std::optional<Ticket> commit();
    [[nodiscard]] std::vector<Memory> memory() const;
    /// The process ended: what was not durable was never said.
    void killed();
    /// Nothing has been there for long, and every record is durable: all that began has ended, once.
    void at_rest() const;

    [[nodiscard]] const std::set<std::string>& passages() const { return said_.detected; }
    /// How often the arm was asked up, ever.
    [[nodiscard]] int ups() const { return ups_; }

private:
    struct Permission {
        int began = 0;
        int ended = 0;
    };
    struct Book {
        std::set<std::string> detected;
        std::set<std::string> ended;
        std::map<std::string, Permission> permissions;
        std::map<std::pair<UsageKey, PassageId>, UsageState> places;
        std::map<std::int64_t, int> results;  ///< by sequence of the arm.commanded
    };
    struct Raising {
        std::string permission;
        Instant not_after;
    };
    struct Level {
        Presence presence = Presence::unknown;
        Instant since;
    };

    void look_at(const Record& record);
    void look_at(const Command& command, const Lane& lane, Instant now);
    void look_at_close(const Command& command, Instant now) const;
    void see(Role role, Signal signal, std::uint8_t reads, Instant now);
    void put_sequences(Value& value) const;
    void apply(Book& book, const Event& event) const;
    static void apply(Book& book, const UsageChange& change);

    LaneSettings settings_;
    Book said_;
    Book durable_;
    std::map<std::string, Value> memory_;
    std::deque<Record> waiting_;
    std::map<std::uint64_t, std::int64_t> sequences_;  ///< of event tokens
    std::int64_t last_sequence_ = 0;
    std::set<CommandId> given_;
    int ups_ = 0;
    std::map<CommandId, Raising> raising_;  ///< ups that a device may still write
    std::map<std::string, std::uint32_t> asks_;
    std::array<Level, enum_texts<Role>.size()> levels_{};
};

}  // namespace portcullis::lane
