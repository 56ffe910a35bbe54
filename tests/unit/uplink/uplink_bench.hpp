#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/hash256.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/mosquitto.hpp"
#include "tests/support/mqtt_probe.hpp"
#include "trust/hash.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::uplink {

inline const std::string prefix = "portcullis/xmht/g07";

/// An uplink with a journal in memory, on a context that the test turns. What it reports is kept.
class UplinkBench {
public:
    explicit UplinkBench(std::string broker, DeliveryLimits limits = {}) {
        settings_.name = "supervision";
        settings_.brokers = {std::move(broker)};
        settings_.prefix = prefix;
        settings_.delivery = limits;
        settings_.largest_document = 64 * 1024;
        settings_.reconnect_first = std::chrono::milliseconds{20};
        settings_.reconnect_most = std::chrono::milliseconds{200};
        start_.stream = stream;
        start_.process = *ProcessId::parse("000000000000000000000000000000aa");
        start_.version = "0.1.0";
    }
    ~UplinkBench() { destroy(); }
    UplinkBench(const UplinkBench&) = delete;
    UplinkBench& operator=(const UplinkBench&) = delete;
    UplinkBench(UplinkBench&&) = delete;
    UplinkBench& operator=(UplinkBench&&) = delete;

    void make() {
        start_.last = static_cast<Sequence>(journal.size());
        start_.acknowledged = acknowledged.value_or(0);
        start_.passed = passed.value_or(0);
        start_.first = first;
        uplink_ = std::make_unique<Uplink>(
            UplinkRuntime{context_, clock_, worker_, runtime::Log{runtime::Log::Form::plain, runtime::LogLevel::error},
                          ask_for_name},
            settings_, start_, ports());
        uplink_->start();
    }
    /// As at the daemon's end: no further call into Paho, and the client goes down on the owner.
    void stop_worker() { worker_.stop(); }
    void destroy() {
        uplink_.reset();
        context_.poll();
    }

    /// Commits `count` more events.
    void write(int count) {
        for (int i = 0; i < count; ++i) {
            journal.push_back(event_text(static_cast<Sequence>(journal.size()) + 1));
        }
        if (uplink_) {
            uplink_->journal_grew(static_cast<Sequence>(journal.size()));
        }
    }

    /// Turns the context until `condition` holds; false when it does not within a minute.
    template <class Condition>
    [[nodiscard]] bool until(Condition condition) {
        const auto patience = clock_.now().instant + std::chrono::seconds{60};
        while (!condition()) {
            if (clock_.now().instant > patience) {
                return false;
            }
            context_.restart();
            context_.run_one_for(std::chrono::milliseconds{10});
        }
        return true;
    }
    /// Turns the context for so long.
    void pass(std::chrono::milliseconds time) {
        const auto end = clock_.now().instant + time;
        REQUIRE(until([&] { return clock_.now().instant >= end; }));
    }
    [[nodiscard]] bool until_online() {
        return until([this] { return uplink_->view().online; });
    }
    [[nodiscard]] bool refused_for(InboundCause cause) const {
        return std::any_of(refusals.begin(), refusals.end(), [&](const auto& row) { return row.cause == cause; });
    }

    [[nodiscard]] static std::string event_text(Sequence sequence) {
        return R"({"event":)" + std::to_string(sequence) + "}";
    }
    [[nodiscard]] std::string ack_text(Sequence sequence) const {
        return ack_text(sequence, hex_text(trust::sha256(journal.at(static_cast<std::size_t>(sequence - 1)))));
    }
    [[nodiscard]] static std::string ack_text(Sequence sequence, const std::string& sha256) {
        return R"({"stream":")" + stream.text() + R"(","sequence":)" + std::to_string(sequence) + R"(,"sha256":")" +
               sha256 + R"("})";
    }

    static inline const StreamId stream = *StreamId::parse("000102030405060708090a0b0c0d0e0f");
    std::vector<std::string> journal;
    std::optional<Sequence> acknowledged;
    std::vector<OrdersNeed> orders_needed;
    std::vector<InboundDocument> documents;
    std::vector<InboundRefusal> refusals;
    std::int64_t connections = 0;
    bool journal_fails = false;  ///< to be read
    std::int64_t failed_reads = 0;
    Sequence first = 1;           ///< what retention has left
    std::vector<Sequence> skips;  ///< events of type `lane.light`; all others are `passage.ended`
    std::optional<Sequence> passed;
    std::vector<LostEvents> lost;
    bool redaction_fails = false;
    runtime::NameLookup::Ask ask_for_name = runtime::ask_system_for;
    std::int64_t reads = 0;

    [[nodiscard]] Uplink& uplink() { return *uplink_; }
    [[nodiscard]] boost::asio::io_context& context() { return context_; }
    [[nodiscard]] UplinkSettings& settings() { return settings_; }
    [[nodiscard]] UplinkStart& start() { return start_; }
    [[nodiscard]] bool worker_idle() const { return !worker_.progress().busy_since && worker_.progress().waiting == 0; }
    [[nodiscard]] bool worker_hangs() const { return worker_.progress().hung(clock_.now().instant); }

private:
    UplinkPorts ports() {
        return {.random = [] { return 0.5; },
                .sha256 = [](std::string_view bytes) { return trust::sha256(bytes); },
                .read_rows =
                    [this](Sequence from, std::size_t most, UplinkPorts::Rows rows) {
                        boost::asio::post(context_, [this, from, most, rows = std::move(rows)] {
                            std::vector<StoredEvent> found;
                            ++reads;
                            if (journal_fails) {
                                ++failed_reads;
                                return rows({});
                            }
                            for (auto i = static_cast<std::size_t>(from - 1); i < journal.size() && found.size() < most;
                                 ++i) {
                                const auto sequence = static_cast<Sequence>(i + 1);
                                if (sequence < first) {
                                    continue;
                                }
                                const bool unwanted = std::find(skips.begin(), skips.end(), sequence) != skips.end();
                                found.push_back(
                                    {sequence, journal[i], unwanted ? "lane.light" : "passage.ended", "lane/out-1"});
                            }
                            rows(std::move(found));
                        });
                    },
                .acknowledged = [this](Sequence sequence) { acknowledged = sequence; },
                .passed = [this](Sequence sequence) { passed = sequence; },
                .lost = [this](const LostEvents& events) { lost.push_back(events); },
                .redact = [this](std::string_view bytes) -> Result<std::string, std::string> {
                    if (redaction_fails) {
                        return Failure{std::string{"damaged"}};
                    }
                    return "redacted " + std::string{bytes};
                },
                .next_connection = [this] { return ++connections; },
                .orders_needed = [this] { return orders_needed; },
                .document = [this](InboundDocument document) { documents.push_back(std::move(document)); },
                .link_changed = [](const LinkFact&) {},
                .refused = [this](const InboundRefusal& refusal) { refusals.push_back(refusal); }};
    }

    runtime::SystemClock clock_;
    boost::asio::io_context context_;
    runtime::Worker worker_{{.name = "mqtt", .capacity = worker_capacity}, clock_};
    UplinkSettings settings_;
    UplinkStart start_;
    std::unique_ptr<Uplink> uplink_;
};

}  // namespace portcullis::uplink
