#include "supervision/reading_policy.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "core/container_number.hpp"
#include "core/plate_number.hpp"
#include "core/utf8.hpp"
#include "supervision/movement.hpp"

namespace portcullis::supervision {
namespace {

/// One reading that could be repaired, before the policy is asked.
struct Candidate {
    ReadingRepair repair;
    std::optional<ContainerNumber> container;
    std::optional<PlateNumber> plate;
};

std::optional<ContainerNumber> container_of(const Order& order) {
    if (const auto* release = order.release()) {
        return release->container;
    }
    const auto* movement = order.movement();
    return movement == nullptr ? std::nullopt : movement->container;
}

bool names(const Order& order, const Candidate& candidate) {
    if (candidate.container) {
        return container_of(order) == candidate.container;
    }
    const auto& plates = order.tractor_plates;
    return order.targeting() == nullptr && std::find(plates.begin(), plates.end(), *candidate.plate) != plates.end();
}

bool order_known(const OrdersFound& found, const Candidate& candidate) {
    return std::any_of(found.orders.begin(), found.orders.end(),
                       [&](const FoundOrder& one) { return names(one.order, candidate); });
}

/// Boxes without a number. Where the load is unknown there is at least one box, or no repair helps.
std::size_t boxes_without_number(const PassageFacts& facts, const PassageIdentity& identity) {
    const auto boxes = static_cast<std::size_t>(boxes_of(facts.load).value_or(facts.boxes.value_or(1)));
    return boxes > identity.containers.size() ? boxes - identity.containers.size() : 0;
}

bool readers_disagree(const PassageIdentity& identity, ReadingKind kind) {
    return std::any_of(identity.disagreements.begin(), identity.disagreements.end(),
                       [kind](const Disagreement& one) { return one.kind == kind; });
}

bool is_identified(const PassageIdentity& identity, const ContainerNumber& number) {
    return std::any_of(identity.containers.begin(), identity.containers.end(),
                       [&](const IdentifiedContainer& one) { return one.number == number; });
}

/// Where two texts of one length differ, if they do so at one place only.
std::optional<std::size_t> only_difference(std::u32string_view a, std::u32string_view b) {
    if (a.size() != b.size()) {
        return std::nullopt;
    }
    std::optional<std::size_t> at;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i]) {
            if (at) {
                return std::nullopt;
            }
            at = i;
        }
    }
    return at;
}

std::optional<Candidate> container_candidate(const std::string& read, const PassageIdentity& identity) {
    std::vector<ContainerRepair> repairs;
    for (const auto& repair : container_repairs(read)) {
        if (repair.number.category() == ContainerCategory::freight) {
            repairs.push_back(repair);
        }
    }
    if (repairs.empty() || is_identified(identity, repairs.front().number)) {
        return std::nullopt;
    }
    const auto& first = repairs.front();
    Candidate candidate{{ReadingKind::container, read, first.number.text(), first.position, "",
                         static_cast<std::int64_t>(repairs.size()), Tristate::no, RepairCause::policy},
                        first.number,
                        std::nullopt};
    candidate.repair.table = {read[first.position], '/', candidate.repair.candidate[first.position]};
    return candidate;
}

/// Only what the grammar forces: an I or an O stands in no serial (GA 36), so that exactly one plate results.
std::optional<Candidate> plate_candidate(const std::string& read) {
    const auto plate = plate_with_forced_repair(read);
    const auto before = code_points(read);
    const auto after = plate ? code_points(plate->text()) : std::nullopt;
    const auto at = before && after ? only_difference(*before, *after) : std::nullopt;
    if (!at || plate->is_trailer()) {
        return std::nullopt;
    }
    const auto table = to_utf8((*before).substr(*at, 1)) + "/" + to_utf8((*after).substr(*at, 1));
    return Candidate{{ReadingKind::plate, read, plate->text(), *at, table, 1, Tristate::no, RepairCause::policy},
                     std::nullopt,
                     *plate};
}

/// The cause that speaks against a candidate, whatever other candidates say.
RepairCause judged_alone(const Candidate& candidate, const ReadingPolicy& policy) {
    if (!policy.repair) {
        return RepairCause::policy;
    }
    if (candidate.repair.candidates != 1) {
        return RepairCause::ambiguous;
    }
    return candidate.repair.order_known == Tristate::yes ? RepairCause::taken : RepairCause::order_unknown;
}

