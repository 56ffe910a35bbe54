#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/order_chain.hpp"
#include "core/facts.hpp"
#include "core/history.hpp"
#include "core/policy.hpp"
#include "core/ruleset.hpp"
#include "gate/document_gate.hpp"
#include "gate/journal_desk.hpp"
#include "gate/order_changes.hpp"
#include "gate/refused_documents.hpp"
#include "gate/ruling.hpp"
#include "gate/snapshot_desk.hpp"
#include "lane/lane_io.hpp"
#include "lane/usage.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/order_cache.hpp"
#include "store/quarantine.hpp"
#include "supervision/compiled_ruleset.hpp"
#include "trust/key_set.hpp"
#include "uplink/order_requests.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::gate {

/// An envelope as it came in.
struct InboundOrders {
    std::string bytes;
    std::string channel;  ///< the destination through which it came, or `file`
    /// For who waits for it: it is applied and recorded, or why not.
    std::function<void(const std::optional<std::string>& problem)> done = {};
};

/// Orders: batches in, verdicts out. The cache lives on its own worker; one call answers a whole passage, and look-ups
/// go before slices of an import. A batch begins when the journal has recorded the one before it, so that a crash keeps
/// at most one from being recorded. What waits is bounded by number and size: beyond that the newest is dropped, and
/// central is asked for it when there is room again.
class OrderDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        /// Places of these orders that are not free, from the journal's database; nothing = it could not be read.
        std::function<void(std::vector<UsageKey>, std::function<void(std::optional<std::vector<Usage>>)>)> usage_of;
        /// A batch became visible: lanes that wait ask again.
        std::function<void(std::int64_t cursor)> changed;
        /// A gap in an authority's batches, from this number on.
        std::function<void(const Authority&, std::int64_t from)> request;
        std::function<bool()> link_up;
        std::function<void(const std::string& why)> fatal;
        /// Adds what is known of the boxes beside their orders: what the gate drew for them.
        std::function<void(const supervision::CompiledRuleset&, const OrdersFound&, const DecisionBasis&,
                           PassageFacts&)>
            measure = {};
        /// By what a passage is judged. Empty: by the rows of the `policy:` file alone.
        std::function<Ruling(const PassageId&, Now)> rule = {};
        /// Whose consents the ruleset asks for. Empty: those of the `policy:` file.
        std::function<const Policy&()> policy = {};
        /// Places beside those of orders that this passage may need: of its boxes' zone results, of its passes.
        std::function<std::vector<UsageKey>(const PassageFacts&)> places = {};
        /// Adds the zone results of the boxes and the vehicle's passes; the places are those that are not free, of
        /// whatever was asked.
        std::function<void(const std::vector<Usage>&, WallTime, PassageFacts&)> results = {};
        /// What the journal's database remembers of a passage's plates and boxes; nothing = it could not be read.
        std::function<void(HistoryQuestion, std::function<void(std::optional<HistoryFound>)>)> recall = {};
        /// The newest snapshot of an authority, or a chunk of one.
        std::function<void(const uplink::SnapshotNeed&)> request_snapshot = {};
        /// How far the wall clock may be off. Empty: as where it was never synchronised before.
        std::function<std::chrono::milliseconds(Now)> clock_band = {};
        /// How old orders may become by the ruleset that acts; nothing = there is none. Empty: as that.
        std::function<std::optional<AgeLimits>()> order_limits = {};
    };
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        runtime::Worker& worker;
        store::Quarantine* quarantine = nullptr;
        runtime::Worker* snapshots = nullptr;  ///< none: this gate takes no snapshots
        runtime::Worker* documents = nullptr;  ///< reads batches and syncs the cache; none: the worker does that too
    };
    struct Terms {
        std::string terminal;
        std::string gate;
        OrderTrust trust;
        Policy policy;
        store::OrderFillSettings fill = {};  ///< where snapshots are filled in
    };

    OrderDesk(Surroundings surroundings, Terms terms, store::OrderCache& cache, lane::UsageLedger& ledger, Ports ports);

    /// Compares the cache with what the journal says was applied: records what a crash kept from being recorded, and
    /// knows what a lost cache is missing. Before any lane runs.
    void reconcile(const std::vector<store::OrderPosition>& journalled);
    /// From time to time: tells of refusals that were held back, and asks again while a gap stays open.
    void tick(Now now);
    /// Looks orders up, evaluates, and answers `done` later.
    void decide(const lane::Decide& question, std::function<void(lane::VerdictReady)> done);
    /// The orders of a box outside a passage; nothing is evaluated.
    void look_up(const ContainerNumber& container, std::function<void(OrdersFound)> done);
    void take(InboundOrders inbound);
    /// A piece of a snapshot.
    void take_snapshot(uplink::InboundDocument piece, const std::string& channel);
    void take_snapshot(std::string head, SnapshotFile file);
    /// Nothing waits: a file's next batch may come.
    [[nodiscard]] bool has_room() const { return inbound_.empty(); }
    /// Who signs orders from now on, and the newest batches that the timestamp names: what is missing is asked for,
    /// and so is all of an authority that could not sign before.
    void set_trust(OrderTrust trust);

    [[nodiscard]] std::int64_t cursor() const { return cursor_; }
    /// Since these orders were last known to be the newest; nothing before the first batch.
    [[nodiscard]] std::optional<std::int64_t> age_s(WallTime now) const;
    /// By that age and the ruleset that acts.
    [[nodiscard]] DocumentState state(WallTime now) const;
    /// Authorities of whose batches some are known to be missing.
    [[nodiscard]] std::vector<Authority> behind() const;
    /// For each authority that the policy or the root names, or that has sent before, the first batch that is not here.
    [[nodiscard]] std::vector<uplink::OrdersNeed> needs() const;
    /// Verdicts have named these orders: what becomes of them may be told from now on.
    void named(const std::vector<OrderNamed>& orders) { changes_.named(orders); }
    /// Whose orders are here.
    [[nodiscard]] std::vector<Authority> authorities() const;
    /// None of its batches is known to be missing.
    [[nodiscard]] bool complete(const Authority& authority) const;
    /// Nothing is being applied.
    [[nodiscard]] bool idle() const { return !busy_ && !filled_; }
    /// Removes what nobody sees any more from the cache, slice by slice.
    void tidy();
    [[nodiscard]] std::int64_t refused_documents() const { return refused_documents_.total(); }

