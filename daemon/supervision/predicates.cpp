#include "supervision/predicates.hpp"

#include <array>

#include "supervision/passage_predicates.hpp"
#include "supervision/predicate_forms.hpp"

namespace portcullis::supervision {

/// What can be asked of a box and its declaration.
namespace predicate {
namespace {

Tristate hs(const CompiledPredicate& predicate, const Subject& subject) {
    if (subject.declared.hs == nullptr) {
        return Tristate::unknown;
    }
    auto result = Tristate::no;
    for (const auto& code : *subject.declared.hs) {
        result = either(result, has_one_prefix(code, predicate.texts));
    }
    return result;
}

std::string goods_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    if (subject.declared.hs == nullptr) {
        return std::string{not_known};
    }
    std::string seen;
    for (const auto& code : *subject.declared.hs) {
        seen += (seen.empty() ? "" : " ") + code;
    }
    return seen.empty() ? "none" : seen;
}

Text origin(const Subject& subject) {
    return subject.declared.origin;
}

Text origin_region(const Subject& subject) {
    return subject.declared.origin_region;
}

Text last_port(const Subject& subject) {
    return subject.declared.last_port;
}

Text enterprise(const Subject& subject) {
    return subject.declared.enterprise;
}

Text enterprise_class(const Subject& subject) {
    return subject.enterprise_class;
}

Text number(const Subject& subject) {
    return subject.number;
}

/// What was read over what is declared.
Text size_type(const Subject& subject) {
    const auto& read = subject.box->size_type;
    return read.empty() ? subject.declared.size_type : Text{read};
}

/// What was proved over what is declared.
Fullness fullness(const Subject& subject) {
    const auto proved = subject.facts.fullness;
    return proved != Fullness::unknown ? proved : subject.declared.fullness;
}

Tristate reefer(const Subject& subject) {
    return subject.declared.reefer;
}

Tristate wood(const Subject& subject) {
    return subject.declared.wood;
}

Tristate ippc(const Subject& subject) {
    return subject.declared.ippc;
}

Text imdg(const Subject& subject) {
    return subject.declared.imdg;
}

/// True when every state that the seal may be in is named, false when none is.
Tristate seal(const CompiledPredicate& predicate, const Subject& subject) {
    const auto named = subject.seals & predicate.words;
    if (named == 0) {
        return Tristate::no;
    }
    return named == subject.seals ? Tristate::yes : Tristate::unknown;
}

std::string seal_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    if (subject.seals == any_seal) {
        return std::string{not_known};
    }
    std::string seen;
    for (const auto& row : enum_texts<SealState>) {
        if ((subject.seals & bit_of(row.value)) != 0) {
            seen += (seen.empty() ? "" : " or ") + std::string{row.text};
        }
    }
    return seen;
}

Number gross_kg(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    return subject.declared.gross_kg;
}

Tristate weight_delta(const Subject& subject) {
    return subject.beyond_tolerance;
}

Number boxes_inside(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    const auto& measures = subject.facts.measures;
    if (!measures.boxes_inside_known || !subject.declared.enterprise) {
        return {};
    }
    const auto inside = measures.boxes_inside.find(*subject.declared.enterprise);
    return inside == measures.boxes_inside.end() ? 0 : inside->second;
}

/// Whole hours; a clock that says that it has not come yet knows none.
Number dwell_hours(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    if (subject.measures == nullptr || !subject.measures->history.came_in ||
        *subject.measures->history.came_in > subject.basis.now.wall) {
        return {};
    }
    return std::chrono::floor<std::chrono::hours>(subject.basis.now.wall - *subject.measures->history.came_in).count();
}

Tristate left_already(const Subject& subject) {
    return subject.measures == nullptr ? Tristate::unknown
                                       : subject.measures->history.left_already.value_or(Tristate::unknown);
}

SamplingOutcome sampling(const Subject& subject) {
    return subject.sampling;
}

std::optional<ZoneResultState> newest_result(const Subject& subject) {
    return subject.measures == nullptr ? std::nullopt : subject.measures->result_state();
}

Tristate zone_result(const CompiledPredicate& predicate, const Subject& subject) {
    const auto state = newest_result(subject);
    return state ? truth((predicate.words & bit_of(*state)) != 0) : Tristate::unknown;
}

std::string zone_result_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    const auto state = newest_result(subject);
    return std::string{state ? text_of(*state) : not_known};
}

