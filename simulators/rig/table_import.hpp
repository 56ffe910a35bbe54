#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "simulators/rig/child_process.hpp"

namespace portcullis::rig {

/// One row of a table of releases.
struct TableRow {
    std::string container;
    std::string plate;
    bool released = true;
};

/// Where the batch that a table becomes stands in its authority's chain.
struct ChainPlace {
    std::int64_t number = 1;
    std::string previous;  ///< hex SHA-256; unused for number 1
};

/// What somebody does at a gate with no link: a table of releases in GBK becomes a signed batch with the built
/// `portcullis-sign`, is carried to the gate as a file, and taken by its control socket. In small steps on the caller's
/// context, where simulated devices have to go on answering.
class TableImport {
public:
    struct Places {
        std::filesystem::path folder;          ///< its own
        std::filesystem::path programs;        ///< where `portcullis-sign` is
        std::filesystem::path control_socket;  ///< of the gate
    };
    /// The envelope of the batch, once it is in force; throws what went wrong out of the context.
    using Done = std::function<void(const std::string& envelope)>;

    TableImport(boost::asio::io_context& context, Places places) : places_(std::move(places)), pause_(context) {}

    void begin(const std::vector<TableRow>& rows, const ChainPlace& place, const std::string& key_seed, WallTime now,
               Done done);

private:
    void write_files(const std::vector<TableRow>& rows, const std::string& key_seed, WallTime now) const;
    void soon(std::function<void()> step);
    void wait_for_signing();
    void wait_for_gate();
    [[noreturn]] void fail(const std::string& why) const;

    Places places_;
    boost::asio::steady_timer pause_;
    std::optional<ChildProcess> signing_;
    std::string envelope_;
    Done done_;
};

}  // namespace portcullis::rig
