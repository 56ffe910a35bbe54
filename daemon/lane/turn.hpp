#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/event.hpp"
#include "core/time.hpp"
#include "core/value.hpp"
#include "lane/interlock.hpp"
#include "lane/lane_io.hpp"

namespace portcullis::lane {

/// What one input makes a lane do: at most one record (one transaction), then what may happen at once. An arm is moved
/// only through an `ArmOrder`, which only the Interlock makes.
class Turn {
public:
    Turn(Now now, Ticket ticket) : now_(now) { record_.ticket = ticket; }

    [[nodiscard]] const Now& now() const { return now_; }
    [[nodiscard]] Instant instant() const { return now_.instant; }
    [[nodiscard]] Ticket ticket() const { return record_.ticket; }

    void record(Event event) { record_.events.push_back(std::move(event)); }
    void usage(UsageChange change) { record_.usage.push_back(std::move(change)); }
    void remember(std::string key, Value body) { record_.memory.push_back({std::move(key), std::move(body)}); }
    void forget(std::string key) { record_.memory.push_back({std::move(key), std::nullopt}); }
    void perform(const ArmOrder& order) { rest_.emplace_back(Perform{order.command()}); }
    void withdraw(const Withdraw& withdrawal) { rest_.emplace_back(withdrawal); }
    void light(CommandId id, Role head, LightColour colour, Instant not_after) {
        const auto act = colour == LightColour::green ? OutputAct::on : OutputAct::off;
        rest_.emplace_back(Perform{Command{id, head, act, not_after, std::nullopt, false}});
    }
    void decide(Decide question) { rest_.emplace_back(std::move(question)); }
    void capture(Capture request) { rest_.emplace_back(std::move(request)); }
    void show(SignMessage message) { rest_.emplace_back(ShowText{std::move(message)}); }

    /// Something here needs a transaction.
    [[nodiscard]] bool records() const {
        return !record_.events.empty() || !record_.usage.empty() || !record_.memory.empty();
    }
    /// Nothing can be written: what was to be recorded is not.
    void drop_record() {
        record_.events.clear();
        record_.usage.clear();
        record_.memory.clear();
    }
    [[nodiscard]] std::vector<Action> finish() {
        std::vector<Action> actions;
        actions.reserve(rest_.size() + 1);
        if (records()) {
            actions.emplace_back(std::move(record_));
        }
        for (auto& action : rest_) {
            actions.push_back(std::move(action));
        }
        return actions;
    }

private:
    Now now_;
    Record record_;
    std::vector<Action> rest_;
};

}  // namespace portcullis::lane
