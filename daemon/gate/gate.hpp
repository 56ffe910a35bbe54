#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/event_catalogue.hpp"
#include "codec/event_writer.hpp"
#include "console/control_socket.hpp"
#include "core/result.hpp"
#include "gate/control_desk.hpp"
#include "gate/coverage_desk.hpp"
#include "gate/device_desk.hpp"
#include "gate/device_service.hpp"
#include "gate/device_testing.hpp"
#include "gate/device_viewing.hpp"
#include "gate/evidence_desk.hpp"
#include "gate/evidence_sender.hpp"
#include "gate/gate_conditions.hpp"
#include "gate/gate_plan.hpp"
#include "gate/head_maker.hpp"
#include "gate/hold_over.hpp"
#include "gate/journal_access.hpp"
#include "gate/journal_desk.hpp"
#include "gate/journal_keeper.hpp"
#include "gate/journal_questions.hpp"
#include "gate/journal_writer.hpp"
#include "gate/lane_runner.hpp"
#include "gate/order_desk.hpp"
#include "gate/order_import.hpp"
#include "gate/order_upkeep.hpp"
#include "gate/order_viewing.hpp"
#include "gate/pass_desk.hpp"
#include "gate/policy_shelf.hpp"
#include "gate/portal_desk.hpp"
#include "gate/radiation_desk.hpp"
#include "gate/refused_documents.hpp"
#include "gate/ruleset_desk.hpp"
#include "gate/sampling_keys.hpp"
#include "gate/service_manager.hpp"
#include "gate/stores.hpp"
#include "gate/trust_desk.hpp"
#include "gate/vehicle_desk.hpp"
#include "gate/zone_desk.hpp"
#include "lane/usage.hpp"
#include "runtime/alarm.hpp"
#include "runtime/clock.hpp"
#include "runtime/fault_line.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/quarantine.hpp"
#include "trust/sodium.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::gate {

/// The shell: builds everything from a plan, routes what happens to who decides and what was decided to who acts.
/// Lives on one context; only its workers block.
class Gate {
public:
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        const trust::Sodium& sodium;
        BootId boot;
    };

    /// Everything is made and nothing moves yet. `plan` must outlive the gate; `stores` were opened for it.
    Gate(Surroundings surroundings, const GatePlan& plan, Stores stores);
    ~Gate();
    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;
    Gate(Gate&&) = delete;
    Gate& operator=(Gate&&) = delete;

    /// Says who is here, takes devices, lanes and destinations up, and tells the service manager. Throws
    /// console::ControlSocketUnusable before anything else has happened.
    void start();
    /// Ordered stop: no new arm-up, outputs to their safe state, everything durable, offline said; then the context is
    /// stopped.
    void stop(std::string_view reason);
    /// When the context has stopped: waits for the workers, until two seconds after the stop began. False = one still
    /// hangs in a call that does not return: the process must end without taking anything down.
    [[nodiscard]] bool end_workers();
    /// 0 after an ordered stop; 4 when the journal or a worker forced the end, or could not commit before it.
    [[nodiscard]] int exit_code() const { return exit_code_; }

