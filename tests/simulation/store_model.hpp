#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/order.hpp"
#include "lane/lane_io.hpp"
#include "tests/simulation/trace.hpp"

namespace portcullis::simulation {

/// The journal as design.md 6 promises it: what waits is one transaction; what is committed stays, with its notes and
/// its usage, whoever is killed; nothing else does.
class StoreModel {
public:
    /// A record that a lane gave and that is not durable yet.
    struct Waiting {
        std::size_t lane = 0;
        lane::Record record;
    };
    using Told = std::function<void(std::size_t lane, const Event& event, std::int64_t sequence)>;
    using UsageTold = std::function<void(const lane::UsageChange& change)>;

    explicit StoreModel(std::size_t lanes) : memory_(lanes) {}

    void enqueue(std::size_t lane, lane::Record record) { queue_.push_back({lane, std::move(record)}); }
    /// Everything that waits becomes one transaction. False: nothing waits, or one is under way.
    bool begin();
    /// The transaction is durable. Answers its records, whose lanes are to be told.
    std::vector<Waiting> commit(const Told& told, const UsageTold& usage_told);
    /// The transaction failed whole; its records wait again.
    void roll_back();
    /// kill -9: what waits is gone.
    void kill();

    [[nodiscard]] bool under_way() const { return !transaction_.empty(); }
    [[nodiscard]] bool idle() const { return transaction_.empty() && queue_.empty(); }
    [[nodiscard]] std::vector<lane::Memory> memory(std::size_t lane) const;
    /// Places that are not free, as a look-up of this moment sees them.
    [[nodiscard]] std::vector<Usage> usage(const Authority& authority, const OrderId& order,
                                           const ControlPoint& control_point) const;
    /// A place that was taken before the run began.
    void take_before(const UsageKey& key, PassageId passage) { usage_[key][passage] = UsageState::used; }
    /// One digest an event, in the order of their sequences; the first is sequence 1.
    [[nodiscard]] const std::vector<std::uint64_t>& rows() const { return rows_; }
    /// Tokens in committed data that name no committed event.
    [[nodiscard]] std::int64_t dangling() const { return dangling_; }

private:
    void resolve(Value& value);
    void keep(std::size_t lane, lane::Record& record);

    std::deque<Waiting> queue_;
    std::vector<Waiting> transaction_;
    std::unordered_map<std::uint64_t, std::int64_t> sequences_;  ///< by token of the living process
    std::vector<std::map<std::string, Value>> memory_;
    std::map<UsageKey, std::map<PassageId, UsageState>> usage_;
    std::vector<std::uint64_t> rows_;
    std::int64_t dangling_ = 0;
};

}  // namespace portcullis::simulation
