#include <algorithm>
#include <array>

#include "tests/unit/supervision/a_passage.hpp"

using namespace portcullis;
using namespace portcullis::supervision;
using namespace portcullis::supervision::testing;
using namespace std::chrono_literals;

namespace {

/// One choice of everything that a decision rests on.
struct Choice {
    Way way = Way::out;
    Load load = Load::one_40;
    LoadSource source = LoadSource::profile_beams;
    Fullness fullness = Fullness::unknown;
    int numbers = 1;
    bool plate_read = true;
    Movement movement = Movement::import_laden;
    ReleaseStatus status = ReleaseStatus::released;
    int answer = 0;  ///< 0 orders, 1 failed, 2 empty, 3 behind, 4 none found
    int doubt = 0;   ///< 0 none, 1 clock band, 2 unknown condition, 3 readers disagree, 4 place taken
};

PassageFacts facts_of(const Choice& choice) {
    auto facts = choice.numbers == 2 ? leaving({box_a, box_b}) : leaving();
    facts.way = choice.way;
    facts.load = choice.load;
    facts.load_source = choice.source;
    facts.fullness = choice.fullness;
    facts.boxes.reset();
    if (choice.numbers == 0) {
        facts.identity.containers.clear();
    }
    if (!choice.plate_read) {
        facts.identity.tractor.reset();
    }
    if (choice.doubt == 3) {
        facts.identity.disagreements = {{ReadingKind::container, {box_a, box_b}}};
    }
    return facts;
}

OrdersFound answer_of(const Choice& choice) {
    OrdersFound answer = found({});
    answer.failed = choice.answer == 1;
    answer.empty_cache = choice.answer == 2;
    answer.behind = choice.answer == 3;
    if (choice.answer == 4) {
        return answer;
    }
    for (const auto& number : {box_a, box_b}) {
        auto order = release_order("R-" + number, number, choice.status);
        release_of(order).movement = choice.movement;
        if (choice.doubt == 2) {
            release_of(order).conditions = {{"unheard_of", "{}"}};
        }
        if (choice.doubt == 4) {
            order.usage = {{{order.order.authority, order.order.id, box(number), ControlPoint{"g07"}},
                            UsageState::reserved,
                            passage_id(9)}};
        }
        answer.orders.push_back(order);
    }
    return answer;
}

int boxes_in(Load load) {
    switch (load) {
        case Load::none:
            return 0;
        case Load::one_20:
        case Load::one_40:
            return 1;
        case Load::two_20:
            return 2;
        case Load::unknown:
            break;
    }
    return -1;
}

/// What design.md asks of a release, said a second time and without the tables.
bool may_release(const Choice& choice) {
    if (choice.way == Way::unknown || choice.load == Load::unknown || !choice.plate_read) {
        return false;
    }
    const bool needs_no_order = choice.numbers == 0 && choice.answer == 2;
    if (choice.answer >= 1 && choice.answer <= 3 && !needs_no_order) {
        return false;
    }
    if (choice.numbers != boxes_in(choice.load) || choice.doubt == 3) {
        return false;
    }
    if (choice.numbers == 0) {
        return choice.source == LoadSource::profile_beams;
    }
    if (choice.answer == 4) {
        return choice.way == Way::in && choice.fullness != Fullness::empty;
    }
    const bool empties = choice.movement == Movement::empty_in || choice.movement == Movement::empty_out;
    if (empties || choice.movement == Movement::unknown || choice.movement == Movement::no_box) {
        return false;  // empties need the terminal's order, and these are of another authority
    }
    // No row names these two: nobody's yes is enough.
    if (choice.movement == Movement::domestic || choice.movement == Movement::withdrawn_export) {
        return false;
    }
    return choice.status == ReleaseStatus::released && choice.doubt == 0;
}

/// Choices that differ only in what cannot matter are visited once: orders that are not there have no status, and
/// who judged the load matters where it is none.
bool is_repeat(const Choice& choice) {
    const bool first_order = choice.status == ReleaseStatus::released && choice.movement == Movement::import_laden;
    return (choice.answer != 0 && !first_order) ||
           (choice.load != Load::none && choice.source != LoadSource::profile_beams) || choice.load == Load::one_20;
}

/// What nobody declared may be missing in a release: an undeclared export is admitted.
bool knows_enough(const Verdict& verdict) {
    return std::all_of(verdict.missing.begin(), verdict.missing.end(), [](const std::string& fact) {
        return fact == "enterprise" || fact == "origin" || fact == "hs";
    });
}

template <class Visit>
void for_each_choice(const Visit& visit) {
    constexpr std::array sources{LoadSource::profile_beams, LoadSource::trust_readers, LoadSource::none};
    Choice choice;
    for (const auto& way : enum_texts<Way>) {
        choice.way = way.value;
        for (const auto& load : enum_texts<Load>) {
            choice.load = load.value;
            for (const auto& movement : enum_texts<Movement>) {
                choice.movement = movement.value;
                for (const auto& status : enum_texts<ReleaseStatus>) {
                    choice.status = status.value;
                    for (int rest = 0; rest < 3 * 3 * 2 * 5 * 5 * 3; ++rest) {
                        int left = rest;
                        const auto take = [&left](int count) {
                            const int value = left % count;
                            left /= count;
                            return value;
                        };
                        choice.numbers = take(3);
                        choice.fullness = enum_texts<Fullness>.at(static_cast<std::size_t>(take(3))).value;
                        choice.plate_read = take(2) == 1;
                        choice.answer = take(5);
                        choice.doubt = take(5);
                        choice.source = sources.at(static_cast<std::size_t>(take(3)));
                        if (!is_repeat(choice)) {
                            visit(choice);
                        }
                    }
                }
            }
        }
    }
}

}  // namespace

TEST_CASE("over all combinations nothing is released while a needed fact is unknown") {
    const auto policy = default_policy();
    std::int64_t decided = 0;
    std::int64_t released = 0;
    std::int64_t wrong = 0;
    for_each_choice([&](const Choice& choice) {
        // Inside the band of its clock no order's validity is known: half a day of band covers these orders.
        const auto basis = at(noon, choice.doubt == 1 ? 13h : 0h);
        const auto verdict = evaluate(policy_alone(policy), facts_of(choice), answer_of(choice), basis);
        const bool release = verdict.outcome == VerdictOutcome::release;
        const bool consistent = !verdict.reasons.empty() && verdict.reasons.front().outcome == verdict.outcome &&
                                (release || verdict.claims.empty()) && (!release || knows_enough(verdict));
        ++decided;
        released += release ? 1 : 0;
        wrong += (release && !may_release(choice)) || !consistent ? 1 : 0;
    });
    CAPTURE(decided, released);
    CHECK(wrong == 0);
    CHECK(released > 0);
}

TEST_CASE("what may be released is released") {
    CHECK(may_release({}));
    CHECK(evaluate(policy_alone(default_policy()), facts_of({}), answer_of({}), at(noon)).outcome ==
          VerdictOutcome::release);
    Choice unmatched;
    unmatched.way = Way::in;
    unmatched.answer = 4;
    CHECK(may_release(unmatched));
    CHECK(evaluate(policy_alone(default_policy()), facts_of(unmatched), answer_of(unmatched), at(noon)).outcome ==
          VerdictOutcome::release);
}