private:
    static constexpr std::size_t most_inbound = 64;
    static constexpr std::size_t most_inbound_bytes = std::size_t{16} * 1024 * 1024;
    /// A gap of which nothing is heard for so long is asked for again.
    static constexpr std::chrono::minutes ask_again{1};
    /// An authority that has never sent anything is asked again at first after `ask_again`, then ever more seldom: a
    /// request or its answer may be lost, and no gap shows it.
    static constexpr std::chrono::minutes longest_silence{16};
    using Answer = Result<store::CacheAnswer, store::StoreFailure>;
    using Chains = std::map<Authority, codec::OrderChainState>;

    /// A passage on its way to its verdict.
    struct Inquiry {
        lane::Decide question;
        std::function<void(lane::VerdictReady)> done;
        bool weighed = false;  ///< the ruleset has said what its readings are worth
        std::vector<ReadingRepair> repairs;
    };

    void ask(Inquiry inquiry);
    void looked_up(Inquiry inquiry, const Answer& answer);
    [[nodiscard]] bool weigh(Inquiry& inquiry, const OrdersFound& found) const;
    [[nodiscard]] Ruling ruling_of(const PassageId& passage, const Now& now) const;
    void add_results(const std::vector<Usage>& taken, PassageFacts& facts) const;
    [[nodiscard]] OrdersFound found_in(const Answer& answer, WallTime now) const;
    void remember(Inquiry inquiry, OrdersFound found);
    void judge(const Inquiry& inquiry, OrdersFound found);
    [[nodiscard]] Verdict shadow_of(const supervision::CompiledRuleset& ruleset, PassageFacts facts, OrdersFound found,
                                    DecisionBasis basis) const;
    void open_next();
    void finished();
    void opened(const InboundOrders& inbound, Result<OpenedOrders, DocumentRefused> result);
    void refused(const InboundOrders& inbound, const DocumentRefused& why);
    void count_refused(const DocumentRefused& why, const std::string& channel);
    void make_snapshot_desk();
    void swap_in();
    void swapped(const Result<store::OrderCache::Swapped, store::StoreFailure>& result, const std::string& channel);
    void remove_later(std::vector<std::filesystem::path> databases, std::unique_ptr<store::OrderFill> fill);
    void ask_for_snapshot(const Authority& authority);
    [[nodiscard]] std::int64_t least_snapshot(const Authority& authority) const;
    /// How a batch came, and what it held beside its orders.
    struct Delivery {
        std::string channel;
        std::int64_t passed_over = 0;
        std::optional<std::int64_t> used = {};  ///< places that it says were used
        std::function<void(const std::optional<std::string>& problem)> done = {};
        void tell(const std::optional<std::string>& problem) const {
            if (done) {
                done(problem);
            }
        }
    };
    void apply(OpenedOrders orders, const InboundOrders& inbound);
    /// On whatever thread.
    void apply(store::OrderBatchRows rows, const Delivery& delivery);
    void slice(const Authority& authority, std::int64_t number, const Delivery& delivery);
    void go_on(std::function<void()> work);
    void go_on();
    void not_applied(const Authority& authority, std::int64_t number, const Delivery& delivery,
                     const store::StoreFailure& failure);
    void applied(const store::BatchApplied& batch, const Delivery& delivery);
    void record_batch(const store::BatchApplied& batch, const Delivery& delivery, std::function<void()> committed);
    void follow_changes(const store::BatchApplied& batch, const Delivery& delivery, std::int64_t after);
    [[nodiscard]] std::optional<std::int64_t> take_changes(
        const store::BatchApplied& batch, const Result<store::StatusChanges, store::StoreFailure>& changes);
    void recall_changes(const store::BatchApplied& batch);
    void fall_behind(const Authority& authority, std::int64_t number);
    void ask_for(const Authority& authority);
    void ask_the_silent(Now now);
    void tidy_slice();
    [[nodiscard]] static bool has_room(const Chains& chains, const OrderKeys& keys, const Authority& authority);
    [[nodiscard]] static std::vector<UsedOrder> used_in(const OrderBatch& batch);
    void take_places(const Authority& authority, std::vector<UsedOrder> used, std::function<void()> then);
    [[nodiscard]] WallTime time(WallTime wall) const;
    [[nodiscard]] std::optional<WallTime> current_at() const;
    void watch_state(Now now);
    void record(Event event);
    void post(std::function<void()> work);
    void read(std::function<void()> work);

    Surroundings surroundings_;
    Terms terms_;
    std::shared_ptr<const supervision::CompiledRuleset> own_;  ///< of the `policy:` file
    store::OrderCache& cache_;
    lane::UsageLedger& ledger_;
    Ports ports_;
    std::int64_t cursor_ = 0;
    std::optional<WallTime> applied_at_;
    Chains chains_;
    /// Authorities of whose batches some are known to be missing, and the newest known one: applied, it closes the gap.
    std::map<Authority, std::int64_t> behind_;
    Instant asked_at_;
    Instant silent_asked_at_;
    std::chrono::minutes silence_ = ask_again;
    std::map<Authority, std::int64_t> floors_;  ///< the newest batches that this stream ever applied
    struct Filled {
        std::unique_ptr<store::OrderFill> fill;
        std::string channel;
    };
    std::optional<Filled> filled_;  ///< waits for the batch at hand
    std::unique_ptr<SnapshotDesk> snapshots_;
    OrderChanges changes_;
    RefusedDocuments refused_documents_;
    std::optional<std::string> told_state_;
    std::deque<InboundOrders> inbound_;
    std::size_t inbound_bytes_ = 0;
    bool dropped_ = false;  ///< of an authority that nobody looked at
    bool busy_ = false;
    // What follows belongs to the worker.
    std::vector<std::function<void()>> going_on_;  ///< slices that wait for a sync: of a batch, and of tidying
    bool tidying_ = false;
};

}  // namespace portcullis::gate
