#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/fault/link/consumer_end.hpp"
#include "tests/fault/link/cutting_proxy.hpp"
#include "tests/fault/link/gate_end.hpp"
#include "tests/fault/link/puback_truster.hpp"
#include "tests/fault/link/stream_count.hpp"

namespace portcullis::fault {

/// Between gate and broker, or between broker and consumer.
enum class Leg : std::uint8_t { gate, consumer };

struct CutPoint {
    Leg leg = Leg::gate;
    CutPlan plan;
    [[nodiscard]] std::string text() const;
};

/// What became of the events of one lane.
struct LaneCount {
    std::int64_t written = 0;
    std::int64_t lost = 0;        ///< written, and not at the consumer
    std::int64_t duplicated = 0;  ///< stored twice
    std::int64_t wrong = 0;       ///< stored out of order, or with other bytes
    std::int64_t delivered_twice = 0;
    std::string first_error;
};

/// A gate, a broker's link and a consumer, each link through a proxy that cuts it. Every cut point is a connection of
/// its own over the same stream: events are written while it is made, it is cut, and the stream must be whole at the
/// consumer, and known to be so at the gate.
class CutLane {
public:
    struct Plan {
        std::filesystem::path folder{};
        std::string name{};
        std::uint16_t broker_port = 0;
        /// A negative control: what the broker took is called delivered.
        bool trusts_puback = false;
        /// Another: the consumer stores again what it has.
        bool keeps_all = false;
    };
    CutLane(boost::asio::io_context& context, const runtime::Clock& clock, const central::EventSchemas& schemas,
            const Plan& plan);

    /// Only when `idle`.
    void begin(const CutPoint& point);
    /// Moves on what waits; to be called every millisecond.
    void tick();
    [[nodiscard]] bool idle() const { return !point_; }
    /// Gives up the point at hand and waits for a whole stream again.
    [[nodiscard]] bool over_time() const;
    void give_up();

    /// Everything that was written is at the consumer, and the gate knows it.
    [[nodiscard]] bool whole() const;
    [[nodiscard]] const CutPoint& point() const { return *point_; }
    [[nodiscard]] std::chrono::milliseconds longest() const { return longest_; }
    /// Cuts that were carried out.
    [[nodiscard]] std::size_t cuts() const { return gate_proxy_.cuts() + consumer_proxy_.cuts(); }
    [[nodiscard]] CuttingProxy& proxy(Leg leg) { return leg == Leg::gate ? gate_proxy_ : consumer_proxy_; }
    [[nodiscard]] GateEnd& gate() { return gate_; }
    [[nodiscard]] LaneCount count() const;
    [[nodiscard]] std::string situation() const;

private:
    const runtime::Clock& clock_;
    Plan plan_;
    CuttingProxy gate_proxy_;
    CuttingProxy consumer_proxy_;
    GateEnd gate_;
    StreamCount count_;
    ConsumerEnd consumer_;
    std::optional<PubackTruster> truster_;
    std::optional<CutPoint> point_;
    Instant began_;
    std::optional<Instant> whole_since_;
    std::chrono::milliseconds longest_{0};
};

}  // namespace portcullis::fault
