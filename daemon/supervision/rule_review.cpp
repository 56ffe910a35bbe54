#include "supervision/rule_review.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace portcullis::supervision {
namespace {

/// How two predicates of one kind may exclude each other.
enum class Shape : std::uint8_t { several, words, prefixes, range, dates };

Shape shape_of(PredicateKind kind) {
    switch (kind) {
        case PredicateKind::hs:     // a declaration has many
        case PredicateKind::plate:  // a vehicle has two
        case PredicateKind::time_window:
        case PredicateKind::repeat_visits:
        case PredicateKind::plate_elsewhere:
            return Shape::several;
        case PredicateKind::last_port:
        case PredicateKind::container_prefix:
        case PredicateKind::size_type:
        case PredicateKind::imdg:
            return Shape::prefixes;
        case PredicateKind::gross_kg:
        case PredicateKind::boxes_inside:
        case PredicateKind::dwell_hours:
            return Shape::range;
        case PredicateKind::date:
            return Shape::dates;
        case PredicateKind::way:
        case PredicateKind::movement:
        case PredicateKind::load:
        case PredicateKind::origin:
        case PredicateKind::origin_region:
        case PredicateKind::enterprise:
        case PredicateKind::enterprise_class:
        case PredicateKind::fullness:
        case PredicateKind::reefer:
        case PredicateKind::wood:
        case PredicateKind::ippc:
        case PredicateKind::plate_province:
        case PredicateKind::seal:
        case PredicateKind::weight_delta:
        case PredicateKind::radiation:
        case PredicateKind::gate:
        case PredicateKind::lane:
        case PredicateKind::left_already:
        case PredicateKind::sampling:
        case PredicateKind::zone_result:
        case PredicateKind::attribute:
            return Shape::words;
    }
    return Shape::several;
}

/// A predicate that must be true, or false, for the rule to match.
struct Demand {
    const Predicate* predicate;
    bool wanted;
};

bool any_pair(const Predicate& left, const Predicate& right, bool (*fits)(std::string_view, std::string_view)) {
    return std::any_of(left.texts.begin(), left.texts.end(), [&](const std::string& one) {
        return std::any_of(right.texts.begin(), right.texts.end(),
                           [&](const std::string& other) { return fits(one, other); });
    });
}

bool same(std::string_view left, std::string_view right) {
    return left == right;
}
bool one_begins_the_other(std::string_view left, std::string_view right) {
    return left.starts_with(right) || right.starts_with(left);
}

template <class Bound>
bool apart(const std::optional<Bound>& low, const std::optional<Bound>& high) {
    return low && high && *high < *low;
}

bool both_wanted_exclude(const Predicate& left, const Predicate& right) {
    switch (shape_of(left.kind)) {
        case Shape::several:
            return false;
        case Shape::words:
            return !any_pair(left, right, same);
        case Shape::prefixes:
            return !any_pair(left, right, one_begins_the_other);
        case Shape::range:
            return apart(left.at_least, right.at_most) || apart(right.at_least, left.at_most);
        case Shape::dates:
            return apart(left.from, right.to) || apart(right.from, left.to);
    }
    return false;
}

/// Whether whatever makes `wanted` true makes `unwanted` true as well.
bool implies(const Predicate& wanted, const Predicate& unwanted) {
    if (wanted == unwanted) {
        return true;
    }
    const bool words = shape_of(wanted.kind) == Shape::words;
    return words && std::all_of(wanted.texts.begin(), wanted.texts.end(), [&](const std::string& text) {
               return std::find(unwanted.texts.begin(), unwanted.texts.end(), text) != unwanted.texts.end();
           });
}

std::string words_of(const Demand& demand) {
    std::string text = demand.wanted ? "" : "not ";
    text.append(text_of(demand.predicate->kind));
    for (const auto& word : demand.predicate->texts) {
        text.append(" ").append(word);
    }
    return text;
}

std::optional<std::string> clash(const Demand& left, const Demand& right) {
    const auto& one = *left.predicate;
    const auto& other = *right.predicate;
    if (one.kind != other.kind || one.name != other.name || one.within != other.within) {
        return std::nullopt;
    }
    const bool clashes = (left.wanted && right.wanted && both_wanted_exclude(one, other)) ||
                         (left.wanted && !right.wanted && implies(one, other)) ||
                         (!left.wanted && right.wanted && implies(other, one));
    return clashes ? std::optional{"`" + words_of(left) + "` and `" + words_of(right) + "`"} : std::nullopt;
}

/// Walks a condition in prefix order with what is demanded around each node.
class Review {
public:
    explicit Review(const Rule& rule) : rule_(rule) {}

    std::optional<std::string> run() {
        std::size_t at = 0;
        std::vector<Demand> demands;
        return rule_.condition.empty() ? std::nullopt : visit(at, true, demands);
    }

private:
    /// Adds what the subtree at `at` demands; why that cannot be, or nothing. Leaves `at` behind the subtree.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as conditions may nest
    std::optional<std::string> visit(std::size_t& at, bool wanted, std::vector<Demand>& demands) {
        const auto& node = rule_.condition[at++];
        if (node.join == Join::predicate) {
            return demand({&rule_.predicates[node.predicate], wanted}, demands);
        }
        if (node.join == Join::negation) {
            return visit(at, !wanted, demands);
        }
        const bool every = (node.join == Join::all) == wanted;
        return every ? visit_every(at, node.parts, wanted, demands) : visit_one_of(at, node.parts, wanted, demands);
    }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as conditions may nest
    std::optional<std::string> visit_every(std::size_t& at, std::uint32_t parts, bool wanted,
                                           std::vector<Demand>& demands) {
        std::optional<std::string> why;
        for (std::uint32_t i = 0; i < parts; ++i) {
            auto found = visit(at, wanted, demands);
            why = why ? why : std::move(found);
        }
        return why;
    }

    /// One of the parts is enough: it cannot be only if none can.
    // NOLINTNEXTLINE(misc-no-recursion): as deep as conditions may nest
    std::optional<std::string> visit_one_of(std::size_t& at, std::uint32_t parts, bool wanted,
                                            const std::vector<Demand>& demands) {
        std::optional<std::string> why;
        bool possible = false;
        for (std::uint32_t i = 0; i < parts; ++i) {
            auto branch = demands;
            auto found = visit(at, wanted, branch);
            possible = possible || !found;
            why = why ? why : std::move(found);
        }
        return possible ? std::nullopt : why;
    }

    static std::optional<std::string> demand(Demand added, std::vector<Demand>& demands) {
        for (const auto& before : demands) {
            if (auto why = clash(before, added)) {
                return why;
            }
        }
        demands.push_back(added);
        return std::nullopt;
    }

    const Rule& rule_;
};

}  // namespace

std::optional<std::string> contradiction(const Rule& rule) {
    return Review{rule}.run();
}

}  // namespace portcullis::supervision
