#include "tests/fault/link/gate_end.hpp"

#include <utility>

#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;

/// More than any test's process makes.
constexpr std::int64_t connections_a_start = 100'000'000;

}  // namespace

GateEnd::GateEnd(boost::asio::io_context& context, const runtime::Clock& clock, Plan plan)
    : context_(context),
      clock_(clock),
      journal_(open_journal(plan.folder)),
      log_(runtime::Log::Form::plain, runtime::LogLevel::error),
      source_(*journal_, clock),
      journal_worker_({"journal", 1024, 10s}, clock),
      mqtt_worker_({"mqtt", 4096, 30s}, clock),
      access_({context, clock, log_, journal_worker_}, *journal_, store::Ballast{plan.folder, 0}, source_.writer(),
              [this](const std::string& why) { fatal_ = why; }),
      first_(journal_->last().sequence + 1),
      durable_(journal_->last().sequence),
      keep_digests_(plan.keep_digests) {
    uplink::UplinkStart start{journal_->start().stream, source_.position().boot, {}, "0", 1, durable_, 0};
    for (const auto& cursor : journal_->start().acknowledged) {
        start.acknowledged = cursor.destination == plan.uplink.name ? cursor.sequence : start.acknowledged;
    }
    uplink_ = std::make_unique<uplink::Uplink>(uplink::UplinkRuntime{context, clock, mqtt_worker_, log_},
                                               std::move(plan.uplink), start, ports());
    uplink_->start();
}

GateEnd::~GateEnd() {
    *alive_ = false;
    mqtt_worker_.stop();
    journal_worker_.stop();
    uplink_.reset();
    context_.poll();  // what the workers left there refers to us
}

uplink::UplinkPorts GateEnd::ports() {
    uplink::UplinkPorts ports;
    ports.random = [] { return 0.5; };
    ports.sha256 = trust::sha256;
    ports.read_rows = [this](uplink::Sequence from, std::size_t most, uplink::UplinkPorts::Rows rows) {
        access_.read_rows(from, most, std::move(rows));
    };
    ports.acknowledged = [this](uplink::Sequence sequence) { access_.acknowledge("supervision", sequence); };
    ports.next_connection = [this] { return journal_->start().boot_counter * connections_a_start + ++connections_; };
    ports.orders_needed = [] { return std::vector<uplink::OrdersNeed>{}; };
    ports.document = [](const uplink::InboundDocument&) {};
    ports.link_changed = [](const uplink::LinkFact&) {};
    ports.refused = [](const uplink::InboundRefusal&) {};
    return ports;
}

void GateEnd::write(int count) {
    auto batch = source_.next(count);
    if (keep_digests_) {
        for (const auto& event : batch.events) {
            digests_.push_back(trust::sha256(event.published));
        }
    }
    const auto last = source_.position().last;
    access_.append(std::move(batch), [this, last, alive = alive_](store::StoreOutcome outcome) {
        if (!*alive) {
            return;
        }
        if (outcome != store::StoreOutcome::committed) {
            fatal_ = "the journal did not commit";
            return;
        }
        durable_ = last;
        uplink_->journal_grew(last);
        access_.checkpoint_if_due();
    });
}

std::string GateEnd::digest(std::int64_t sequence) const {
    return hex_text(digests_.at(static_cast<std::size_t>(sequence - first_)));
}

uplink::UplinkSettings hasty_uplink(std::uint16_t port, const std::string& prefix) {
    uplink::UplinkSettings settings;
    settings.name = "supervision";
    settings.brokers = {"mqtt://127.0.0.1:" + std::to_string(port)};
    settings.prefix = prefix;
    settings.delivery.standing = 100ms;
    settings.delivery.standing_most = 400ms;
    settings.delivery.replay_pause = 20ms;
    settings.reconnect_first = 2ms;
    settings.reconnect_most = 20ms;
    settings.attempt_most = 1500ms;
    settings.keep_alive = 1s;
    return settings;
}

}  // namespace portcullis::fault
