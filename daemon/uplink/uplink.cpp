#include "uplink/uplink.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

/// A connection that held this long was a good one: the next pause is a short one again.
constexpr auto held = 30s;
/// Birth and requests that may wait; a broker that takes none of them will not take more.
constexpr std::size_t controls_most = 64;
/// Of an attempt: the look-up of the broker's name, CONNACK, and the subscriptions.
constexpr int attempt_parts = 3;
/// Of one cause on one connection.
constexpr std::uint64_t refusals_told_every = 10'000;

std::vector<std::string> checked(const UplinkSettings& settings) {
    if (settings.brokers.empty()) {
        throw std::invalid_argument("uplink " + settings.name + ": no broker");
    }
    for (const auto& broker : settings.brokers) {
        if (const auto address = broker_address(broker); !address) {
            throw std::invalid_argument("uplink " + settings.name + ": " + address.error());
        }
    }
    return settings.brokers;
}

/// `portcullis/xmht/g07` as client of destination `supervision`: `portcullis-xmht-g07-supervision`.
std::string client_id_of(const UplinkSettings& settings) {
    auto id = settings.prefix + "/" + settings.name;
    std::replace(id.begin(), id.end(), '/', '-');
    return id;
}

/// Twice the window: what one turn of the deciding thread may look at …
constexpr Sequence rows_ahead = 200;
/// … and may redact, which takes some 50 microseconds a row.
constexpr Sequence redacted_rows_ahead = 20;

/// Paho gives an attempt up by itself well before we do: a client that is made to leave an attempt under way hangs in
/// every later one.
std::chrono::seconds connect_time_of(const UplinkSettings& settings) {
    return std::max(1s, std::chrono::duration_cast<std::chrono::seconds>(settings.attempt_most / attempt_parts));
}

}  // namespace

Uplink::Uplink(const UplinkRuntime& runtime, UplinkSettings settings, UplinkStart start, UplinkPorts ports)
    : settings_(std::move(settings)),
      start_(std::move(start)),
      ports_(std::move(ports)),
      clock_(runtime.clock),
      context_(runtime.context),
      worker_(runtime.worker),
      log_(runtime.log),
      alarm_(runtime.context, runtime.clock, [this] { wake(); }),
      brokers_(checked(settings_)),
      names_(runtime.context, clock_, runtime.ask_for_name),
      twins_(start_.process),
      certificates_(settings_.tls ? std::make_shared<CertificateWatch>(*settings_.tls) : nullptr),
      delivery_(start_.stream, start_.acknowledged, start_.last, settings_.delivery),
      link_watch_(clock_.now().instant),
      backoff_(settings_.reconnect_first, settings_.reconnect_most, ports_.random),
      rows_(settings_.redactions.empty() ? rows_ahead : redacted_rows_ahead),
      delivery_log_(start_.acknowledged),
      refusal_line_(log_, runtime::LogLevel::warning, "the broker of " + settings_.name + " refused a publication",
                    refusals_told_every),
      redact_line_(log_, runtime::LogLevel::error, "an event for " + settings_.name + " cannot be redacted; it waits",
                   refusals_told_every),
      self_(std::make_shared<Uplink*>(this)),
      session_({.tls = settings_.tls,
                .client_id = client_id_of(settings_),
                .user = settings_.user,
                .password = settings_.password,
                .subscriptions = {topic("ack"), topic("replay"), topic("order"), topic("order/snapshot/+/+/+"),
                                  topic("document/+"), topic("command")},
                .wish = topic("status"),
                .keep_alive = settings_.keep_alive,
                .connect_timeout = connect_time_of(settings_),
                .largest_inbound = settings_.largest_document},
               handlers(), runtime.context, runtime.worker) {}

Uplink::~Uplink() = default;

MqttSession::Handlers Uplink::handlers() {
    return {.connected = [this](auto connection, const auto& limits) { on_connected(connection, limits); },
            .lost = [this](auto connection, const auto& cause) { on_lost(connection, cause); },
            .taken_over = [this](auto connection) { on_taken_over(connection); },
            .settled = [this](auto connection, auto what, const auto& cause) { on_settled(connection, what, cause); },
            .arrived = [this](auto message) { on_arrived(std::move(message)); },
            .closed = [this] { on_closed(); }};
}

void Uplink::start() {
    take_cursor();
    begin_attempt(clock_.now().instant);
    rearm();
}