private:
    struct LaneSeat {
        std::unique_ptr<runtime::Alarm> alarm;
        std::unique_ptr<LaneRunner> runner;
        bool changed = true;
    };
    /// An event that a destination's consumer has not acknowledged, and when it was taken.
    struct Unacknowledged {
        std::int64_t sequence = 0;
        std::optional<WallTime> time;  ///< not read yet
    };
    struct Destination {
        std::unique_ptr<uplink::Uplink> uplink;
        std::string channel;
        Unacknowledged oldest;
    };

    // gate_journal.cpp: heads, upkeep, the start
    [[nodiscard]] JournalDesk::Ports journal_ports();
    [[nodiscard]] static std::int64_t newest_head_sequence(store::Journal& journal);
    [[nodiscard]] std::optional<store::HeadRow> head_of(std::int64_t sequence, const Hash256& hash, bool closing) const;
    void publish_head(const std::string& envelope);
    /// The gate's own notes stand beside those of its lanes: no lane has an empty name.
    [[nodiscard]] std::optional<Value> own_note(std::string_view key) const;
    [[nodiscard]] std::int64_t erased_through() const;
    [[nodiscard]] JournalKeeper::Ports keeper_ports();
    void open_stream();
    void numbered(const Event& event, std::int64_t sequence, store::JournalBatch& batch);
    void tell_coverage(Now now);

    // gate.cpp: building
    [[nodiscard]] OrderDesk::Ports order_ports();
    void make_lanes();
    [[nodiscard]] LaneRunner::Ports lane_ports(std::size_t index);
    [[nodiscard]] std::vector<lane::Memory> memory_of(const LaneName& name) const;
    void tell_settings(Now now);
    void keep_policy();
    [[nodiscard]] EvidenceDesk::Ports evidence_ports();
    [[nodiscard]] Object lane_fields(const LaneName& name) const;
    void make_evidence_senders();
    void picture_bound(const KeptPicture& picture);
    void perform(std::size_t lane, const Command& command);
    void record(Event event);

    // gate_radiation.cpp: monitors and portals
    [[nodiscard]] static std::vector<DeviceName> monitors_of(const GatePlan& plan);
    [[nodiscard]] RadiationDesk::Ports radiation_ports();
    [[nodiscard]] PortalDesk::Ports portal_ports();
    [[nodiscard]] DeviceDesk::Ports device_ports();
    [[nodiscard]] DeviceName monitor_of(const std::string& name) const;
    [[nodiscard]] bool acknowledge_radiation(const std::string& lane, Object actor);

    // gate_uplinks.cpp: destinations
    void make_uplinks();
    [[nodiscard]] uplink::UplinkPorts uplink_ports(const uplink::UplinkSettings& settings);
    void link_changed(const std::string& name, const uplink::LinkFact& fact);
    void journal_erased();
    void look_at_oldest();
    [[nodiscard]] std::optional<std::int64_t> oldest_s(Now now) const;
    [[nodiscard]] static std::optional<std::int64_t> oldest_s(const Destination& destination, Now now);
    void events_lost(const std::string& name, const uplink::LostEvents& lost);
    void answer_uplink_questions();
    [[nodiscard]] std::string resume_uplink(const Value& question);
    void explain(std::int64_t sequence, const std::vector<uplink::StoredEvent>& rows,
                 const ControlDesk::Reply& reply) const;
    void inbound_refused(const std::string& name, const uplink::InboundRefusal& refusal);
    [[nodiscard]] StoredByAll stored_by_all() const;
    [[nodiscard]] bool link_up() const;
    [[nodiscard]] std::optional<std::int64_t> links_down() const;

    // gate_trust.cpp: whom the gate believes
    void make_trust();
    void make_rulesets();
    void make_passes();
    void make_vehicles();
    void ask_lanes_again();
    void follow_trust(Now now);
    void take_document(uplink::InboundDocument document, const std::string& channel);
    [[nodiscard]] std::set<DocumentKind> missing_documents() const;
    void tick_trust(Now now);
    [[nodiscard]] Object trust_object(Now now) const;
    [[nodiscard]] Object ruleset_members(Now now) const;
    /// How long a box may take to a zone, where the ruleset that acts names it.
    [[nodiscard]] std::optional<std::chrono::seconds> ruled_arrival(std::string_view zone) const;
    [[nodiscard]] std::vector<PassageId> open_passages() const;
    void answer_trust_questions();
    void answer_ruleset_questions();

    // gate_orders.cpp: orders that come by file, and what becomes of orders in time
    [[nodiscard]] OrderUpkeep::Ports order_upkeep_ports();
    [[nodiscard]] bool inner_counts(const UsageKey& key) const;
    void answer_order_questions();

    // gate_life.cpp: tick, views, stop
    void tick();
    void watch_clock(Now now);
    void feed_watchdog(Now now);
    void tell_service_manager();
    [[nodiscard]] std::string service_line() const;
    [[nodiscard]] std::optional<std::string> hung_worker(Now now) const;
    void publish_lanes(Now now);
    void publish_slow(Now now);
    void publish_state(const std::string& topic, Object state, Now now);
    [[nodiscard]] Object gate_object(Now now) const;
    [[nodiscard]] std::string status_answer() const;
    void answer_questions();
    [[nodiscard]] JournalQuestions::Ports question_ports();
    [[nodiscard]] DeviceTesting::Ports testing_ports();
    [[nodiscard]] std::optional<std::string> replay(const std::string& destination, std::int64_t from);
    void fatal(const std::string& why);
    void say_closing();
    void stop_overdue();
    void stop_uplinks();
    void finish();

    Surroundings surroundings_;
    const GatePlan& plan_;
    store::JournalStart start_;
    codec::EventCatalogue catalogue_;
    codec::EventWriter event_writer_;
    IdSource ids_;
    Stores stores_;
    runtime::Worker journal_worker_;
    runtime::Worker orders_worker_;
    runtime::Worker snapshots_worker_;
    runtime::Worker documents_worker_;
    runtime::Worker evidence_worker_;
    runtime::Worker mqtt_worker_;
    runtime::Alarm journal_alarm_;
    runtime::Alarm tick_alarm_;
    runtime::Alarm stop_alarm_;
    JournalWriter journal_writer_;
    JournalAccess journal_;
    CoverageDesk coverage_desk_;
    HeadMaker head_maker_;
    JournalDesk journal_desk_;
    JournalKeeper journal_keeper_;
    lane::UsageLedger ledger_;
    SamplingKeys sampling_keys_;
    ZoneDesk zone_desk_;
    store::Quarantine quarantine_;
    OrderDesk order_desk_;
    OrderImport order_import_;
    OrderUpkeep order_upkeep_;
    std::unique_ptr<TrustDesk> trust_desk_;      ///< only where a root says who signs
    PolicyShelf policies_;                       ///< that decided without a ruleset
    std::unique_ptr<RulesetDesk> ruleset_desk_;  ///< likewise; without it the rows of `policy:` decide
    std::unique_ptr<PassDesk> pass_desk_;        ///< likewise; without it nobody has a pass
    std::unique_ptr<VehicleDesk> vehicle_desk_;  ///< likewise; without it no tare is known
    RefusedDocuments refused_documents_;         ///< of kinds that nobody here takes
    EvidenceDesk evidence_desk_;
    std::map<std::string, std::unique_ptr<EvidenceSender>> evidence_senders_;  ///< by destination
    PortalDesk portal_desk_;
    RadiationDesk radiation_desk_;
    DeviceDesk device_desk_;
    std::vector<LaneSeat> lanes_;
    std::vector<Destination> destinations_;
    ControlDesk control_desk_;
    DeviceService device_service_;
    DeviceViewing device_viewing_;
    DeviceTesting device_testing_;
    JournalQuestions journal_questions_;
    OrderViewing order_viewing_;
    std::unique_ptr<console::ControlSocket> control_;
    ServiceManager service_manager_;
    runtime::FaultLine hung_line_;
    std::int64_t connections_ = 0;
    std::optional<Now> clock_before_;
    HoldOver hold_over_;
    GateConditions conditions_;
    std::int64_t ticks_ = 0;
    std::string stop_reason_;
    std::optional<Instant> stop_began_;
    bool closing_durable_ = false;
    std::size_t uplinks_stopping_ = 0;
    bool is_up_ = false;
    bool stopping_ = false;
    int exit_code_ = 0;
};

}  // namespace portcullis::gate
