#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "core/time_text.hpp"
#include "supervision/near.hpp"
#include "supervision/predicate_forms.hpp"

/// What can be asked of the passage: who comes where and when, whatever it carries.
namespace portcullis::supervision::predicate {

inline Way way(const Subject& subject) {
    return subject.facts.way;
}

inline Movement movement(const Subject& subject) {
    return subject.movement;
}

inline Load load(const Subject& subject) {
    return subject.facts.load;
}

inline Text gate(const Subject& subject) {
    return subject.facts.gate;
}

inline Text lane(const Subject& subject) {
    return subject.facts.lane.text();
}

inline bool any_plate_among(const CompiledPredicate& predicate, const PassageIdentity& identity) {
    const auto named = [&](const PlateNumber& plate) { return among(predicate.texts, plate.text()); };
    return (identity.tractor && named(*identity.tractor)) || (identity.trailer && named(*identity.trailer)) ||
           std::any_of(identity.other_plates.begin(), identity.other_plates.end(), named);
}

/// While the tractor's plate is not read, it may be any.
inline Tristate plate(const CompiledPredicate& predicate, const Subject& subject) {
    if (any_plate_among(predicate, subject.facts.identity)) {
        return Tristate::yes;
    }
    return subject.facts.identity.tractor ? Tristate::no : Tristate::unknown;
}

inline std::string plates_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    std::string seen;
    for (const auto& one : plates_read(subject.facts.identity)) {
        seen += (seen.empty() ? "" : " ") + one.text();
    }
    return seen.empty() ? std::string{not_known} : seen;
}

inline Tristate plate_province(const CompiledPredicate& predicate, const Subject& subject) {
    const auto& tractor = subject.facts.identity.tractor;
    if (!tractor) {
        return Tristate::unknown;
    }
    const auto begins = [&](const CompiledText& province) { return tractor->text().starts_with(province.text); };
    return truth(std::any_of(predicate.texts.begin(), predicate.texts.end(), begins));
}

inline std::string province_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    const auto& tractor = subject.facts.identity.tractor;
    return tractor ? tractor->text() : std::string{not_known};
}

/// `not_monitored` is no knowledge: true for a rule that names it, and unknown for one that names a measured state.
inline Tristate radiation(const CompiledPredicate& predicate, const Subject& subject) {
    const auto state = subject.facts.measures.radiation;
    const bool measured = state != RadiationState::not_monitored && state != RadiationState::unknown;
    if ((predicate.words & bit_of(state)) != 0 && state != RadiationState::unknown) {
        return Tristate::yes;
    }
    return measured ? Tristate::no : Tristate::unknown;
}

inline std::string radiation_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    return std::string{text_of(subject.facts.measures.radiation)};
}

inline Tristate time_window(const CompiledPredicate& predicate, const Subject& subject) {
    const auto minute = subject.facts.measures.minute_of_day;
    if (!minute) {
        return Tristate::unknown;
    }
    const auto begin = std::max<std::int64_t>(predicate.at_least, 0);
    const auto end = std::min<std::int64_t>(predicate.at_most, std::int64_t{24} * 60);
    return truth(begin <= end ? *minute >= begin && *minute < end : *minute >= begin || *minute < end);
}

inline std::string minute_seen(const CompiledPredicate& /*predicate*/, const Subject& subject) {
    const auto minute = subject.facts.measures.minute_of_day;
    return minute ? std::to_string(*minute) : std::string{not_known};
}

inline bool is_within(const CompiledPredicate& predicate, const Visit& visit, const Subject& subject) {
    return predicate.within == std::chrono::hours{} || visit.at >= subject.basis.now.wall - predicate.within;
}

inline Number repeat_visits(const CompiledPredicate& predicate, const Subject& subject) {
    const auto& visits = subject.facts.measures.visits;
    if (!visits) {
        return {};
    }
    return std::count_if(visits->begin(), visits->end(),
                         [&](const Visit& visit) { return is_within(predicate, visit, subject); });
}

inline Tristate seen_elsewhere(const CompiledPredicate& predicate, const Subject& subject) {
    const auto& visits = subject.facts.measures.visits;
    if (!visits) {
        return Tristate::unknown;
    }
    return truth(std::any_of(visits->begin(), visits->end(), [&](const Visit& visit) {
        return visit.lane != subject.facts.lane.text() && is_within(predicate, visit, subject);
    }));
}

inline Tristate plate_elsewhere(const CompiledPredicate& predicate, const Subject& subject) {
    const auto elsewhere = seen_elsewhere(predicate, subject);
    return elsewhere == Tristate::unknown ? elsewhere : truth((predicate.words & bit_of(elsewhere)) != 0);
}

inline std::string elsewhere_seen(const CompiledPredicate& predicate, const Subject& subject) {
    return std::string{text_of(seen_elsewhere(predicate, subject))};
}

/// Of the passage itself only as sure as the clock; a declared date is what the order says.
inline Tristate date(const CompiledPredicate& predicate, const Subject& subject) {
    if (predicate.name == "passage") {
        const auto now = subject.basis.now.wall;
        const auto band = subject.basis.clock_band;
        const bool surely_out = now + band < predicate.from || now - band > predicate.to;
        const bool surely_in = now - band >= predicate.from && now + band <= predicate.to;
        return surely_out ? Tristate::no : surely_in ? Tristate::yes : Tristate::unknown;
    }
    if (subject.box == nullptr) {
        return Tristate::no;
    }
    const auto* said = subject.declared.date(predicate.name);
    return said != nullptr ? truth(*said >= predicate.from && *said <= predicate.to) : Tristate::unknown;
}

inline std::string date_seen(const CompiledPredicate& predicate, const Subject& subject) {
    const auto* said = predicate.name == "passage" ? &subject.basis.now.wall : subject.declared.date(predicate.name);
    return said != nullptr ? time_text(*said) : std::string{not_known};
}

}  // namespace portcullis::supervision::predicate
