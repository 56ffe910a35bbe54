#include "gate/zone_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"
#include "gate/box_measures.hpp"
#include "gate/journal_writer.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::gate {
namespace {

constexpr std::string_view trip_note = "zone_trip/";
constexpr std::string_view result_note = "zone_result/";
constexpr std::string_view methods_note = "zone_methods/";
constexpr std::chrono::seconds usual_limit{1800};

std::vector<ContainerNumber> containers_in(const Value& data) {
    std::vector<ContainerNumber> containers;
    const auto* member = data.find("containers");
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    if (list != nullptr) {
        for (const auto& item : *list) {
            const auto* text = item.get<std::string>();
            if (auto number = ContainerNumber::parse(text == nullptr ? std::string{} : *text)) {
                containers.push_back(*number);
            }
        }
    }
    return containers;
}

bool is_lane(const std::optional<settings::ZoneDoor>& door, const LaneName& lane) {
    return door && !door->lane.empty() && door->lane == lane;
}

bool is_reader(const std::optional<settings::ZoneDoor>& door, const DeviceName& reader) {
    return door && !door->reader.empty() && door->reader == reader;
}

}  // namespace

/// What `passage.ended` says that a zone must know.
struct ZoneDesk::PassageEnd {
    Now at;
    PassageId passage;
    bool went_on = false;  ///< past the arm, or led aside: not back where it came from
    bool released = false;
    std::string zone;  ///< that it is sent to; empty = none
    Value verdict_sequence;
    Value methods;
    std::vector<ContainerNumber> containers;
};

ZoneDesk::ZoneDesk(std::vector<settings::ZoneSettings> zones, const runtime::Log& log, const lane::UsageLedger& ledger,
                   Ports ports)
    : zones_(std::move(zones)), log_(log), ledger_(ledger), ports_(std::move(ports)) {
    for (const auto& zone : zones_) {
        for (const auto& door : {zone.zone_in, zone.zone_out}) {
            if (door && !door->reader.empty()) {
                feeds_[zone.name].unheard.insert(door->reader);
                silence_.expect(door->reader, zone.name);
            }
        }
    }
}

void ZoneDesk::recall(const std::vector<store::NoteRow>& notes, Now now) {
    auto results = std::make_shared<ZoneResults>(*results_);
    for (const auto& row : notes) {
        const bool trip = row.lane.empty() && row.key.starts_with(trip_note);
        const bool result = row.lane.empty() && row.key.starts_with(result_note);
        const bool methods = row.lane.empty() && row.key.starts_with(methods_note);
        if (!row.body || (!trip && !result && !methods)) {
            continue;
        }
        const auto body = codec::parse_value(*row.body, note_limits);
        if (body && methods) {
            methods_[row.key.substr(methods_note.size())] = *body;
            continue;
        }
        if (!body || !(trip ? trips_.recall(*body, now) : results->recall(*body))) {
            log_.error("a note about an inspection zone cannot be read", {{"note", row.key}});
        }
    }
    results_ = std::move(results);
}

void ZoneDesk::follow(const LaneName& lane, Submission& submission) {
    const auto events = submission.events.size();  // what is added behind them is not a lane's
    for (std::size_t i = 0; i < events; ++i) {
        const auto& event = submission.events[i];
        if (event.type == "verdict.issued") {
            keep_methods(text_member(event.data, "passage"), event.data.find("method"), submission);
        } else if (event.type == "passage.ended") {
            const auto& data = event.data;
            const auto outcome = text_member(data, "outcome");
            const auto verdict = text_member(data, "verdict");
            const auto zone = text_member(data, "zone");
            const auto* sequence = data.find("verdict_sequence");
            auto methods = take_methods(text_member(data, "passage"), submission);
            const PassageEnd end{event.at,
                                 PassageId::parse(text_member(data, "passage")).value_or(PassageId{}),
                                 outcome == "cleared" || outcome == "diverted",
                                 verdict == text_of(VerdictOutcome::release),
                                 verdict == text_of(VerdictOutcome::inspect) && zone != "none" ? zone : "",
                                 sequence == nullptr ? Value{"unknown"} : *sequence,
                                 std::move(methods),
                                 containers_in(data)};
            ended(lane, end, submission);
        }
    }
}

