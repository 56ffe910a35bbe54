#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/lane_settings.hpp"
#include "core/order.hpp"
#include "lane/lane_io.hpp"
#include "tests/simulation/book.hpp"
#include "tests/simulation/findings.hpp"

/// Invariants 4 and 7 of design.md 10, and the half of 1 that counts vehicles.
namespace portcullis::simulation {

/// 4: each vehicle in one passage, each passage ended once.
///
/// Vehicles and passages are counted against each other over the times from an empty lane to the next empty lane in
/// which nothing was wrong that could make a vehicle invisible (`disturbed`).
class PassageCheck {
public:
    PassageCheck(const std::vector<LaneSettings>& lanes, const Book& book, Findings& findings)
        : lanes_(lanes), book_(book), findings_(findings), epochs_(lanes.size()) {}

    void committed(std::size_t lane, const Event& event);
    void killed();

    // the world
    void visit(std::size_t lane) { ++epochs_[lane].visits; }
    /// A vehicle is wholly beyond the arm; `permitted` = the arm was opened for it.
    void passed(std::size_t lane, bool permitted);
    void disturbed(std::size_t lane) { epochs_[lane].disturbed = true; }
    /// A vehicle came that loops lose between its axles: on each way it may be taken for two, never for none.
    void may_split(std::size_t lane) { epochs_[lane].may_split += 2; }
    /// A vehicle left by the back. One that was seen only while another stood under the arm may be taken for its axles.
    void went_back(std::size_t lane) { ++epochs_[lane].went_back; }
    /// No vehicle is on any sensor, and nothing waits to be committed. `healthy`: nothing is wrong at this moment.
    void lane_is_empty(std::size_t lane, bool healthy);
    void finish();

private:
    struct Epoch {
        std::int64_t visits = 0;
        std::int64_t passed = 0;
        std::int64_t unpermitted = 0;
        std::int64_t detected = 0;
        std::int64_t merged = 0;
        std::int64_t cleared = 0;
        std::int64_t may_split = 0;
        std::int64_t went_back = 0;
        std::int64_t irregular = 0;  ///< passage.tailgate and passage.wrong_way
        bool disturbed = true;       ///< until the lane was seen empty once
    };
    struct Ends {
        std::size_t lane = 0;
        std::int64_t detected = 0;
        std::int64_t ended = 0;
    };
    void add(std::size_t lane, int invariant, const std::string& what);
    void judge(std::size_t lane, const Epoch& epoch);

    const std::vector<LaneSettings>& lanes_;
    const Book& book_;
    Findings& findings_;
    std::vector<Epoch> epochs_;
    std::unordered_map<PassageId, Ends> ends_;
};

/// 7: never more places of an order than it allows, over lanes and restarts; what truly passed is used.
class UsageCheck {
public:
    explicit UsageCheck(Findings& findings) : findings_(findings) {}

    /// How many places the order gives at each control point.
    void allowed(const Authority& authority, const OrderId& order, int uses) { uses_[{authority, order}] = uses; }
    void committed(const lane::UsageChange& change);
    /// The arm went up for `passage`, at whose place stood `vehicle`.
    void opened(const PassageId& passage, int vehicle) { opened_[vehicle] = passage; }
    /// The vehicle left the sensors behind: what was opened for it is over.
    void away(int vehicle) { opened_.erase(vehicle); }
    /// The vehicle is wholly beyond the arm. Answers whether the arm was opened for it.
    bool passed(int vehicle);
    void finish();

private:
    Findings& findings_;
    std::map<std::pair<Authority, OrderId>, int> uses_;
    std::map<UsageKey, std::map<PassageId, UsageState>> places_;
    std::unordered_map<int, PassageId> opened_;
    std::set<PassageId> passed_;
};

}  // namespace portcullis::simulation