/// Settles all candidates of one kind, of which `most` may be taken together.
std::vector<Candidate> settle(std::vector<Candidate> candidates, const ReadingPolicy& policy, const OrdersFound& found,
                              std::size_t most, bool contested) {
    std::set<std::string> taken;
    for (auto& one : candidates) {
        const bool known = order_known(found, one);
        one.repair.order_known = found.failed ? Tristate::unknown : (known ? Tristate::yes : Tristate::no);
        one.repair.cause = judged_alone(one, policy);
        if (one.repair.cause == RepairCause::taken) {
            taken.insert(one.repair.candidate);
        }
    }
    if (contested || taken.size() > most) {
        for (auto& one : candidates) {
            one.repair.cause = one.repair.cause == RepairCause::taken ? RepairCause::conflict : one.repair.cause;
        }
    }
    return candidates;
}

void take_containers(ReadingsWeighed& weighed, const ReadingPolicy& policy, const PassageFacts& facts,
                     const OrdersFound& found) {
    auto& identity = weighed.identity;
    const auto wanted = boxes_without_number(facts, identity);
    if (wanted == 0) {
        return;
    }
    std::vector<Candidate> candidates;
    for (const auto& read : identity.invalid_containers) {
        if (auto candidate = container_candidate(read, identity)) {
            candidates.push_back(std::move(*candidate));
        }
    }
    const bool contested = readers_disagree(identity, ReadingKind::container);
    for (const auto& one : settle(std::move(candidates), policy, found, wanted, contested)) {
        weighed.repairs.push_back(one.repair);
        if (one.repair.cause == RepairCause::taken && !is_identified(identity, *one.container)) {
            identity.containers.push_back({*one.container, LoadPosition::not_applicable, "", 1, {}});
        }
    }
}

void take_plate(ReadingsWeighed& weighed, const ReadingPolicy& policy, const OrdersFound& found) {
    auto& identity = weighed.identity;
    if (identity.tractor) {
        return;
    }
    std::vector<Candidate> candidates;
    for (const auto& read : identity.invalid_plates) {
        if (auto candidate = plate_candidate(read)) {
            candidates.push_back(std::move(*candidate));
        }
    }
    const bool contested = readers_disagree(identity, ReadingKind::plate) || !identity.other_plates.empty();
    for (const auto& one : settle(std::move(candidates), policy, found, 1, contested)) {
        weighed.repairs.push_back(one.repair);
        if (one.repair.cause == RepairCause::taken) {
            identity.tractor = one.plate;
        }
    }
}

/// Too few readers, or one alone that doubts itself.
bool is_weak(const IdentifiedContainer& box, const ReadingPolicy& policy) {
    const auto readers = box.votes + box.parts;
    return readers < policy.readers_at_least ||
           (readers < 2 && box.confidence && *box.confidence < policy.confidence_at_least);
}

void put_weak_aside(PassageIdentity& identity, const ReadingPolicy& policy) {
    for (const auto& box : identity.containers) {
        if (is_weak(box, policy)) {
            identity.invalid_containers.push_back(box.number.text());
        }
    }
    std::erase_if(identity.containers, [&](const IdentifiedContainer& box) { return is_weak(box, policy); });
}

}  // namespace

bool ReadingsWeighed::repaired() const {
    return std::any_of(repairs.begin(), repairs.end(),
                       [](const ReadingRepair& repair) { return repair.cause == RepairCause::taken; });
}

ReadingsWeighed weigh_readings(const ReadingPolicy& policy, const PassageFacts& facts, const OrdersFound& found) {
    ReadingsWeighed weighed{facts.identity, {}, false};
    put_weak_aside(weighed.identity, policy);
    const bool weaker = weighed.identity.containers.size() != facts.identity.containers.size();
    if (!weaker) {
        // A number that was put aside speaks against every other one.
        take_containers(weighed, policy, facts, found);
    }
    take_plate(weighed, policy, found);
    weighed.changed = weaker || weighed.repaired();
    return weighed;
}

}  // namespace portcullis::supervision
