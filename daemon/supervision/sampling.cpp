#include "supervision/sampling.hpp"

#include <algorithm>

#include "supervision/enterprise.hpp"
#include "supervision/kleene.hpp"

namespace portcullis::supervision {
namespace {

/// A declaration makes a box eligible. Whether it has one is unknown while an order that counts does not say.
Tristate has_declaration(const std::vector<Declared>& declared) {
    auto result = Tristate::no;
    for (const auto& one : declared) {
        if (const auto* order = one.own()) {
            result = either(result, order->declarations ? truth(!order->declarations->empty()) : Tristate::unknown);
        }
    }
    return result;
}

void put_declarations(const std::vector<Declared>& declared, BoxVerdict& verdict) {
    for (const auto& one : declared) {
        if (one.own() == nullptr || !one.own()->declarations) {
            continue;
        }
        for (const auto& number : *one.own()->declarations) {
            if (std::find(verdict.declarations.begin(), verdict.declarations.end(), number) ==
                verdict.declarations.end()) {
                verdict.declarations.push_back(number);
            }
        }
    }
}

std::optional<std::string> copied(const std::optional<std::string_view>& text) {
    return text ? std::optional<std::string>{*text} : std::nullopt;
}

/// The highest rate that any declaration's class and goods may have; of equals the first.
void put_rate(const Ruleset& ruleset, const std::vector<Declared>& declared, WallTime now, BoxVerdict& verdict) {
    std::optional<std::int64_t> highest;
    for (const auto& one : declared) {
        const auto found = class_of(ruleset.classes, one.enterprise, one.enterprise_class, now);
        for (const auto group : goods_groups_of(ruleset.sampling, one.hs)) {
            const auto rate = rate_for(ruleset.sampling, found.name, group, verdict.movement);
            if (!highest || rate > *highest) {
                highest = rate;
                verdict.enterprise = copied(one.enterprise);
                verdict.enterprise_class = copied(found.name);
                verdict.class_since = found.since;
                verdict.goods_group = group;
                verdict.rate_ppm = rate;
            }
        }
    }
}

/// Who drew, if central did: drawn by one authority is drawn.
std::optional<SamplingOutcome> drawn_by_central(const std::vector<Declared>& declared) {
    std::optional<SamplingOutcome> outcome;
    for (const auto& one : declared) {
        const auto* order = one.own();
        if (order != nullptr && order->draw == Draw::drawn) {
            return SamplingOutcome::central_drawn;
        }
        if (order != nullptr && order->draw == Draw::not_drawn) {
            outcome = SamplingOutcome::central_not;
        }
    }
    return outcome;
}

SamplingOutcome drawn_by_gate(const BoxMeasures* box, std::int64_t rate_ppm) {
    switch (drawn_at(box, "sampling", rate_ppm)) {
        case Tristate::yes:
            return SamplingOutcome::gate_drawn;
        case Tristate::no:
            return SamplingOutcome::gate_not;
        case Tristate::unknown:
            break;
    }
    return SamplingOutcome::unknown;
}

}  // namespace

Tristate drawn_at(const BoxMeasures* box, std::string_view purpose, std::int64_t rate_ppm) {
    if (rate_ppm <= 0) {
        return Tristate::no;
    }
    if (box != nullptr) {
        for (const auto& ticket : box->tickets) {
            if (ticket.purpose == purpose) {
                return ticket.ticket_ppm ? truth(*ticket.ticket_ppm < rate_ppm) : Tristate::unknown;
            }
        }
    }
    return Tristate::unknown;
}

void judge_sampling(const Ruleset& ruleset, const std::vector<Declared>& declared, const BoxMeasures* box, WallTime now,
                    BoxVerdict& verdict) {
    put_declarations(declared, verdict);
    put_rate(ruleset, declared, now, verdict);
    verdict.eligible = has_declaration(declared);
    if (verdict.eligible == Tristate::no) {
        verdict.sampling = SamplingOutcome::not_eligible;
        return;
    }
    const auto central = drawn_by_central(declared);
    verdict.sampling = central ? *central : drawn_by_gate(box, verdict.rate_ppm);
}

}  // namespace portcullis::supervision
