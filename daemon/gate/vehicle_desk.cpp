#include "gate/vehicle_desk.hpp"

#include <algorithm>
#include <utility>

#include "core/time_text.hpp"
#include "gate/document_gate.hpp"
#include "gate/guarded_reading.hpp"
#include "gate/trust_desk.hpp"

namespace portcullis::gate {
namespace {

const DocumentName vehicle_list_document{DocumentKind::vehicles, {}};

std::string vehicle_list_kind() {
    return std::string{text_of(DocumentKind::vehicles)};
}

bool any_vehicles_taken(const trust::Floors& floors) {
    const auto floor = floors.taken.find(vehicle_list_document);
    return floor != floors.taken.end() && floor->second.mark.version > 0;
}

/// What the floors have against a list that was taken earlier, or nothing.
std::optional<std::string> floor_refusal(const trust::Floors& floors, const Hash256& hash, const VehicleList& list) {
    if (!any_vehicles_taken(floors)) {
        return "no vehicle list was taken by the keys that count now";
    }
    const auto& mark = floors.taken.at(vehicle_list_document).mark;
    if (list.version != mark.version || hash != mark.hash) {
        return "it is not the one that was taken";
    }
    return std::nullopt;
}

Value age_of(const VehicleList& list, WallTime now) {
    const auto age = std::chrono::duration_cast<std::chrono::seconds>(now - list.issued).count();
    return std::max<std::int64_t>(0, age);
}

}  // namespace

VehicleDesk::VehicleDesk(const runtime::Log& log, Ports ports) : log_(log), ports_(std::move(ports)) {}

void VehicleDesk::load(store::Journal& journal, store::Quarantine* quarantine) {
    const auto lost = [this](const std::string& why) {
        log_.error("the vehicle list does not count any more: it must come again", {{"why", why}});
    };
    const auto row = journal.document({vehicle_list_kind(), {}});
    if (!row) {
        return lost(row.error().message);
    }
    if (!row.value()) {
        return is_lost() ? lost("it is gone") : void();
    }
    auto read = read_back(*row.value(), quarantine);
    if (!read) {
        return lost(read.error().reason);
    }
    vehicles_ = std::move(read).value();
}

Result<VehicleDesk::LoadedPtr, codec::Refusal> VehicleDesk::read_back(const store::DocumentRow& row,
                                                                      store::Quarantine* quarantine) const {
    const auto kind = text_of(DocumentKind::vehicles);
    auto read = read_guarded(quarantine, row.envelope, kind, [&]() -> Result<LoadedPtr, DocumentRefused> {
        const auto refuse = [&](const codec::Refusal& refusal) {
            return Failure{refused_document(row.envelope, kind, refusal)};
        };
        const auto sealed = read_sealed(row.envelope, kind, most_bytes);
        if (!sealed) {
            return Failure{sealed.error()};
        }
        if (sealed->payload_hash != row.hash) {
            return refuse({codec::RefusalCause::chain, "", "its bytes are not those that were taken"});
        }
        auto list = codec::read_vehicles(sealed->payload);
        if (!list) {
            return refuse(list.error());
        }
        if (auto wrong = floor_refusal(ports_.trust().floors(), sealed->payload_hash, *list)) {
            return refuse({codec::RefusalCause::version, "", std::move(*wrong)});
        }
        return loaded(std::move(list).value(), sealed->payload_hash);
    });
    if (!read) {
        return Failure{codec::Refusal{read.error().cause, "", read.error().detail}};
    }
    return std::move(read).value();
}

VehicleDesk::LoadedPtr VehicleDesk::loaded(VehicleList list, const Hash256& hash) {
    Loaded loaded{std::move(list), hash, {}};
    for (std::size_t i = 0; i < loaded.list.vehicles.size(); ++i) {
        loaded.by_plate.emplace(loaded.list.vehicles[i].plate.text(), i);
    }
    return std::make_shared<const Loaded>(std::move(loaded));
}

DocumentTaker VehicleDesk::taker() {
    return {DocumentKind::vehicles, most_bytes, true, [this] {
                const auto& floors = ports_.trust().floors();
                const auto floor = floors.taken.find(vehicle_list_document);
                DocumentReading reading;
                reading.held.newest =
                    vehicles_ && floor != floors.taken.end() && vehicles_->hash == floor->second.mark.hash;
                reading.read = [this](std::string_view payload) -> Result<ReadDocument, codec::Refusal> {
                    auto list = codec::read_vehicles(payload);
                    if (!list) {
                        return Failure{list.error()};
                    }
                    ReadDocument read;
                    read.head = {list->terminal, list->gates, list->version, list->issued, list->expires};
                    const auto held = std::make_shared<VehicleList>(std::move(list).value());
                    read.enact = [this, held](TakenDocument taken, Submission& submission, Now now) {
                        auto vehicles = loaded(std::move(*held), taken.payload_hash);
                        return enact(std::move(vehicles), std::move(taken), submission, now);
                    };
                    return read;
                };
                return reading;
            }};
}

std::function<void()> VehicleDesk::enact(LoadedPtr vehicles, TakenDocument taken, Submission& submission, Now now) {
    // How many there are, and nobody's plate.
    const DocumentChanges changes{.list = {"vehicles " + std::to_string(vehicles->list.vehicles.size())}};
    submission.events.push_back(document_activated_event(taken, changes, now));
    submission.documents.push_back(std::move(taken.row));
    return [this, vehicles = std::move(vehicles)] {
        vehicles_ = vehicles;
        log_.notice("a vehicle list counts",
                    {{"version", vehicles_->list.version}, {"vehicles", vehicles_->list.vehicles.size()}});
        ports_.changed();
    };
}

void VehicleDesk::follow(const TrustState& trust) {
    if (!vehicles_ || any_vehicles_taken(trust.floors())) {
        return;
    }
    log_.error("the keys of vehicle lists were replaced: the list must be signed anew, and until then no tare is known",
               {{"version", vehicles_->list.version}});
    vehicles_.reset();
    Submission submission;
    submission.documents.push_back({vehicle_list_kind(), {}, 0, {}, {}});
    ports_.submit(std::move(submission));
    ports_.changed();
}

bool VehicleDesk::is_lost() const {
    return !vehicles_ && any_vehicles_taken(ports_.trust().floors());
}

bool VehicleDesk::superseded() const {
    const auto& named = ports_.trust().floors().named;
    const auto newest = named.find(vehicle_list_document);
    return vehicles_ && newest != named.end() && newest->second.version > vehicles_->list.version;
}

std::string VehicleDesk::state(WallTime wall) const {
    if (!vehicles_) {
        return "missing";
    }
    if (vehicles_->list.expires <= ports_.trust().time(wall)) {
        return "expired";
    }
    return superseded() ? "stale" : "fresh";
}

void VehicleDesk::tick(Now now) {
    const auto state = this->state(now.wall);
    if (told_state_ == state) {
        return;
    }
    const bool first = !told_state_;
    told_state_ = state;
    if (first && !vehicles_) {
        return;  // a terminal that weighs nobody has no such list
    }
    Submission submission;
    submission.events.push_back({"document.state", "gate", now,
                                 Object{{"kind", text_of(DocumentKind::vehicles)},
                                        {"state", state},
                                        {"age_s", vehicles_ ? age_of(vehicles_->list, now.wall) : Value{"unknown"}},
                                        {"expires", vehicles_ ? time_text(vehicles_->list.expires) : "none"}},
                                 std::nullopt});
    ports_.submit(std::move(submission));
    if (!first && state != "fresh") {
        ports_.changed();
    }
}

const TareEntry* VehicleDesk::entry_of(const PlateNumber& plate) const {
    const auto found = vehicles_->by_plate.find(plate.text());
    return found == vehicles_->by_plate.end() ? nullptr : &vehicles_->list.vehicles[found->second];
}

void VehicleDesk::measure(PassageFacts& facts, WallTime now) const {
    const auto& identity = facts.identity;
    if (!vehicles_ || !identity.tractor || superseded() || vehicles_->list.expires <= ports_.trust().time(now)) {
        return;
    }
    const auto* const drawing = entry_of(*identity.tractor);
    if (drawing == nullptr || drawing->covers == TareCovers::trailer) {
        return;
    }
    if (drawing->covers == TareCovers::vehicle) {
        facts.measures.vehicle_tare_kg = drawing->tare_kg;
        return;
    }
    // What draws alone is listed alone: without its trailer's own weight nothing is known of both.
    const auto* const drawn = identity.trailer ? entry_of(*identity.trailer) : nullptr;
    if (drawn != nullptr && drawn->covers == TareCovers::trailer) {
        facts.measures.vehicle_tare_kg = drawing->tare_kg + drawn->tare_kg;
    }
}

Object VehicleDesk::view(Now now) const {
    return {{"vehicles_version", vehicles_ ? vehicles_->list.version : 0},
            {"vehicles_state", state(now.wall)},
            {"vehicles_age_s", vehicles_ ? age_of(vehicles_->list, now.wall) : Value{"unknown"}},
            {"vehicles_expires", vehicles_ ? time_text(vehicles_->list.expires) : "none"},
            {"vehicles_count", vehicles_ ? static_cast<std::int64_t>(vehicles_->list.vehicles.size()) : 0}};
}

}  // namespace portcullis::gate
