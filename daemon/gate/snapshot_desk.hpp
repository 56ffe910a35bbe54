#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/order_chain.hpp"
#include "codec/plain_order.hpp"
#include "core/order.hpp"
#include "gate/document_gate.hpp"
#include "runtime/clock.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/order_fill.hpp"
#include "store/quarantine.hpp"
#include "uplink/order_requests.hpp"

namespace portcullis::gate {

/// A piece of a snapshot as it came: the signed head is piece 0, its chunks begin at 1.
struct InboundChunk {
    Authority authority;
    std::int64_t number = 0;
    std::int64_t chunk = 0;
    std::string bytes;
};

/// A snapshot that does not come from central, but from a file.
struct SnapshotFile {
    /// Gives a chunk to `take_chunk`, later; where its bytes are behind those of the first one.
    std::function<void(const uplink::SnapshotNeed&, std::int64_t offset, std::int64_t bytes)> give;
    /// It is in place, or why not.
    std::function<void(const std::optional<std::string>& problem)> done;
};

/// Takes snapshots of orders: one at a time, its chunks asked for one after the other and filled into a fresh file by a
/// worker of its own, while lanes decide by the old one. At most two chunks wait here.
class SnapshotDesk {
public:
    struct Ports {
        std::function<void(const uplink::SnapshotNeed&)> request;
        std::function<void(const DocumentRefused&, const std::string& channel)> refused;
        /// Whole and durable: to be put in the place of its authority's orders.
        std::function<void(std::unique_ptr<store::OrderFill>, const std::string& channel)> filled;
        /// The first number that a snapshot may have.
        std::function<std::int64_t(const Authority&)> least_number;
        /// Whether orders of this authority may be held at all.
        std::function<bool(const Authority&)> has_room;
        /// Places of its orders that were used are to be durable before any of them can act; then the next chunk.
        std::function<void(const Authority&, const std::vector<UsedOrder>&, std::function<void()> then)> used;
        std::function<void(const std::string& why)> fatal;
    };
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        runtime::Worker& worker;  ///< of snapshots, and of nothing else
        store::Quarantine* quarantine = nullptr;
        runtime::Worker* documents =
            nullptr;  ///< reads heads, as all that is held back by the quarantine; none: `worker`
    };
    struct Terms {
        std::string terminal;
        std::string gate;
        store::OrderFillSettings fill;
    };

    SnapshotDesk(Surroundings surroundings, Terms terms, Ports ports);

    void set_trust(OrderTrust trust) { trust_ = std::move(trust); }
    /// The signed head: begins a snapshot, unless another one is under way.
    void take_head(std::string bytes, const std::string& channel, SnapshotFile file = {});
    void take_chunk(InboundChunk chunk);
    void tick(Now now);
    /// The fill that was given was put in place, or why not: another one may begin.
    void settled(const std::optional<std::string>& problem);

    [[nodiscard]] bool busy() const { return opening_ || running_.has_value(); }
    /// For people: `ciq 1042: 3 of 750 chunks`, or empty.
    [[nodiscard]] std::string progress() const;

private:
    /// What only the worker touches while it works.
    struct Filling {
        std::unique_ptr<store::OrderFill> fill;
        codec::PlainOrderReader reader;
    };
    struct Running {
        OrderSnapshot head;
        std::string channel;
        SnapshotFile file;
        std::shared_ptr<Filling> filling = std::make_shared<Filling>();
        std::size_t next = 0;                          ///< chunk to be filled, counted from 0
        std::size_t asked = 0;                         ///< chunks before this one were asked for
        std::map<std::size_t, std::string> waiting{};  ///< came, and not filled yet
        bool at_work = false;
        Instant asked_at{};
        Instant progressed_at{};
    };
    static constexpr std::size_t most_waiting = 2;
    static constexpr std::chrono::seconds ask_again{30};
    static constexpr std::chrono::minutes give_up_after{10};

    void opened(Result<OrderSnapshot, DocumentRefused> result, const std::string& channel, SnapshotFile file);
    void begin(OrderSnapshot head, const std::string& channel, SnapshotFile file);
    void work();
    void ask();
    /// What became of a chunk.
    struct ChunkResult {
        std::optional<codec::Refusal> refusal;
        bool damaged = false;
        std::optional<store::StoreFailure> failure;
        std::vector<UsedOrder> used;
    };
    [[nodiscard]] static ChunkResult fill(std::string_view bytes, const Authority& authority,
                                          const OrderSnapshot::Chunk& expected, Filling& filling);
    void chunk_done(std::size_t index, const ChunkResult& result);
    void chunk_taken(std::size_t index);
    void finish();
    void finished(const Result<store::OrderFill::Finished, store::StoreFailure>& result);
    void refuse(const codec::Refusal& refusal);
    void drop(const std::string& why);
    void failed(const store::StoreFailure& failure);
    void post(std::function<void()> work);

    Surroundings surroundings_;
    Terms terms_;
    Ports ports_;
    OrderTrust trust_;
    std::optional<Running> running_;
    bool opening_ = false;
};

}  // namespace portcullis::gate
