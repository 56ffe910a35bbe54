#include "tests/fault/link/gate_end.hpp"

#include <random>
#include <stdexcept>
#include <utility>

#include "codec/event_schemas.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

using namespace std::chrono_literals;

/// More than any test's process makes.
constexpr std::int64_t connections_a_start = 100'000'000;

IdSource random_ids() {
    return [engine = std::mt19937_64{std::random_device{}()}]() mutable {
        std::array<std::uint8_t, 16> id{};
        for (auto& byte : id) {
            byte = static_cast<std::uint8_t>(engine());
        }
        return id;
    };
}

std::unique_ptr<store::Journal> open_journal(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    store::JournalSettings settings;
    settings.directory = folder;
    auto journal = store::Journal::open(settings, random_ids());
    if (!journal) {
        throw std::runtime_error{journal.error().message};
    }
    return std::move(journal).value();
}

gate::StreamPosition position_of(const store::Journal& journal) {
    return {"/portcullis/fault/g1", journal.start().stream, BootId{random_ids()()}, journal.last().sequence,
            journal.last().hash};
}

}  // namespace

GateEnd::GateEnd(boost::asio::io_context& context, const runtime::Clock& clock, Plan plan)
    : context_(context),
      clock_(clock),
      journal_(open_journal(plan.folder)),
      log_(runtime::Log::Form::plain, runtime::LogLevel::error),
      catalogue_(codec::embedded_event_schemas()),
      event_writer_(catalogue_, trust::hmac_sha256),
      writer_(event_writer_, position_of(*journal_), random_ids()),
      events_("docs/events/examples", clock),
      journal_worker_({"journal", 1024, 10s}, clock),
      mqtt_worker_({"mqtt", 4096, 30s}, clock),
      access_({context, log_, journal_worker_}, *journal_, [this](const std::string& why) { fatal_ = why; }),
      first_(journal_->last().sequence + 1),
      durable_(journal_->last().sequence) {
    uplink::UplinkStart start{journal_->start().stream, writer_.position().boot, "0", 1, durable_, 0};
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
    store::JournalBatch batch;
    for (int i = 0; i < count; ++i) {
        batch.events.push_back(writer_.number(events_.next()));
        digests_.push_back(trust::sha256(batch.events.back().published));
    }
    const auto last = writer_.position().last;
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
    settings.broker = "mqtt://127.0.0.1:" + std::to_string(port);
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
