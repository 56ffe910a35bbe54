#pragma once

#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gate/evidence_shelf.hpp"
#include "gate/journal_desk.hpp"
#include "lane/lane_io.hpp"
#include "runtime/clock.hpp"
#include "runtime/fault_line.hpp"
#include "runtime/log.hpp"
#include "runtime/worker.hpp"
#include "settings/gate_settings.hpp"
#include "store/evidence_files.hpp"

namespace portcullis::gate {

/// Pictures from the camera to the end of their time. A picture is durable before its lane hears of it; the lane says
/// whether it shows the passage; `evidence.bound` and the gate's note of it are one transaction. What is removed is
/// said before it is done, so that more is said to be gone than is, never less. Files are a Worker's. Nothing here
/// holds a lane: what cannot be kept is `evidence.missing`.
class EvidenceDesk {
public:
    struct Surroundings {
        boost::asio::io_context& context;
        const runtime::Clock& clock;
        const runtime::Log& log;
        runtime::Worker& worker;
    };
    struct Ports {
        std::function<void(Submission)> submit;
        std::function<void(std::size_t lane, lane::Observed)> give;
        /// Name, way and mode of a lane, for an event that is about it.
        std::function<Object(const LaneName&)> lane_fields;
        /// A picture was bound, or is gone: for whoever sends them. May be empty.
        std::function<void(const KeptPicture&)> bound = {};
        std::function<void(const Hash256&)> gone = {};
    };
    struct View {
        std::int64_t pictures = 0;
        std::int64_t bytes = 0;
        std::int64_t budget = 0;
    };

    /// Pictures that wait for the disk may take so many bytes of memory.
    static constexpr std::int64_t most_waiting = std::int64_t{64} * 1024 * 1024;

    EvidenceDesk(Surroundings surroundings, settings::EvidenceSettings settings, store::EvidenceFiles files,
                 Ports ports);

    /// What was kept before the start; then the files are looked at.
    void recall(const std::vector<store::NoteRow>& notes);
    /// What a camera answered, with its bytes or without.
    void take(std::size_t lane, lane::Observed seen);
    /// Looks at what a lane records: adds the notes of pictures that it binds, or whose passage ends.
    void follow(const LaneName& lane, Submission& submission);
    /// A few times a second: pictures whose time is over.
    void tick(Now now);
    /// Calls `done` with `length` bytes of a picture, or fewer at its end; none = it cannot be read.
    void read(const Hash256& sha256, std::int64_t from, std::size_t length,
              const std::function<void(std::vector<std::uint8_t>)>& done);
    /// A destination's broker has taken all of it: to be remembered.
    void sent(const Hash256& sha256, const std::string& destination);
    /// A person asked for it. What is not there is left out.
    void erase_on_request(const std::vector<std::string>& hashes);

    [[nodiscard]] View view() const;
    [[nodiscard]] const EvidenceShelf& shelf() const { return shelf_; }

private:
    /// A picture that a lane is looking at.
    struct Shown {
        Hash256 sha256{};
        bool bound = false;
    };

    void refuse(std::size_t lane, lane::Observed seen, std::string_view cause);
    void stored(std::size_t lane, lane::Observed seen, const Hash256& sha256,
                const std::optional<store::StoreFailure>& failure);
    void bind(const LaneName& lane, const Value& data, Submission& submission);
    void end(const Value& data, Submission& submission);
    void erase(const std::vector<KeptPicture>& pictures, std::string_view cause);
    void remove(const Hash256& sha256);
    void removed(const Hash256& sha256, const std::optional<store::StoreFailure>& failure);
    void swept(const std::vector<Hash256>& expected,
               const Result<store::EvidenceFiles::Sweep, store::StoreFailure>& found);
    void lost(const std::vector<KeptPicture>& pictures);
    [[nodiscard]] Event event(const char* type, const KeptPicture& picture, std::string_view cause, Now now) const;
    [[nodiscard]] bool is_known(const Hash256& sha256) const;

    Surroundings surroundings_;
    settings::EvidenceSettings settings_;
    store::EvidenceFiles files_;
    Ports ports_;
    EvidenceShelf shelf_;
    std::optional<Shown> shown_;
    std::set<Hash256> going_;  ///< not kept any more, and the file may still be there
    std::int64_t waiting_ = 0;
    std::optional<Instant> looked_;
    runtime::FaultLine fault_;
};

}  // namespace portcullis::gate
