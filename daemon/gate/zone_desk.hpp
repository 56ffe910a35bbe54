#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "codec/zone_result_document.hpp"
#include "core/facts.hpp"
#include "core/observation.hpp"
#include "gate/journal_desk.hpp"
#include "gate/zone_events.hpp"
#include "gate/zone_results.hpp"
#include "gate/zone_silence.hpp"
#include "gate/zone_trips.hpp"
#include "lane/usage.hpp"
#include "runtime/log.hpp"
#include "settings/gate_settings.hpp"

namespace portcullis::gate {

/// Inspection zones (监管区): which boxes were sent there, who came, who is late, what was concluded and who left. What
/// a lane tells of a passage's end takes the zone's events and notes into its own transaction. Lives on the deciding
/// thread; survives a restart in the gate's notes.
class ZoneDesk {
public:
    struct Ports {
        std::function<void(Submission)> submit;
        /// How long a box may take to a zone, where the ruleset says. May be empty.
        std::function<std::optional<std::chrono::seconds>(std::string_view zone)> arrive_within = {};
    };

    /// The ledger knows which results have answered for a passage ahead of the journal.
    ZoneDesk(std::vector<settings::ZoneSettings> zones, const runtime::Log& log, const lane::UsageLedger& ledger,
             Ports ports);

    /// Takes back what the process before this one left in the gate's notes; `lane` is empty in those.
    void recall(const std::vector<store::NoteRow>& notes, Now now);
    /// Looks at what a lane is about to make durable, and adds what that means for the zones.
    void follow(const LaneName& lane, Submission& submission);
    /// What a zone's own reader says.
    void observed(const Observation& observation, Now now);
    /// Tells who is late, and which readers are not heard.
    void tick(Now now);

    /// The results as they are now, for another thread to hold a document against.
    [[nodiscard]] std::shared_ptr<const ZoneResults> results() const { return results_; }
    /// Takes a signed result that is `newer` into `submission`; any other changes nothing.
    void conclude(const codec::ZoneResultDocument& document, const Hash256& hash, Submission& submission, Now now);

    /// The places that answers of these boxes' results would take.
    [[nodiscard]] std::vector<UsageKey> places(const PassageFacts& facts) const;
    /// The place is of the newest result of its box.
    [[nodiscard]] bool has_result(const UsageKey& place) const;
    /// Adds the newest result of each box, and what it has answered already: `taken` is what the journal says of those
    /// places.
    void measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const;

    /// For `portcullis zones`.
    [[nodiscard]] Object view(Now now) const;

private:
    /// Of a zone that has readers of its own.
    struct Feed {
        std::set<DeviceName> unheard;  ///< have not said yet how they are
        std::set<DeviceName> offline;
        std::optional<bool> alive;  ///< as told
        std::optional<Instant> last;
    };
    struct PassageEnd;

    [[nodiscard]] const settings::ZoneSettings* settings_of(std::string_view zone) const;
    [[nodiscard]] std::chrono::seconds limit_of(std::string_view zone) const;
    void ended(const LaneName& lane, const PassageEnd& end, Submission& submission);
    void passes_doors(const LaneName& lane, const PassageEnd& end, const ContainerNumber& box, Submission& submission);
    void direct(const PassageEnd& end, const ContainerNumber& box, Submission& submission);
    void arrive(const ContainerNumber& box, std::string_view zone, ZoneSource source, Submission& submission, Now now);
    void leave(const ContainerNumber& box, std::string_view zone, ZoneSource source, Submission& submission, Now now);
    void health(const DeviceName& device, bool online, Now now);
    void read(const DeviceName& device, const Reading& reading, Now now);
    void note(const ZoneTrip& trip, Submission& submission, Now now) const;
    static void forget(const ContainerNumber& box, Submission& submission);
    void keep_methods(const std::string& passage, const Value* methods, Submission& submission);
    [[nodiscard]] Value take_methods(const std::string& passage, Submission& submission);

    std::vector<settings::ZoneSettings> zones_;
    const runtime::Log& log_;
    const lane::UsageLedger& ledger_;
    Ports ports_;
    ZoneTrips trips_;
    std::shared_ptr<const ZoneResults> results_ = std::make_shared<ZoneResults>();
    std::map<std::string, Value> methods_;  ///< of open passages: what their verdict asks the zone to do
    std::map<std::string, Feed, std::less<>> feeds_;
    ZoneSilence silence_;
    std::int64_t unsent_ = 0;  ///< numbers read at a zone to which their box was not sent
};

}  // namespace portcullis::gate