/// Of an open passage, also for the process after this one: what its newest verdict asks the zone to do.
void ZoneDesk::keep_methods(const std::string& passage, const Value* methods, Submission& submission) {
    const auto* list = methods == nullptr ? nullptr : methods->get<List>();
    if (list == nullptr || list->empty()) {
        static_cast<void>(take_methods(passage, submission));
        return;
    }
    methods_[passage] = *methods;
    submission.gate_notes.push_back({std::string{methods_note} + passage, *methods});
}

Value ZoneDesk::take_methods(const std::string& passage, Submission& submission) {
    auto known = methods_.extract(passage);
    if (known.empty()) {
        return List{};
    }
    submission.gate_notes.push_back({std::string{methods_note} + passage, std::nullopt});
    return std::move(known.mapped());
}

void ZoneDesk::ended(const LaneName& lane, const PassageEnd& end, Submission& submission) {
    if (!end.went_on) {
        return;
    }
    for (const auto& box : end.containers) {
        passes_doors(lane, end, box, submission);
    }
}

void ZoneDesk::passes_doors(const LaneName& lane, const PassageEnd& end, const ContainerNumber& box,
                            Submission& submission) {
    bool came_in = false;
    for (const auto& zone : zones_) {
        if (is_lane(zone.zone_out, lane)) {
            leave(box, zone.name, ZoneSource::lane, submission, end.at);
        }
        if (is_lane(zone.zone_in, lane)) {
            came_in = true;
            arrive(box, zone.name, ZoneSource::lane, submission, end.at);
        }
    }
    if (came_in) {
        return;  // the zone's own lane says "inspect" of whoever goes in
    }
    if (!end.zone.empty()) {
        direct(end, box, submission);
    } else if (const auto* trip = end.released ? trips_.of(box) : nullptr) {
        // Whoever is released here is in no zone any more, whether or not a door saw it.
        leave(box, std::string{trip->zone}, ZoneSource::lane, submission, end.at);
    }
}

void ZoneDesk::direct(const PassageEnd& end, const ContainerNumber& box, Submission& submission) {
    if (const auto* forgotten = trips_.next_forgotten(box)) {
        log_.error("too many boxes are on their way to zones; the oldest is not followed any more",
                   {{"container", forgotten->container.text()}, {"zone", forgotten->zone}});
        forget(forgotten->container, submission);
    }
    ZoneTrip trip{box, end.zone, end.passage, end.at.wall};
    trip.limit = limit_of(end.zone);
    const auto* const settings = settings_of(end.zone);
    trip.watched = settings != nullptr && settings->zone_in.has_value();
    const auto news = trips_.directed(std::move(trip), end.at);
    submission.events.push_back(zone_directed_event(news.trip, end.verdict_sequence, end.methods, end.at));
    note(news.trip, submission, end.at);
}

void ZoneDesk::arrive(const ContainerNumber& box, std::string_view zone, ZoneSource source, Submission& submission,
                      Now now) {
    if (const auto news = trips_.arrived(box, zone, now)) {
        submission.events.push_back(zone_arrived_event(news->trip, source, now));
        note(news->trip, submission, now);
    }
}

void ZoneDesk::leave(const ContainerNumber& box, std::string_view zone, ZoneSource source, Submission& submission,
                     Now now) {
    if (const auto news = trips_.left(box, zone, now)) {
        submission.events.push_back(zone_left_event(news->trip, source, now));
        forget(box, submission);
    }
}

