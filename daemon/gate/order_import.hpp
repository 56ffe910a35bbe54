#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/value.hpp"
#include "gate/order_desk.hpp"
#include "runtime/worker.hpp"

namespace portcullis::gate {

/// `portcullis orders import`: batches and snapshots from a file, for a gate with no link. What comes by file is
/// believed no more than what comes by link. One file at a time; a snapshot is read chunk by chunk, batches one after
/// the other.
class OrderImport {
public:
    OrderImport(boost::asio::io_context& context, runtime::Worker& worker, OrderDesk& desk)
        : context_(context), worker_(worker), desk_(desk) {}

    /// Begins; or why not.
    [[nodiscard]] std::optional<std::string> begin(const std::filesystem::path& file);
    /// Calls `answer` when the import is over, or with a later tick.
    void when_over(std::function<void(const Object&)> answer);
    void tick();
    /// `state` (`none`, `running`, `done`), batches `taken` and `refused`, whether a `snapshot` was taken, and the
    /// first `problem`.
    [[nodiscard]] Object view() const;

private:
    /// Only the worker reads it.
    struct File {
        std::ifstream in;
        std::streamoff behind_head = 0;
    };
    enum class State : std::uint8_t { none, running, done };

    void next_line();
    void took_line(std::string line, bool failed);
    void give_chunk(const uplink::SnapshotNeed& need, std::int64_t offset, std::int64_t bytes);
    void end(const std::optional<std::string>& problem);

    boost::asio::io_context& context_;
    runtime::Worker& worker_;
    OrderDesk& desk_;
    std::shared_ptr<File> file_;
    State state_ = State::none;
    std::int64_t lines_ = 0;
    std::int64_t taken_ = 0;
    std::int64_t refused_ = 0;
    bool snapshot_ = false;
    std::string problem_;
    std::vector<std::function<void(const Object&)>> waiting_;  ///< as many as the control socket has clients
};

}  // namespace portcullis::gate
