#include "supervision/conditions.hpp"

#include "supervision/box_case.hpp"
#include "supervision/predicates.hpp"

namespace portcullis::supervision {

Tristate condition_met(const OrderCondition& condition, const OrderAt& at) {
    const auto* release = at.found.order.release();
    if (!condition.predicate || release == nullptr) {
        return Tristate::unknown;
    }
    const auto texts = sorted_texts(*condition.predicate);
    const Declared declared{release, {}};
    const auto number = at.box != nullptr ? at.box->number.text() : std::string{};
    Subject subject{at.facts, at.basis, at.box, declared};
    subject.measures = measures_of(at.facts, at.box);
    subject.number = number;
    subject.movement = release->movement;
    subject.enterprise_class = declared.enterprise_class;
    subject.seals = possible_seals(subject.measures, declared);
    subject.beyond_tolerance = at.beyond_tolerance;
    return holds(compiled(*condition.predicate, texts), subject);
}

bool waits_for_result(const OrderCondition& condition, const OrderAt& at) {
    const auto* box = measures_of(at.facts, at.box);
    return condition.predicate && condition.predicate->kind == PredicateKind::zone_result && box != nullptr &&
           box->result_state() == ZoneResultState::none;
}

}  // namespace portcullis::supervision