void ZoneDesk::observed(const Observation& observation, Now now) {
    if (const auto* seen = std::get_if<HealthChanged>(&observation.what)) {
        health(observation.device, seen->state == DeviceState::online || seen->state == DeviceState::restarted, now);
    } else if (const auto* reading = std::get_if<Reading>(&observation.what)) {
        read(observation.device, *reading, now);
    }
}

void ZoneDesk::health(const DeviceName& device, bool online, Now now) {
    for (const auto& zone : zones_) {
        if (!is_reader(zone.zone_in, device) && !is_reader(zone.zone_out, device)) {
            continue;
        }
        silence_.heard(device, online);
        auto& feed = feeds_[zone.name];
        feed.unheard.erase(device);
        if (online) {
            feed.offline.erase(device);
        } else {
            feed.offline.insert(device);
        }
        const bool alive = feed.offline.empty();
        if (feed.alive == alive || (alive && !feed.unheard.empty())) {
            continue;
        }
        feed.alive = alive;
        const auto last =
            feed.last
                ? std::optional{std::chrono::duration_cast<std::chrono::seconds>(now.instant - *feed.last).count()}
                : std::nullopt;
        Submission submission;
        submission.events.push_back(zone_feed_event(zone.name, alive, last, now));
        ports_.submit(std::move(submission));
    }
}

void ZoneDesk::read(const DeviceName& device, const Reading& reading, Now now) {
    const auto box = ContainerNumber::parse(reading.raw);
    if (reading.kind != ReadingKind::container || !box) {
        return;  // the device's own counts have it
    }
    Submission submission;
    bool known = false;
    for (const auto& zone : zones_) {
        const bool comes = is_reader(zone.zone_in, device);
        if (!comes && !is_reader(zone.zone_out, device)) {
            continue;
        }
        feeds_[zone.name].last = now.instant;
        const auto* trip = trips_.of(*box);
        known = known || (trip != nullptr && trip->zone == zone.name);
        if (comes) {
            arrive(*box, zone.name, ZoneSource::reader, submission, now);
        } else {
            leave(*box, zone.name, ZoneSource::reader, submission, now);
        }
    }
    if (!known) {
        ++unsent_;
        log_.notice("a box was read at a zone to which it was not sent",
                    {{"container", box->text()}, {"device", device}});
    }
    if (!submission.events.empty()) {
        ports_.submit(std::move(submission));
    }
}

void ZoneDesk::tick(Now now) {
    Submission submission;
    submission.events = silence_.watch(now, [this](std::string_view zone) {
        const auto& trips = trips_.trips();
        return std::count_if(trips.begin(), trips.end(),
                             [&](const ZoneTrip& trip) { return trip.zone == zone && !trip.arrived; });
    });
    const auto late = trips_.overdue(now);
    for (const auto& news : late) {
        submission.events.push_back(zone_overdue_event(news.trip, now));
        note(news.trip, submission, now);
    }
    if (!submission.events.empty()) {
        ports_.submit(std::move(submission));
    }
}

void ZoneDesk::conclude(const codec::ZoneResultDocument& document, const Hash256& hash, Submission& submission,
                        Now now) {
    const auto& result = document.result;
    const KeptResult kept{result, document.issued, document.expires, hash};
    if (results_->standing_of(kept) != ZoneResults::Standing::newer) {
        return;
    }
    const auto* trip = trips_.of(result.container);
    if (trip != nullptr && trip->zone == result.zone) {
        // Whoever was inspected was there, whether or not a door saw it come.
        arrive(result.container, result.zone, ZoneSource::central, submission, now);
        trips_.concluded(result.container, result.zone, result.result, result.id);
        note(*trip, submission, now);
    } else {
        trip = nullptr;
    }
    submission.events.push_back(zone_result_event(document, trip, now));
    submission.gate_notes.push_back(
        {std::string{result_note} + result.container.text(), Value{ZoneResults::note_of(kept)}});
    auto results = std::make_shared<ZoneResults>(*results_);
    if (const auto forgotten = results->keep(kept)) {
        log_.notice("the oldest zone result made room for a new one", {{"container", forgotten->text()}});
        submission.gate_notes.push_back({std::string{result_note} + forgotten->text(), std::nullopt});
    }
    results_ = std::move(results);
}