Tristate attribute(const CompiledPredicate& predicate, const Subject& subject) {
    const auto* said = subject.declared.attribute(predicate.name);
    return said != nullptr ? truth(among(predicate.texts, *said)) : Tristate::unknown;
}

std::string attribute_seen(const CompiledPredicate& predicate, const Subject& subject) {
    const auto* said = subject.declared.attribute(predicate.name);
    return said != nullptr ? *said : std::string{not_known};
}

}  // namespace
}  // namespace predicate

namespace {

using namespace predicate;

constexpr std::array rows{
    word_row<Way, way>(PredicateKind::way, About::passage),
    word_row<Movement, movement>(PredicateKind::movement, About::passage),
    word_row<Load, load>(PredicateKind::load, About::passage),
    PredicateRow{PredicateKind::hs, About::box, no_words, hs, goods_seen},
    text_row<origin>(PredicateKind::origin, About::box),
    text_row<origin_region>(PredicateKind::origin_region, About::box),
    prefix_row<last_port>(PredicateKind::last_port, About::box),
    text_row<enterprise>(PredicateKind::enterprise, About::box),
    text_row<enterprise_class>(PredicateKind::enterprise_class, About::box),
    prefix_row<number>(PredicateKind::container_prefix, About::box),
    prefix_row<size_type>(PredicateKind::size_type, About::box),
    word_row<Fullness, fullness>(PredicateKind::fullness, About::box),
    word_row<Tristate, reefer>(PredicateKind::reefer, About::box),
    word_row<Tristate, wood>(PredicateKind::wood, About::box),
    word_row<Tristate, ippc>(PredicateKind::ippc, About::box),
    prefix_row<imdg>(PredicateKind::imdg, About::box),
    PredicateRow{PredicateKind::plate, About::passage, no_words, plate, plates_seen},
    PredicateRow{PredicateKind::plate_province, About::passage, no_words, plate_province, province_seen},
    PredicateRow{PredicateKind::seal, About::box, words_of<SealState>, seal, seal_seen},
    number_row<gross_kg>(PredicateKind::gross_kg, About::box),
    word_row<Tristate, weight_delta>(PredicateKind::weight_delta, About::box),
    PredicateRow{PredicateKind::radiation, About::passage, words_of<RadiationState>, radiation, radiation_seen},
    PredicateRow{PredicateKind::time_window, About::passage, no_words, time_window, minute_seen},
    text_row<gate>(PredicateKind::gate, About::passage),
    text_row<lane>(PredicateKind::lane, About::passage),
    number_row<repeat_visits>(PredicateKind::repeat_visits, About::passage),
    number_row<boxes_inside>(PredicateKind::boxes_inside, About::box),
    number_row<dwell_hours>(PredicateKind::dwell_hours, About::box),
    word_row<Tristate, left_already>(PredicateKind::left_already, About::box),
    PredicateRow{PredicateKind::plate_elsewhere, About::passage, words_of<Tristate>, plate_elsewhere, elsewhere_seen},
    word_row<SamplingOutcome, sampling>(PredicateKind::sampling, About::box),
    PredicateRow{PredicateKind::zone_result, About::box, words_of<ZoneResultState>, zone_result, zone_result_seen},
    PredicateRow{PredicateKind::attribute, About::box, no_words, attribute, attribute_seen},
    PredicateRow{PredicateKind::date, About::passage, no_words, date, date_seen},
};

/// A kind is looked up by its place.
constexpr bool every_kind_has_its_place() {
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (static_cast<std::size_t>(rows.at(place).kind) != place) {
            return false;
        }
    }
    return rows.size() == enum_texts<PredicateKind>.size();
}
static_assert(every_kind_has_its_place());

}  // namespace

const PredicateRow& predicate_row(PredicateKind kind) {
    return rows.at(static_cast<std::size_t>(kind));
}

Tristate holds(const CompiledPredicate& predicate, const Subject& subject) {
    const auto& row = predicate_row(predicate.kind);
    if (row.about == About::box && subject.box == nullptr) {
        return Tristate::no;
    }
    return row.test(predicate, subject);
}

}  // namespace portcullis::supervision