void Uplink::begin_attempt(Instant now) {
    connection_ = ports_.next_connection();
    phase_ = Phase::connecting;
    phase_until_ = now + settings_.attempt_most;
    // Paho looks the name up itself, with a lock over all its clients: only once the system has just had an answer.
    names_.find(runtime::host_of(brokers_.current()), settings_.attempt_most / attempt_parts,
                [this, connection = connection_](const std::string& problem) { on_name(connection, problem); });
}

void Uplink::on_name(std::int64_t connection, const std::string& problem) {
    if (phase_ != Phase::connecting || connection != connection_) {
        return;
    }
    if (!problem.empty()) {
        on_lost(connection, problem);
        return;
    }
    if (certificates_) {
        // Before the attempt reads them: what changes in between shows at the next look.
        std::ignore = worker_.post([watch = certificates_] { watch->taken(); });
        certificates_at_ = clock_.now().instant + settings_.certificate_look;
    }
    twins_.begin();
    session_.connect(connection, broker_address(brokers_.current()).value(), offline_message());
}

void Uplink::on_connected(std::int64_t connection, const BrokerLimits& limits) {
    if (phase_ != Phase::connecting || connection != connection_) {
        return;
    }
    const auto now = clock_.now();
    twins_.connected();
    if (!limits.wish_refused.empty() && !std::exchange(wish_told_, true)) {
        log_.warning(
            "the broker does not let the gate read its own status: a second box with its identity shows only "
            "where the broker tells of a take-over. Grant it to read the topic",
            {{"destination", settings_.name}, {"topic", topic("status")}, {"cause", limits.wish_refused}});
    }
    phase_ = Phase::online;
    online_since_ = now.instant;
    link_watch_.up(now.instant);
    limits_ = limits;
    withheld_.clear();
    delivery_.connected(connection, limits.receive_maximum);
    controls_.clear();
    end_piece(false);
    controls_in_flight_ = 0;
    states_in_flight_ = 0;
    read_again_.reset();
    refusal_line_.over();
    states_.all_again();
    delivery_log_.connected();
    head_waits_ = !head_.empty();
    controls_.push_back(birth(now.wall));
    order_requests_.connected();
    need_orders();
    ask_for_orders(now.instant);
    log_.notice("uplink connected", {{"destination", settings_.name},
                                     {"broker", brokers_.current()},
                                     {"connection", connection},
                                     {"receive_maximum", limits.receive_maximum},
                                     {"maximum_packet", limits.maximum_packet},
                                     {"from", delivery_.next()},
                                     {"last", delivery_.last()}});
    pump();
    rearm();
}

void Uplink::on_lost(std::int64_t connection, const std::string& cause) {
    if ((phase_ != Phase::connecting && phase_ != Phase::online) || connection != connection_) {
        return;
    }
    if (leave_by_) {
        session_.disconnect();
        finish_stop();
        return;
    }
    const auto now = clock_.now().instant;
    bool pauses = true;
    if (phase_ == Phase::online && now >= online_since_ + held) {
        backoff_.reset();
        brokers_.ended();
    } else {
        pauses = brokers_.failed();
    }
    const auto pause = pauses ? backoff_.next() : 0ms;
    phase_ = Phase::waiting;
    phase_until_ = now + pause;
    link_watch_.down(cause, now);
    delivery_.disconnected();
    end_piece(false);
    log_.warning("uplink down",
                 {{"destination", settings_.name}, {"cause", cause}, {"next_attempt_ms", pause.count()}});
    rearm();
}

void Uplink::on_settled(std::int64_t connection, Publishing what, const std::string& cause) {
    if ((phase_ != Phase::online && phase_ != Phase::stopping) || connection != connection_) {
        return;
    }
    switch (what) {
        case Publishing::event:
            delivery_.settled(connection);
            delivery_log_.settled(cause.empty(), clock_.now().wall);
            break;
        case Publishing::control:
            --controls_in_flight_;
            break;
        case Publishing::state:
            --states_in_flight_;
            break;
        case Publishing::picture:
            --controls_in_flight_;
            end_piece(cause.empty());
            break;
    }
    if (!cause.empty()) {
        ++broker_refused_;
        refusal_ = cause;
        refusal_line_.failed(cause);
    } else if (what == Publishing::event) {
        ++broker_took_;
    }
    const bool beside_events = what == Publishing::control || what == Publishing::picture;
    if (phase_ == Phase::stopping && beside_events && controls_in_flight_ == 0) {
        session_.disconnect();  // the broker has our goodbye
    }
    pump();
    leave_when_sent();
    rearm();
}