std::vector<UsageKey> ZoneDesk::places(const PassageFacts& facts) const {
    std::vector<UsageKey> places;
    for (const auto& box : facts.identity.containers) {
        if (const auto* kept = results_->of(box.number)) {
            places.push_back(supervision::answer_place(kept->result.id, box.number, facts.control_point));
        }
    }
    return places;
}

bool ZoneDesk::has_result(const UsageKey& place) const {
    const auto* kept = place.container ? results_->of(*place.container) : nullptr;
    return kept != nullptr && kept->result.id == place.order.text();
}

void ZoneDesk::measure(PassageFacts& facts, const std::vector<Usage>& taken, WallTime now) const {
    for (const auto& box : facts.identity.containers) {
        auto& measures = measures_of(facts, box.number);
        measures.results_known = true;
        const auto* kept = results_->of(box.number);
        // An expired one answers nothing, and goes on to hold what it held.
        if (kept == nullptr || (kept->result.result == ZoneResultState::pass && now >= kept->expires)) {
            continue;
        }
        measures.zone_result = kept->result;
        const auto key = supervision::answer_place(kept->result.id, box.number, facts.control_point);
        const auto places = ledger_.taken(key, taken);
        if (std::any_of(places.begin(), places.end(),
                        [&](const Usage& place) { return place.passage != facts.passage; })) {
            measures.answered_before = kept->result.answers;
        }
    }
}

Object ZoneDesk::view(Now now) const {
    List zones;
    for (const auto& zone : zones_) {
        const auto feed = feeds_.find(zone.name);
        const bool known = feed != feeds_.end() && feed->second.alive.has_value();
        const char* const alive = known && *feed->second.alive ? "yes" : "no";
        zones.emplace_back(
            Object{{"zone", zone.name}, {"readers", feed == feeds_.end() ? "none" : (known ? alive : "unknown")}});
    }
    List trips;
    for (const auto& trip : trips_.trips()) {
        trips.emplace_back(
            Object{{"container", trip.container.text()},
                   {"zone", trip.zone},
                   {"directed", time_text(trip.directed)},
                   {"state", trip.arrived ? "arrived" : (trip.overdue_told ? "overdue" : "on_its_way")},
                   {"since_s", std::chrono::duration_cast<std::chrono::seconds>(trip.on_its_way(now.instant)).count()},
                   {"result", text_of(trip.result)}});
    }
    return {{"zones", std::move(zones)},
            {"trips", std::move(trips)},
            {"results", static_cast<std::int64_t>(results_->size())},
            {"read_unsent", unsent_}};
}

const settings::ZoneSettings* ZoneDesk::settings_of(std::string_view zone) const {
    const auto known =
        std::find_if(zones_.begin(), zones_.end(), [&](const auto& candidate) { return candidate.name == zone; });
    return known == zones_.end() ? nullptr : &*known;
}

std::chrono::seconds ZoneDesk::limit_of(std::string_view zone) const {
    if (const auto ruled = ports_.arrive_within ? ports_.arrive_within(zone) : std::nullopt) {
        return *ruled;
    }
    const auto* settings = settings_of(zone);
    return settings == nullptr ? usual_limit : std::chrono::ceil<std::chrono::seconds>(settings->arrive_within);
}

void ZoneDesk::note(const ZoneTrip& trip, Submission& submission, Now now) const {
    submission.gate_notes.push_back(
        {std::string{trip_note} + trip.container.text(), Value{ZoneTrips::note_of(trip, now)}});
}

void ZoneDesk::forget(const ContainerNumber& box, Submission& submission) {
    submission.gate_notes.push_back({std::string{trip_note} + box.text(), std::nullopt});
}

}  // namespace portcullis::gate
