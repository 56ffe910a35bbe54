#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/time.hpp"
#include "runtime/clock.hpp"
#include "runtime/worker.hpp"

namespace portcullis::record {

/// Copies a journal's files byte for byte into `into`, as a power cut at this moment would leave them: the database,
/// then its write-ahead log, and again when the log was started anew meanwhile. Returns the database's copy.
/// Throws std::runtime_error when there is nothing to copy.
std::filesystem::path copy_journal(const std::filesystem::path& state, const std::filesystem::path& into);

/// What a journal says of the arm command that is being written now.
struct Allowance {
    std::int64_t commanded = 0;  ///< sequence of `arm.commanded`, 0 when nothing allows the write
    std::string missing;         ///< what is not on record, in words; empty when all is
};

/// Looks in a (copied) journal for what allows an arm of `lane` to go up at `now`: the newest `arm.commanded` of the
/// lane is `up`, a few seconds old at most; its permission began before it and has not ended; the verdict that the
/// permission rests on opens, is of the same passage, and was not superseded. Reads with code of its own.
[[nodiscard]] Allowance find_allowance(const std::filesystem::path& database, const std::string& lane, WallTime now);

/// Counts arm-up writes and those that no committed record allows. The copy is taken at once, as its moment is the
/// point; what it says is read on a thread of its own, so that the devices and lanes of a simulator keep their time.
class RecordCheck {
public:
    /// Copies go below `scratch`; one is kept for each write without a record.
    RecordCheck(std::filesystem::path scratch, const runtime::Clock& clock);

    /// Called before an arm-up write is answered.
    void arm_goes_up(const std::filesystem::path& state, const std::string& gate, const std::string& lane,
                     WallTime now);
    /// Reads what was copied and not yet read. Afterwards no arm goes up any more, and the counts are whole.
    void finish();

    [[nodiscard]] std::int64_t arm_ups() const { return arm_ups_; }
    /// Only after `finish`.
    [[nodiscard]] const std::vector<std::string>& without_record() const { return without_record_; }

private:
    struct ArmUp {
        std::string gate;
        std::string lane;
        WallTime at;
        std::filesystem::path copy;
        std::string not_copied;  ///< why there is no copy
    };
    void judge(const ArmUp& write);

    std::filesystem::path scratch_;
    std::int64_t arm_ups_ = 0;
    std::set<std::pair<std::string, std::int64_t>> seen_;  ///< (gate, arm.commanded): each allows one write
    std::vector<std::string> without_record_;
    runtime::Worker reading_;  ///< until `finish` the two above are its thread's
};

}  // namespace portcullis::record
