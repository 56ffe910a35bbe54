#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gate/journal_access.hpp"
#include "runtime/clock.hpp"
#include "runtime/worker.hpp"
#include "store/journal.hpp"
#include "tests/fault/link/event_source.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::fault {

/// What the daemon is to its link, without lanes: the real journal, the real numbering and chaining, the real uplink,
/// each blocking handle on a worker of its own; all else on the caller's context.
class GateEnd {
public:
    struct Plan {
        std::filesystem::path folder;  ///< holds the journal; made
        uplink::UplinkSettings uplink;
        bool keep_digests = true;  ///< 32 bytes an event
    };

    /// Opens the journal and begins to connect. Throws std::runtime_error when the journal cannot be opened.
    GateEnd(boost::asio::io_context& context, const runtime::Clock& clock, Plan plan);
    ~GateEnd();
    GateEnd(const GateEnd&) = delete;
    GateEnd& operator=(const GateEnd&) = delete;
    GateEnd(GateEnd&&) = delete;
    GateEnd& operator=(GateEnd&&) = delete;

    /// Events of passages, in one transaction. They are durable a little later.
    void write(int count);
    /// Nothing that was written is still on its way to the disk.
    [[nodiscard]] bool settled() const { return durable_ == source_.position().last; }

    [[nodiscard]] std::int64_t last() const { return source_.position().last; }
    [[nodiscard]] uplink::UplinkView view() const { return uplink_->view(); }
    [[nodiscard]] std::string stream() const { return source_.position().stream.text(); }
    /// SHA-256 of an event's bytes as they were written, in hex.
    [[nodiscard]] std::string digest(std::int64_t sequence) const;
    /// Why it can go no further; empty: it can.
    [[nodiscard]] const std::string& fatal() const { return fatal_; }

private:
    [[nodiscard]] uplink::UplinkPorts ports();

    boost::asio::io_context& context_;
    const runtime::Clock& clock_;
    std::unique_ptr<store::Journal> journal_;
    runtime::Log log_;
    EventSource source_;
    runtime::Worker journal_worker_;
    runtime::Worker mqtt_worker_;
    gate::JournalAccess access_;
    std::int64_t first_;  ///< the first event of this life
    std::int64_t durable_;
    std::int64_t connections_ = 0;
    bool keep_digests_;
    std::vector<Hash256> digests_;
    std::string fatal_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::unique_ptr<uplink::Uplink> uplink_;
};

/// Settings of an uplink that gives up and comes back some hundred times faster than life.
[[nodiscard]] uplink::UplinkSettings hasty_uplink(std::uint16_t port, const std::string& prefix);

}  // namespace portcullis::fault
