#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/clock.hpp"
#include "simulators/central/central.hpp"
#include "simulators/devices/register_reader.hpp"
#include "simulators/rig/broker.hpp"
#include "simulators/rig/child_process.hpp"
#include "simulators/rig/lane_rig.hpp"
#include "simulators/rig/notify_socket.hpp"
#include "simulators/rig/port_documents.hpp"
#include "simulators/rig/table_import.hpp"

namespace portcullis::rig {

struct LanePlan {
    std::string name;
    story::LaneKind kind;
};

struct GatePlan {
    std::string name;
    std::filesystem::path folder;   ///< its own; made when it is not there
    std::filesystem::path daemon;   ///< the program `portcullisd`
    std::filesystem::path sources;  ///< root of the source tree: profiles, schemas
    std::vector<LanePlan> lanes;
    double pace = 1.0;
    std::string journal{};   ///< settings of the journal; empty = the defaults
    std::string root{};      ///< a root document instead of the key of orders; then there is no policy either
    std::string zones{};     ///< settings of zones, which may name the reader `yard`; empty = none, and no such reader
    bool signs_all = false;  ///< a root of its own, which the daemon believes at once, and a ruleset from a file
    std::map<std::string, std::string> environment{};  ///< of the daemon, beside what it is told
};

/// The key by which every simulated central signs orders, in hex.
[[nodiscard]] std::string orders_key();

/// A whole gate: simulated lanes on their real protocols, a broker, the real daemon as a process, and central.
/// Everything runs on the caller's context but central, which has a thread of its own.
class GateRig {
public:
    /// Starts broker, devices and central; the daemon waits for `start_daemon`. Throws std::runtime_error.
    GateRig(boost::asio::io_context& context, GatePlan plan, const runtime::Clock& clock);
    /// What still runs is killed.
    ~GateRig();
    GateRig(const GateRig&) = delete;
    GateRig& operator=(const GateRig&) = delete;
    GateRig(GateRig&&) = delete;
    GateRig& operator=(GateRig&&) = delete;

    struct Handlers {
        std::function<void()> ready;                               ///< the daemon says that it is
        std::function<void(const std::string& bytes)> event;       ///< central has stored an event
        std::function<void(const std::string& why)> daemon_ended;  ///< by itself, which it must not
    };
    void handle(Handlers handlers) { handlers_ = std::move(handlers); }

    void start_daemon();
    /// kill -9.
    void kill_daemon();
    /// SIGTERM. `daemon_exit` tells when it has ended.
    void stop_daemon();
    /// The exit code of an ordered stop, or nothing while it runs.
    [[nodiscard]] std::optional<int> daemon_exit();
    /// Sends orders of an authority; returns the number of their batch.
    std::int64_t publish_orders(const std::string& authority, const std::vector<std::string>& objects);
    /// Somebody brings a table of releases, as a signed file: no link is needed. Central hears of it later.
    void import_table(const std::vector<TableRow>& rows);
    /// The reader of a zone reads a box.
    void yard_reads(const std::string& container) { yard_->read(container, 97); }
    void set_yard_offline(bool offline) { offline ? yard_->server().go_offline() : yard_->server().go_online(); }
    /// Central says what an inspection concluded. False without a broker.
    bool conclude(const Concluded& concluded);
    /// Central pushes a ruleset, or somebody who has no key for one. False without a broker.
    bool push_ruleset(const PortRuleset& ruleset, bool forged);
    /// Central pushes a pass list with one visitor. False without a broker.
    bool push_passes(const std::string& plate);
    /// … or a vehicle list with one vehicle.
    bool push_vehicles(const std::string& plate, std::int64_t tare_kg);
    void broker_down() { broker_.stop(); }
    void broker_up() { broker_.start(); }

    [[nodiscard]] const std::string& name() const { return plan_.name; }
    [[nodiscard]] std::filesystem::path state() const { return plan_.folder / "state"; }
    [[nodiscard]] std::filesystem::path settings() const { return plan_.folder / "gate.yaml"; }
    [[nodiscard]] std::filesystem::path log() const { return plan_.folder / "portcullisd.log"; }
    [[nodiscard]] std::string prefix() const;
    [[nodiscard]] Broker& broker() { return broker_; }
    [[nodiscard]] central::Central& central() { return *central_; }
    [[nodiscard]] std::vector<std::unique_ptr<LaneRig>>& lanes() { return lanes_; }
    [[nodiscard]] const runtime::Clock& clock() const { return clock_; }
    /// Times that a daemon of this gate has said that it is alive.
    [[nodiscard]] std::int64_t watchdog_fed() const { return watchdog_fed_; }
    [[nodiscard]] bool daemon_runs() const { return daemon_.has_value(); }
    /// Of the daemon that runs; -1: none.
    [[nodiscard]] pid_t daemon_pid() const { return daemon_ ? daemon_->pid() : -1; }

private:
    void write_settings();
    void watch_daemon();
    void heard(std::string_view message);
    /// The daemon believes the root, and has the ruleset.
    void provision();
    void ask(const std::string& question);

    boost::asio::io_context& context_;
    GatePlan plan_;
    const runtime::Clock& clock_;
    Broker broker_;
    NotifySocket notify_;
    std::vector<std::unique_ptr<LaneRig>> lanes_;
    std::unique_ptr<simulators::RegisterReader> yard_;
    std::unique_ptr<central::Central> central_;
    std::optional<ChildProcess> daemon_;
    std::unique_ptr<TableImport> table_;
    boost::asio::steady_timer watch_;
    bool provisioned_ = false;
    bool must_run_ = false;  ///< its end would be news
    std::int64_t watchdog_fed_ = 0;
    Handlers handlers_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  ///< for what central's thread posts
};

}  // namespace portcullis::rig
