#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/orders.hpp"
#include "core/hash256.hpp"
#include "core/redaction.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "runtime/alarm.hpp"
#include "runtime/clock.hpp"
#include "runtime/fault_line.hpp"
#include "runtime/log.hpp"
#include "runtime/name_lookup.hpp"
#include "runtime/worker.hpp"
#include "uplink/backoff.hpp"
#include "uplink/broker_list.hpp"
#include "uplink/certificate_watch.hpp"
#include "uplink/delivery.hpp"
#include "uplink/delivery_log.hpp"
#include "uplink/event_filter.hpp"
#include "uplink/link_watch.hpp"
#include "uplink/messages.hpp"
#include "uplink/mqtt_session.hpp"
#include "uplink/order_requests.hpp"
#include "uplink/refusal_log.hpp"
#include "uplink/rows_ahead.hpp"
#include "uplink/state_board.hpp"
#include "uplink/twin_watch.hpp"

namespace portcullis::uplink {

/// One destination as the settings name it.
struct UplinkSettings {
    std::string name;                  ///< `supervision`
    std::vector<std::string> brokers;  ///< `mqtt://host[:port]` or `mqtts://host[:port]`, the preferred one first
    std::optional<TlsFiles> tls;       ///< of `mqtts://`
    std::string prefix;                ///< `portcullis/xmht/g07`
    bool required = true;
    std::string user;  ///< empty: none
    std::string password;
    EventFilter filter;                 ///< empty for a required destination
    std::vector<Redaction> redactions;  ///< as well
    DeliveryLimits delivery;
    std::size_t largest_document = codec::most_envelope_bytes;  ///< beyond twice that the broker sends nothing
    std::chrono::milliseconds reconnect_first{1000};
    std::chrono::milliseconds reconnect_most{60'000};
    /// An attempt that has no outcome by then is given up: CONNACK, and a SUBACK for each subscription.
    std::chrono::milliseconds attempt_most{30'000};
    std::chrono::milliseconds certificate_look{60'000};  ///< between looks whether its files were renewed
    std::chrono::seconds keep_alive{20};  ///< a silent connection is given up after two to three times as long
};

/// Paho's address of `broker`, or what is wrong with it and what to do.
[[nodiscard]] Result<std::string, std::string> broker_address(std::string_view broker);

/// What the journal holds when the uplink is made.
struct UplinkStart {
    StreamId stream;
    BootId boot;
    ProcessId process;  ///< another at each start
    std::string version;
    Sequence first = 1;
    Sequence last = 0;
    Sequence acknowledged = 0;
    Sequence passed = 0;  ///< what `UplinkPorts::passed` told last
};

/// An order batch, a piece of a snapshot or a document as it came, within the size limit and UTF-8; nothing else is
/// checked yet.
struct InboundDocument {
    std::string kind;  ///< `orders`, `snapshot`, or the last part of the topic `document/…`
    std::string bytes;
    bool retained = false;
    SnapshotNeed piece = {};  ///< of a snapshot, as the topic says
};

/// For an event `link.state`; the gate adds the age of its oldest unacknowledged event.
struct LinkFact {
    LinkState state = LinkState::down;
    std::string cause;
    Sequence backlog = 0;
    Sequence waiting_from = 1;  ///< the first event of the backlog
    std::int64_t connection = 0;
};

/// Events that retention removed before this destination had passed them.
struct LostEvents {
    SequenceRange gone;
    Sequence acknowledged = 0;
};

/// Everything that the uplink needs of the rest. All are called on the owner's context and none may throw.
struct UplinkPorts {
    /// A random number in [0, 1), for the pauses between attempts.
    std::function<double()> random;
    /// SHA-256 of an event's bytes.
    std::function<Hash256(std::string_view)> sha256;
    using Rows = std::function<void(std::vector<StoredEvent>)>;
    /// Rows of the journal in order, from a sequence on; answered on the owner's context. None = they could not be
    /// read.
    std::function<void(Sequence from, std::size_t most, Rows rows)> read_rows;
    /// The destination's consumer has stored everything up to here: to be kept durably.
    std::function<void(Sequence)> acknowledged;
    /// The filter has left out everything behind what is acknowledged, up to here: worth keeping, no loss if it is not.
    std::function<void(Sequence)> passed;
    std::function<void(const LostEvents&)> lost;
    /// The event's bytes as this destination may see them, or why there are none. Needed where there are redactions.
    std::function<Result<std::string, std::string>(std::string_view)> redact;
    /// A number above that of every connection before it within this stream, also of earlier processes.
    std::function<std::int64_t()> next_connection;
    /// For each authority that the policy names, the first batch that is not here.
    std::function<std::vector<OrdersNeed>()> orders_needed;
    std::function<void(InboundDocument)> document;
    std::function<void(const LinkFact&)> link_changed;
    std::function<void(const InboundRefusal&)> refused;
};

/// Where an uplink runs. All outlive it; `worker` takes `worker_capacity` for each uplink.
struct UplinkRuntime {
    boost::asio::io_context& context;
    const runtime::Clock& clock;
    runtime::Worker& worker;
    runtime::Log log;
    runtime::NameLookup::Ask ask_for_name = runtime::ask_system_for;
};

/// For `portcullis status` and health: sent, taken by the broker and stored by central are three things. Each as the
/// newest event of which it is true.
struct UplinkView {
    bool online = false;
    bool taken_over = false;  ///< waits for `resume`
    std::int64_t connection = 0;
    std::string broker;  ///< that it is connected to, or tries
    std::string cause;   ///< why it is not online, or `connected`
    Sequence last = 0;
    Sequence sent = 0;
    Sequence took = 0;
    Sequence acknowledged = 0;
    Sequence waiting_from = 1;  ///< the first event of the backlog
    Sequence backlog = 0;       ///< behind a filter the count of what it has not looked at is an upper bound
    Sequence in_flight = 0;
    Sequence unacknowledged = 0;  ///< deliveries
    bool window_full = false;     ///< nothing more goes out before the consumer acknowledges
    std::int64_t stored_a_minute = 0;
    std::int64_t broker_took = 0;  ///< publications since start
    std::int64_t broker_refused = 0;
    std::string refusal;  ///< why the broker refused the last one; empty: it refused none
    std::int64_t inbound_refused = 0;
    std::int64_t repeats = 0;  ///< times that publishing went back
    std::int64_t lost = 0;     ///< events that retention removed before the consumer acknowledged them, since start
    std::string withheld;      ///< why the next event does not go out although the link is up; empty: it does
};

/// Where one event stands on its way to one destination: not sent since the start, sent and not acknowledged,
/// acknowledged, or passed over: left out by the filter, or gone.
enum class DeliveryPlace : std::uint8_t { waits, sent, stored, passed };

struct DeliveryWay {
    SendingsKnown known;
    DeliveryPlace place = DeliveryPlace::waits;
    std::string why;  ///< of `waits`
};

/// The way to one destination (design.md 7). Lives on one Asio context; calls into Paho go to the worker.
class Uplink {
public:
    /// Throws std::invalid_argument when the broker's address is none.
    Uplink(const UplinkRuntime& runtime, UplinkSettings settings, UplinkStart start, UplinkPorts ports);
    ~Uplink();
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;
    Uplink(Uplink&&) = delete;
    Uplink& operator=(Uplink&&) = delete;

    void start();
    /// Events up to `last` are committed.
    void journal_grew(Sequence last);
    /// The journal begins at `first` now.
    void journal_cut(Sequence first);
    /// Old rows have other bytes now: their personal values were erased.
    void journal_erased() { rows_.clear(); }
    /// The newest signed head, a DSSE envelope. Only the newest is published, and again after each connect.
    void publish_head(std::string dsse);
    /// A gap in an authority's batches, or a start without any.
    void request_orders(const OrdersNeed& need);
    /// Now or never: whoever needs it asks again.
    void request_snapshot(const SnapshotNeed& need);
    /// Asks for a document that is missing; not now when there is no connection.
    void request_document(std::string_view kind);
    /// The newest value of `state/{topic}`.
    void publish_state(const std::string& topic, std::string payload);
    /// Hands one piece of a picture to the broker, as `evidence/{name}`, where nothing else waits: no event, no
    /// control, no piece before it. False = not now. `done` hears whether the broker took it.
    [[nodiscard]] bool publish_piece(const std::string& name, std::string payload,
                                     std::vector<std::pair<std::string, std::string>> properties,
                                     std::function<void(bool taken)> done);
    /// An operator's word that the other client with our identity is gone: connects again. False when nothing had
    /// taken the session over.
    bool resume();
    /// Sends again from `from`, as if the consumer had asked; no acknowledgement changes.
    [[nodiscard]] ReplayOutcome replay_from(Sequence from);
    /// Hands the broker what the journal holds, says offline and disconnects; `done` is called within two seconds,
    /// whatever the broker does.
    void stop(std::function<void()> done);

    [[nodiscard]] UplinkView view() const;
    /// Of an event that the journal holds.
    [[nodiscard]] DeliveryWay way_of(Sequence sequence) const;
    [[nodiscard]] const UplinkSettings& settings() const { return settings_; }

private:
    /// `taken_over`: another client has our identity, and fighting for it would cut both off in turn. `renewing`: the
    /// connection ends in order, for one with other certificates.
    enum class Phase : std::uint8_t { waiting, connecting, online, taken_over, renewing, stopping, stopped };

    [[nodiscard]] MqttSession::Handlers handlers();
    void begin_attempt(Instant now);
    void on_name(std::int64_t connection, const std::string& problem);
    void on_connected(std::int64_t connection, const BrokerLimits& limits);
    void on_lost(std::int64_t connection, const std::string& cause);

    // uplink_session.cpp: why a session ends without a fault of the link
    void on_taken_over(std::int64_t connection);
    void on_status(const MqttInbound& message, Now now);
    void stand_down();
    void on_closed();
    void look_at_certificates(Instant now);
    void on_certificates(const CertificateWatch::Found& found);

    void on_settled(std::int64_t connection, Publishing what, const std::string& cause);
    void on_arrived(MqttInbound message);
    void on_ack(const MqttInbound& message, Now now);
    void check_ack(const AckMessage& ack);
    [[nodiscard]] bool is_what_was_sent(const AckMessage& ack, const StoredEvent& row) const;
    void conclude_ack(const AckMessage& ack, bool bytes_match);
    void on_replay(const MqttInbound& message, Now now);
    void on_order(MqttInbound message, Now now);
    void on_snapshot(MqttInbound message, Now now);
    void on_document(MqttInbound message, Now now);
    void on_command(MqttInbound message, Now now);
    void refuse(const std::string& topic, const InboundDefect& defect, Instant now);

    // uplink_pump.cpp: what goes out
    void take_cursor();
    void tell_passed(Sequence step);
    void pump();
    void pump_controls();
    void pump_states();
    void pump_events();
    void ask_for_rows();
    void take_rows(Sequence from, std::vector<StoredEvent> rows);
    void publish_rows();
    [[nodiscard]] bool publish_event(StoredEvent& row, Now now);
    [[nodiscard]] bool too_large(const MqttMessage& message);
    [[nodiscard]] MqttMessage birth(WallTime time) const;

    void end_piece(bool taken);
    void need_orders();
    void request(std::string payload);
    void ask_for_orders(Instant now);
    void wake();
    void rearm();
    void leave_when_sent();
    void finish_stop();
    [[nodiscard]] std::optional<Instant> deadline() const;
    [[nodiscard]] SessionIdentity identity() const;
    [[nodiscard]] MqttMessage offline_message() const;
    [[nodiscard]] std::string topic(std::string_view name) const;

    UplinkSettings settings_;
    UplinkStart start_;
    UplinkPorts ports_;
    const runtime::Clock& clock_;
    boost::asio::io_context& context_;
    runtime::Worker& worker_;
    runtime::Log log_;
    runtime::Alarm alarm_;
    BrokerList brokers_;
    runtime::NameLookup names_;
    TwinWatch twins_;
    bool wish_told_ = false;                          ///< that the broker does not let us read our own status
    std::shared_ptr<CertificateWatch> certificates_;  ///< none without TLS; used on the worker only
    std::optional<Instant> certificates_at_;          ///< the next look
    std::string certificate_problem_;                 ///< told already
    BrokerLimits limits_;                             ///< of the connection
    Delivery delivery_;
    LinkWatch link_watch_;
    RefusalLog refusal_log_;
    StateBoard states_;
    OrderRequests order_requests_;
    Backoff backoff_;
    Phase phase_ = Phase::stopped;
    Instant phase_until_;              ///< waiting: next attempt; connecting, renewing, stopping: given up then
    std::optional<Instant> leave_by_;  ///< of a stop: the last events are not waited for any longer
    Instant online_since_;
    std::int64_t connection_ = 0;
    std::deque<MqttMessage> controls_;  ///< wait for room in the window; a few a connect
    std::int64_t controls_in_flight_ = 0;
    std::int64_t states_in_flight_ = 0;
    std::function<void(bool)> piece_done_;  ///< of the piece of a picture that is under way; counted as a control
    RowsAhead rows_;
    bool reading_ = false;
    std::optional<Instant> read_again_;  ///< not before then, after a read that failed
    bool checking_ack_ = false;
    std::optional<AckMessage> next_ack_;
    Sequence passed_told_ = 0;
    std::string head_;
    bool head_waits_ = false;
    DeliveryLog delivery_log_;
    std::int64_t broker_took_ = 0;
    std::int64_t broker_refused_ = 0;
    std::string refusal_;
    runtime::FaultLine refusal_line_;
    std::string withheld_;
    runtime::FaultLine redact_line_;
    std::int64_t repeats_ = 0;
    std::int64_t lost_ = 0;
    std::function<void()> stopped_;
    std::shared_ptr<Uplink*> self_;  ///< lets answers that come too late see that nobody is here
    MqttSession session_;
};

}  // namespace portcullis::uplink
