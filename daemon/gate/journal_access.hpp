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

    /// `fatal` is called when nothing may go on: the worker takes no more work, since it hangs; the outcome of a write
    /// is unknown; or the file is damaged, which the next start mends.
    JournalAccess(Surroundings surroundings, store::Journal& journal, std::function<void(const std::string&)> fatal);

    void append(store::JournalBatch batch, std::function<void(store::StoreOutcome)> done);
    void read_rows(std::int64_t from, std::size_t most, uplink::UplinkPorts::Rows rows);
    /// The wall time of an entry; nothing = it is not there yet, or could not be read.
    void time_of(std::int64_t sequence, std::function<void(std::optional<WallTime>)> done);
    void acknowledge(const std::string& destination, std::int64_t sequence);
    void usage_of(std::vector<UsageKey> keys, std::function<void(std::optional<std::vector<Usage>>)> done);
    /// Runs `work` on the worker; what it gives back runs on the context.
    void on_journal(std::function<std::function<void()>(store::Journal& journal)> work);
    /// Moves the log into the database when it is due and nobody waits for a commit.
    void checkpoint_if_due();

private:
    void post(std::function<void()> work);
    /// On the worker: what `read` gives goes to `done` on the context, or nothing when it failed.
    template <class Read, class Done>
    void answer(const Read& read, const Done& done);
    void could_not_read(const store::StoreFailure& failure);

    Surroundings surroundings_;
    store::Journal& journal_;
    std::function<void(const std::string&)> fatal_;
    // A full disk is asked again every second for as long as it is full.
    runtime::FaultLine commit_fault_;
    runtime::FaultLine read_fault_;
};

}  // namespace portcullis::gate
