#pragma once

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/order_desk.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/unit/gate/signed_batch.hpp"
#include "tests/unit/store/a_cache.hpp"
#include "tests/unit/store/temporary_directory.hpp"
#include "tests/unit/supervision/a_passage.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate::testing {

/// A release order of a batch, valid on the day that the manual clock stands at.
inline std::string release(const std::string& id, const std::string& container,
                           const std::string& status = "released") {
    return R"({"op":"put","order":")" + id + R"(","kind":"release","status":")" + status +
           R"(","movement":"import_laden","container":")" + container +
           R"(","tractor_plates":[],"trailer_plates":[],"conditions":[],"uses":1,)"
           R"("valid_from":"2026-11-20T00:00:00.000Z","valid_to":"2026-12-20T00:00:00.000Z",)"
           R"("officer":"A113","decided":"2026-11-20T00:00:00.000Z"})";
}
inline std::string revocation(const std::string& id) {
    return R"({"op":"revoke","order":")" + id +
           R"(","reason":"withdrawn","officer":"A1","decided":"2026-11-22T08:00:00.000Z"})";
}

/// The batches of one authority, each after the one before it.
class Chain {
public:
    explicit Chain(std::string authority) { head_.authority = std::move(authority); }

    /// The next batch, signed.
    std::string next(std::vector<std::string> orders, std::vector<std::string> gates = {"*"}) {
        head_.orders = std::move(orders);
        head_.gates = std::move(gates);
        const auto payload = head_.payload();
        ++head_.number;
        head_.previous = trust::sha256(payload);
        return signed_by(orders_key(), payload);
    }
    /// Of the newest batch's payload.
    [[nodiscard]] Hash256 hash() const { return head_.previous; }

private:
    BatchHead head_;
};

inline std::int64_t number(const Event& event, const std::string& member) {
    return *event.data.find(member)->get<std::int64_t>();
}
inline std::string text(const Event& event, const std::string& member) {
    return *event.data.find(member)->get<std::string>();
}

inline std::vector<ReasonCode> codes(const Verdict& verdict) {
    std::vector<ReasonCode> codes;
    for (const auto& reason : verdict.reasons) {
        if (reason.outcome != VerdictOutcome::release) {
            codes.push_back(reason.code);
        }
    }
    return codes;
}

/// `ciq:2 terminal:1`
inline std::string needs_of(const OrderDesk& desk) {
    std::string needs;
    for (const auto& need : desk.needs()) {
        needs += (needs.empty() ? "" : " ") + need.authority.text() + ":" + std::to_string(need.from);
    }
    return needs;
}

/// An order desk over a real cache on a real worker; journal, uplink and lanes are the test's.
class OrderBench {
public:
    struct Settings {
        std::size_t changes_in_slice = 50;
        std::string file_system;
    };

    OrderBench() : OrderBench(Settings{}) {}
    explicit OrderBench(Settings settings) : settings_(std::move(settings)) { restart(); }
    ~OrderBench() {
        snapshots_.reset();
        documents_.reset();
        worker_.reset();
    }
    OrderBench(const OrderBench&) = delete;
    OrderBench& operator=(const OrderBench&) = delete;
    OrderBench(OrderBench&&) = delete;
    OrderBench& operator=(OrderBench&&) = delete;

    /// The process ends and begins anew on the same folder.
    void restart() {
        snapshots_.reset();
        documents_.reset();
        worker_.reset();
        desk_.reset();
        cache_.reset();
        guard_.reset();
        context_ = std::make_unique<boost::asio::io_context>(1);
        guard_.emplace(context_->get_executor());
        cache_ = store::testing::open_cache(directory_.path(), settings_.changes_in_slice, settings_.file_system);
        worker_ =
            std::make_unique<runtime::Worker>(runtime::Worker::Settings{"orders", 4, std::chrono::seconds{10}}, clock);
        snapshots_ = std::make_unique<runtime::Worker>(
            runtime::Worker::Settings{"snapshots", 8, std::chrono::seconds{60}}, clock);
        documents_ = std::make_unique<runtime::Worker>(
            runtime::Worker::Settings{"documents", 8, std::chrono::seconds{60}}, clock);
        desk_ = std::make_unique<OrderDesk>(
            OrderDesk::Surroundings{*context_, clock, log_, *worker_, nullptr, snapshots_.get(), documents_.get()},
            OrderDesk::Terms{"xmht",
                             "g07",
                             OrderTrust{trust::KeySet{{orders_key().public_key()}, 1}},
                             supervision::testing::default_policy(),
                             {directory_.path(), {}}},
            *cache_, ledger_, ports());
        submitted.clear();
        positions.clear();
        heard.clear();
        asked.clear();
        asked_snapshots.clear();
    }

    [[nodiscard]] OrderDesk& desk() { return *desk_; }
    [[nodiscard]] boost::asio::io_context& context() { return *context_; }
    [[nodiscard]] runtime::Worker& snapshot_worker() { return *snapshots_; }
    [[nodiscard]] const std::filesystem::path& directory() const { return directory_.path(); }
    [[nodiscard]] Chain chain(const std::string& authority) const { return Chain{authority}; }
    void take(std::string bytes) { desk_->take({std::move(bytes), "supervision"}); }

    void ask(const std::string& container) { ask(supervision::testing::leaving({container})); }
    void ask(const PassageFacts& facts) {
        lane::Decide question;
        question.facts = facts;
        desk_->decide(question, [this](lane::VerdictReady ready) { verdicts.push_back(std::move(ready.verdict)); });
    }
    Verdict decide(const std::string& container) { return decide(supervision::testing::leaving({container})); }
    Verdict decide(const PassageFacts& facts) {
        verdicts.clear();
        ask(facts);
        until([this] { return !verdicts.empty(); });
        return verdicts.front();
    }

