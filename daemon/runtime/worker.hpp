#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/time.hpp"
#include "runtime/clock.hpp"

namespace portcullis::runtime {

// Every thread of the daemon (design.md 2). A new one is added here first.
//
//   thread            made by                   owns                                  shows progress by
//   main              main()                    the Asio context: lanes, decisions,   turning the context
//                                               routing, the control socket
//   bus <name>        Worker of a Modbus bus    one libmodbus handle                  Worker::progress
//   journal           Worker of the gate        the journal database's connection     Worker::progress
//   orders            Worker of the gate        the order cache's connections         Worker::progress
//   documents         Worker of the gate        the quarantine; reads all that is     Worker::progress
//                                               signed, syncs the order cache's files
//   snapshots         Worker of the gate        the file that a snapshot fills        Worker::progress
//   evidence          Worker of the gate        pictures and their files              Worker::progress
//   mqtt              Worker of the gate        every call into Paho                  Worker::progress
//   names             NameLookup, one a name    one call of getaddrinfo, which has    none: nobody waits for it, and
//                                               no time-out                           the end of the process ends it
//   (Paho's own)      the Paho library          its sockets; handlers copy and post   the session's own deadline
//
// None for the log: whoever writes a line writes it. None for the control socket: docs/decisions/0003.

/// What a Worker is doing, for the watchdog.
struct WorkerProgress {
    std::optional<Instant> busy_since;    ///< nothing = idle
    std::chrono::milliseconds allowed{};  ///< how long the work at hand may take
    std::size_t waiting = 0;              ///< pieces of work behind it
    /// Idle, and work waits to be begun since then: its thread never started, sleeps on, or has ended.
    std::optional<Instant> left_since = {};

    /// True when the work at hand has taken longer than it may, or when nobody began what waits for so long.
    [[nodiscard]] bool hung(Instant now) const {
        const auto& since = busy_since ? busy_since : left_since;
        return since && now - *since > allowed;
    }
};

/// One named thread for one blocking handle. Work runs in the order posted and posts its own result back to the Asio
/// context; it never touches our objects. `post` and `progress` may be called from any thread. All signals are
/// blocked in it, so that none interrupts a blocking call. An exception out of work ends the process.
class Worker {
public:
    struct Settings {
        std::string name;                         ///< at most 15 bytes are shown by the kernel
        std::size_t capacity = 64;                ///< pieces of work that may wait
        std::chrono::milliseconds allowed{5000};  ///< longest that one piece of work may take
    };

    /// Makes the thread that is to run what it is given.
    using Starter = std::function<std::thread(const std::string& name, std::function<void()> run)>;

    Worker(Settings settings, const Clock& clock);
    Worker(Settings settings, const Clock& clock, const Starter& starter);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// False, and nothing happens, when `capacity` pieces wait already or the worker is stopping.
    [[nodiscard]] bool post(std::function<void()> work);

    /// Takes no more work; does what waits.
    void begin_stop();
    /// After `begin_stop`: waits until all is done, at most so long; false = its thread still runs.
    [[nodiscard]] bool ended_within(std::chrono::milliseconds limit);
    /// Both, and joins, however long it takes. Not from its own thread. A second call does nothing.
    void stop();

    [[nodiscard]] WorkerProgress progress() const;
    [[nodiscard]] const std::string& name() const { return settings_.name; }

private:
    void run();
    [[nodiscard]] std::function<void()> take();
    [[nodiscard]] Instant instant() const { return clock_.now().instant; }

    const Settings settings_;
    const Clock& clock_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable end_;
    std::deque<std::function<void()>> queue_;  // guarded by mutex_, as are all below but the thread
    bool stopping_ = false;
    bool ended_ = false;
    std::optional<Instant> busy_since_;
    Instant turn_since_{};  ///< from then on whoever is idle should have taken what waits
    std::thread thread_;
};

}  // namespace portcullis::runtime
