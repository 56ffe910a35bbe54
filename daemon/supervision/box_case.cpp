#include "supervision/box_case.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "supervision/enterprise.hpp"
#include "supervision/sampling.hpp"

namespace portcullis::supervision {
namespace {

constexpr std::uint64_t a_seal_is_there =
    bit_of(SealState::intact) | bit_of(SealState::tampered) | bit_of(SealState::open);

/// The seals that the box should carry, or null.
const std::vector<std::string>* expected_seals(const BoxMeasures& box, const Declared& declared) {
    const auto& result = box.zone_result;
    const bool resealed = result && result->result == ZoneResultState::pass && !result->new_seals.empty();
    return resealed ? &result->new_seals : declared.seals;
}

SealState only_state(std::uint64_t seals) {
    return std::has_single_bit(seals) ? static_cast<SealState>(std::countr_zero(seals)) : SealState::unknown;
}

/// By container; where no order names it, those that were given to it by the tractor's plate.
std::vector<const ReleaseOrder*> counting_orders(const BoxOrders& orders, const PassageFacts& facts,
                                                 const std::vector<FoundOrder>& found, const DecisionBasis& basis) {
    if (orders.box != nullptr) {
        auto named = orders_that_count(found, orders.box->number, facts, basis);
        if (!named.empty()) {
            return named;
        }
    }
    std::vector<const ReleaseOrder*> given;
    for (const auto& word : orders.words) {
        for (const auto& judged : word.kept) {
            const auto* release = judged.found->order.release();
            if (release != nullptr && !release->container && judged.scope.empty() && !judged.revoked()) {
                given.push_back(release);
            }
        }
    }
    return given;
}

}  // namespace

std::uint64_t possible_seals(const BoxMeasures* box, const Declared& declared) {
    if (box == nullptr) {
        return any_seal;
    }
    if (box->seal != SealState::intact && box->seal != SealState::unknown) {
        return bit_of(box->seal);
    }
    const bool read = !box->seals_read.empty();
    const auto* expected = expected_seals(*box, declared);
    const auto is_expected = [&](const std::string& seal) {
        return std::find(expected->begin(), expected->end(), seal) != expected->end();
    };
    if (read && expected != nullptr && !std::all_of(box->seals_read.begin(), box->seals_read.end(), is_expected)) {
        return bit_of(SealState::differs);
    }
    if (box->seal == SealState::intact) {
        return bit_of(SealState::intact);
    }
    if (!read) {
        return any_seal;
    }
    return expected != nullptr ? a_seal_is_there : a_seal_is_there | bit_of(SealState::differs);
}

const BoxMeasures* measures_of(const PassageFacts& facts, const IdentifiedContainer* box) {
    if (box != nullptr) {
        for (const auto& measured : facts.measures.boxes) {
            if (measured.container == box->number) {
                return &measured;
            }
        }
    }
    return nullptr;
}

BoxCase::BoxCase(const Ruleset& ruleset, BoxOrders orders, const PassageFacts& facts,
                 const std::vector<FoundOrder>& found, const DecisionBasis& basis)
    : facts_(facts), basis_(basis), orders_(std::move(orders)), measures_(measures_of(facts, orders_.box)) {
    declared_ = declarations_of(counting_orders(orders_, facts, found, basis));
    verdict_.movement = orders_.movement;
    if (orders_.box == nullptr) {
        verdict_.eligible = Tristate::no;
        return;
    }
    number_ = orders_.box->number.text();
    verdict_.container = orders_.box->number;
    verdict_.seal = only_state(possible_seals(measures_, declared_.front()));
    if (measures_ != nullptr && measures_->zone_result) {
        verdict_.zone_result = measures_->zone_result->id;
    }
    judge_sampling(ruleset, declared_, measures_, basis.now.wall, verdict_);
}

void BoxCase::satisfy_sampling() {
    verdict_.sampling = SamplingOutcome::satisfied;
    answered("sampling");
}

void BoxCase::answered(std::string key) {
    if (std::find(verdict_.answered.begin(), verdict_.answered.end(), key) == verdict_.answered.end()) {
        verdict_.answered.push_back(std::move(key));
    }
}

std::vector<Subject> BoxCase::subjects(const Ruleset& ruleset, const WeightJudgement& weight) const {
    std::vector<Subject> subjects;
    for (const auto& declared : declared_) {
        Subject subject{facts_, basis_, orders_.box, declared};
        subject.measures = measures_;
        subject.number = number_;
        subject.movement = orders_.movement;
        subject.enterprise_class =
            class_of(ruleset.classes, declared.enterprise, declared.enterprise_class, basis_.now.wall).name;
        subject.seals = possible_seals(measures_, declared);
        subject.beyond_tolerance = weight.beyond;
        subject.sampling = verdict_.sampling;
        subjects.push_back(subject);
    }
    return subjects;
}

}  // namespace portcullis::supervision