    void until(const std::function<bool()>& condition) {
        for (int i = 0; !condition(); ++i) {
            REQUIRE(i < 100'000);
            REQUIRE(context_->run_one_for(std::chrono::seconds{60}) == 1);
        }
    }
    void until_applied(std::int64_t cursor) {
        until([this, cursor] { return !heard.empty() && heard.back() >= cursor; });
    }
    /// So many handlers run on the deciding thread.
    void turns(int count) {
        for (int i = 0; i < count; ++i) {
            REQUIRE(context_->run_one_for(std::chrono::seconds{60}) == 1);
        }
    }
    /// Whatever the worker has at hand is done, and so is what comes of it.
    void settle() {
        for (int round = 0; round < 6; ++round) {
            for (auto* worker : {snapshots_.get(), documents_.get(), worker_.get()}) {
                std::promise<void> done;
                REQUIRE(worker->post([&done] { done.set_value(); }));
                done.get_future().wait();
                context_->poll();
            }
        }
    }
    /// The worker stands still until the answer is called.
    std::function<void()> block_worker() { return block(*worker_); }
    std::function<void()> block_documents() { return block(*documents_); }
    static std::function<void()> block(runtime::Worker& worker) {
        auto gate = std::make_shared<std::promise<void>>();
        std::promise<void> begun;
        REQUIRE(worker.post([gate, &begun] {
            begun.set_value();
            gate->get_future().wait();
        }));
        begun.get_future().wait();
        return [gate] { gate->set_value(); };
    }

    /// The journal commits what waits for it.
    void answer_journal() {
        while (!uncommitted_.empty()) {
            const auto committed = std::move(uncommitted_.front());
            uncommitted_.pop_front();
            committed();
        }
    }
    [[nodiscard]] std::vector<Event> events(const std::string& type) const {
        std::vector<Event> found;
        for (const auto& event : submitted) {
            if (event.type == type) {
                found.push_back(event);
            }
        }
        return found;
    }

    portcullis::testing::ManualClock clock;
    bool journal_answers = true;
    std::vector<Event> submitted;
    std::vector<store::OrderPosition> positions;
    std::vector<std::int64_t> heard;  ///< cursors that lanes were told of
    std::vector<uplink::OrdersNeed> asked;
    std::vector<uplink::SnapshotNeed> asked_snapshots;
    std::vector<Verdict> verdicts;
    std::optional<std::vector<Usage>> usage{std::vector<Usage>{}};
    std::vector<Usage> taken;  ///< rows that the desk has written; they outlive a restart
    int transactions = 0;      ///< that wrote some
    std::optional<AgeLimits> order_limits;
    std::string fatal;
    /// By what passages are judged from the next restart on; empty: by the default policy.
    std::function<Ruling(const PassageId&, Now)> rule;
    /// What the journal remembers, for each question; nothing = it cannot be read.
    std::optional<HistoryFound> past{HistoryFound{}};
    std::vector<HistoryQuestion> remembered;

private:
    OrderDesk::Ports ports() {
        return {[this](Submission submission) { submit(std::move(submission)); },
                [this](const std::vector<UsageKey>& keys,
                       const std::function<void(std::optional<std::vector<Usage>>)>& done) { done(usage_of(keys)); },
                [this](std::int64_t cursor) { heard.push_back(cursor); },
                [this](const Authority& authority, std::int64_t from) {
                    asked.push_back({authority, from});
                },
                [] { return true; },
                [this](const std::string& why) { fatal = why; },
                {},
                rule,
                {},
                {},
                {},
                [this](HistoryQuestion question, const std::function<void(std::optional<HistoryFound>)>& done) {
                    remembered.push_back(std::move(question));
                    done(past);
                },
                [this](const uplink::SnapshotNeed& need) { asked_snapshots.push_back(need); },
                {},
                [this] { return order_limits; }};
    }
    [[nodiscard]] std::optional<std::vector<Usage>> usage_of(const std::vector<UsageKey>& keys) const {
        auto rows = usage;
        for (std::size_t i = 0; rows && i < taken.size(); ++i) {
            if (std::find(keys.begin(), keys.end(), taken[i].key) != keys.end()) {
                rows->push_back(taken[i]);
            }
        }
        return rows;
    }
    /// As the journal's table has it: once for each place of a passage.
    void write_place(const lane::UsageChange& change) {
        const Usage row{change.key, change.to, change.passage, change.place};
        if (std::find(taken.begin(), taken.end(), row) == taken.end()) {
            taken.push_back(row);
        }
    }
    void submit(Submission submission) {
        submitted.insert(submitted.end(), submission.events.begin(), submission.events.end());
        positions.insert(positions.end(), submission.order_positions.begin(), submission.order_positions.end());
        if (submission.committed) {
            uncommitted_.push_back([this, places = submission.usage, committed = std::move(submission.committed)] {
                transactions += places.empty() ? 0 : 1;
                std::for_each(places.begin(), places.end(), [&](const auto& change) { write_place(change); });
                committed();
            });
        }
        if (journal_answers) {
            answer_journal();
        }
    }

    Settings settings_;
    store::testing::TemporaryDirectory directory_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    lane::UsageLedger ledger_;
    std::deque<std::function<void()>> uncommitted_;
    std::unique_ptr<boost::asio::io_context> context_;
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guard_;
    std::unique_ptr<store::OrderCache> cache_;
    std::unique_ptr<runtime::Worker> worker_;
    std::unique_ptr<runtime::Worker> snapshots_;
    std::unique_ptr<runtime::Worker> documents_;
    std::unique_ptr<OrderDesk> desk_;
};

}  // namespace portcullis::gate::testing