void Uplink::need_orders() {
    for (const auto& need : ports_.orders_needed()) {
        order_requests_.need(need);
    }
}

void Uplink::request_orders(const OrdersNeed& need) {
    order_requests_.need(need);
    ask_for_orders(clock_.now().instant);
    pump();
    rearm();
}

void Uplink::request_snapshot(const SnapshotNeed& need) {
    request(write_snapshot_request(need));
}

void Uplink::request_document(std::string_view kind) {
    request(write_document_request(kind));
}

/// What is not sent now is not sent: whoever asks does so again.
void Uplink::request(std::string payload) {
    if (phase_ != Phase::online || controls_.size() >= controls_most) {
        return;
    }
    controls_.push_back({topic("request"), std::move(payload), 1, false, {}});
    pump();
    rearm();
}

void Uplink::ask_for_orders(Instant now) {
    if (phase_ != Phase::online) {
        return;
    }
    for (const auto& need : order_requests_.due(now)) {
        if (controls_.size() < controls_most) {
            controls_.push_back({topic("request"), write_orders_request(need.authority, need.from), 1, false, {}});
        } else {
            order_requests_.need(need);  // later: it must not be forgotten
        }
    }
}

void Uplink::wake() {
    const auto now = clock_.now().instant;
    if (phase_ == Phase::stopping && now >= phase_until_) {
        session_.disconnect(Goodbye::by_will);
        finish_stop();
        return;
    }
    if (phase_ == Phase::connecting && now >= phase_until_) {
        session_.disconnect();
        on_lost(connection_, "no answer from " + brokers_.current());
    } else if ((phase_ == Phase::waiting || phase_ == Phase::renewing) && now >= phase_until_) {
        begin_attempt(now);
    }
    look_at_certificates(now);
    if (const auto fact = link_watch_.due(now)) {
        ports_.link_changed({fact->state, fact->cause, delivery_.backlog(), delivery_.passed() + 1, connection_});
    }
    for (const auto& refusal : refusal_log_.due(now)) {
        ports_.refused(refusal);
    }
    if (read_again_ && now >= *read_again_) {
        read_again_.reset();
    }
    if (delivery_.wake(now) != Repeat::none) {
        ++repeats_;
        log_.notice("uplink sends again", {{"destination", settings_.name}, {"from", delivery_.next()}});
    }
    ask_for_orders(now);
    pump();
    leave_when_sent();
    rearm();
}

std::optional<Instant> Uplink::deadline() const {
    auto first = link_watch_.deadline();
    const auto take = [&first](std::optional<Instant> other) {
        if (other) {
            first = first ? std::min(*first, *other) : other;
        }
    };
    take(refusal_log_.deadline());
    take(read_again_);
    if (phase_ == Phase::online) {
        take(delivery_.deadline());
        take(order_requests_.deadline());
        take(leave_by_);
        take(certificates_at_);
    } else if (phase_ != Phase::taken_over) {
        take(phase_until_);
    }
    return first;
}

void Uplink::rearm() {
    if (phase_ != Phase::stopped) {
        alarm_.set(deadline());
    }
}

UplinkView Uplink::view() const {
    return {.online = phase_ == Phase::online,
            .taken_over = phase_ == Phase::taken_over,
            .connection = connection_,
            .broker = brokers_.current(),
            .cause = link_watch_.cause(),
            .last = delivery_.last(),
            .sent = delivery_.highest_sent(),
            .took = delivery_log_.took_to(),
            .acknowledged = delivery_.acknowledged(),
            .waiting_from = delivery_.passed() + 1,
            .backlog = delivery_.backlog(),
            .in_flight = delivery_.in_flight(),
            .unacknowledged = delivery_.unacknowledged(),
            .window_full = delivery_.window_full(),
            .stored_a_minute = delivery_log_.stored_a_minute(clock_.now().instant),
            .broker_took = broker_took_,
            .broker_refused = broker_refused_,
            .refusal = refusal_,
            .inbound_refused = refusal_log_.total(),
            .repeats = repeats_,
            .lost = lost_,
            .withheld = withheld_};
}

SessionIdentity Uplink::identity() const {
    return {start_.stream, start_.boot, start_.process, connection_};
}

MqttMessage Uplink::offline_message() const {
    return {topic("status"), write_offline(identity()), 1, true, {}};
}

std::string Uplink::topic(std::string_view name) const {
    return settings_.prefix + "/" + std::string{name};
}

}  // namespace portcullis::uplink
