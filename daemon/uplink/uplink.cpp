#include "uplink/uplink.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace portcullis::uplink {
namespace {

using namespace std::chrono_literals;

/// A connection that held this long was a good one: the next pause is a short one again.
constexpr auto held = 30s;
/// Birth and requests that may wait; a broker that takes none of them will not take more.
constexpr std::size_t controls_most = 64;
/// Of one cause on one connection.
constexpr std::uint64_t refusals_told_every = 10'000;

std::string server_of(const UplinkSettings& settings) {
    auto address = broker_address(settings.broker);
    if (!address) {
        throw std::invalid_argument("uplink " + settings.name + ": " + address.error());
    }
    return std::move(address).value();
}

/// `portcullis/xmht/g07` as client of destination `supervision`: `portcullis-xmht-g07-supervision`.
std::string client_id_of(const UplinkSettings& settings) {
    auto id = settings.prefix + "/" + settings.name;
    std::replace(id.begin(), id.end(), '/', '-');
    return id;
}

}  // namespace

Result<std::string, std::string> broker_address(std::string_view broker) {
    constexpr std::string_view plain = "mqtt://";
    if (broker.starts_with("mqtts://")) {
        return Failure{std::string{"mqtts:// is not supported by this version: use mqtt:// on a trusted network"}};
    }
    if (!broker.starts_with(plain) || broker.size() == plain.size()) {
        return Failure{"\"" + std::string{broker} + "\" is no broker: write mqtt://host or mqtt://host:port"};
    }
    const auto host = broker.substr(plain.size());
    if (host.find_first_of("/?#@ ") != std::string_view::npos) {
        return Failure{"\"" + std::string{broker} + "\" has more than host and port: write mqtt://host:port"};
    }
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string_view::npos && !host.ends_with(']');
    return "tcp://" + std::string{host} + (has_port ? "" : ":1883");
}

Uplink::Uplink(const UplinkRuntime& runtime, UplinkSettings settings, UplinkStart start, UplinkPorts ports)
    : settings_(std::move(settings)),
      start_(std::move(start)),
      ports_(std::move(ports)),
      clock_(runtime.clock),
      log_(runtime.log),
      alarm_(runtime.context, runtime.clock, [this] { wake(); }),
      delivery_(start_.stream, start_.acknowledged, start_.last, settings_.delivery),
      link_watch_(clock_.now().instant),
      backoff_(settings_.reconnect_first, settings_.reconnect_most, ports_.random),
      delivery_log_(start_.acknowledged),
      refusal_line_(log_, runtime::LogLevel::warning, "the broker of " + settings_.name + " refused a publication",
                    refusals_told_every),
      redact_line_(log_, runtime::LogLevel::error, "an event for " + settings_.name + " cannot be redacted; it waits",
                   refusals_told_every),
      self_(std::make_shared<Uplink*>(this)),
      session_({.server = server_of(settings_),
                .client_id = client_id_of(settings_),
                .user = settings_.user,
                .password = settings_.password,
                .subscriptions = {topic("ack"), topic("replay"), topic("order"), topic("command")},
                .keep_alive = settings_.keep_alive,
                .largest_inbound = settings_.largest_document},
               handlers(), runtime.context, runtime.worker) {}

Uplink::~Uplink() = default;

MqttSession::Handlers Uplink::handlers() {
    return {.connected = [this](auto connection, auto most) { on_connected(connection, most); },
            .lost = [this](auto connection, const auto& cause) { on_lost(connection, cause); },
            .settled = [this](auto connection, auto what, const auto& cause) { on_settled(connection, what, cause); },
            .arrived = [this](auto message) { on_arrived(std::move(message)); },
            .closed =
                [this] {
                    if (phase_ == Phase::stopping) {
                        finish_stop();
                    }
                }};
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
    session_.connect(connection_, offline_message());
}

void Uplink::on_connected(std::int64_t connection, std::int64_t receive_maximum) {
    if (phase_ != Phase::connecting || connection != connection_) {
        return;
    }
    const auto now = clock_.now();
    phase_ = Phase::online;
    online_since_ = now.instant;
    link_watch_.up(now.instant);
    delivery_.connected(connection, receive_maximum);
    controls_.clear();
    controls_in_flight_ = 0;
    states_in_flight_ = 0;
    read_again_.reset();
    refusal_line_.over();
    states_.all_again();
    delivery_log_.connected();
    head_waits_ = !head_.empty();
    controls_.push_back(birth(now.wall));
    order_requests_.connected();
    for (const auto& need : ports_.orders_needed()) {
        order_requests_.need(need);
    }
    ask_for_orders(now.instant);
    log_.notice("uplink connected", {{"destination", settings_.name},
                                     {"broker", settings_.broker},
                                     {"connection", connection},
                                     {"receive_maximum", receive_maximum},
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
    if (phase_ == Phase::online && now >= online_since_ + held) {
        backoff_.reset();
    }
    const auto pause = backoff_.next();
    phase_ = Phase::waiting;
    phase_until_ = now + pause;
    link_watch_.down(cause, now);
    delivery_.disconnected();
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
    }
    if (!cause.empty()) {
        ++broker_refused_;
        refusal_ = cause;
        refusal_line_.failed(cause);
    } else if (what == Publishing::event) {
        ++broker_took_;
    }
    if (phase_ == Phase::stopping && what == Publishing::control && controls_in_flight_ == 0) {
        session_.disconnect();  // the broker has our goodbye
    }
    pump();
    leave_when_sent();
    rearm();
}

void Uplink::request_orders(const OrdersNeed& need) {
    order_requests_.need(need);
    ask_for_orders(clock_.now().instant);
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
        on_lost(connection_, "no answer from " + settings_.broker);
    } else if (phase_ == Phase::waiting && now >= phase_until_) {
        begin_attempt(now);
    }
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
    } else {
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
            .connection = connection_,
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
    return {start_.stream, start_.boot, connection_};
}

MqttMessage Uplink::offline_message() const {
    return {topic("status"), write_offline(identity()), 1, true, {}};
}

std::string Uplink::topic(std::string_view name) const {
    return settings_.prefix + "/" + std::string{name};
}

}  // namespace portcullis::uplink
