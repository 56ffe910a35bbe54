#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/fault_line.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "store/journal.hpp"
#include "uplink/uplink.hpp"

namespace portcullis::gate {

/// The journal as the deciding thread sees it: every call goes to the journal's worker, every answer comes back to the
/// context. Work is done in the order asked for, so a read behind an append sees what it wrote.
class JournalAccess {
public:
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Log& log;
        runtime::Worker& worker;
    };

    /// `fatal` is called when the worker takes no more work: it hangs, and nothing may go on.
    JournalAccess(Surroundings surroundings, store::Journal& journal, std::function<void(const std::string&)> fatal);

    void append(store::JournalBatch batch, std::function<void(store::StoreOutcome)> done);
    void read_rows(std::int64_t from, std::size_t most, uplink::UplinkPorts::Rows rows);
    void acknowledge(const std::string& destination, std::int64_t sequence);
    void usage_of(std::vector<UsageKey> keys, std::function<void(std::optional<std::vector<Usage>>)> done);
    /// Moves the log into the database when it is due and nobody waits for a commit.
    void checkpoint_if_due();

private:
    void post(std::function<void()> work);

    Surroundings surroundings_;
    store::Journal& journal_;
    std::function<void(const std::string&)> fatal_;
    // A full disk is asked again every second for as long as it is full.
    runtime::FaultLine commit_fault_;
    runtime::FaultLine read_fault_;
};

}  // namespace portcullis::gate
