#include "core/config_node.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <span>
#include <tuple>

namespace portcullis {
namespace {

std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string out = "`";
    out += text.substr(0, longest);
    out += text.size() > longest ? "…`" : "`";
    return out;
}

std::string_view kind_text(ConfigNode::Kind kind) {
    switch (kind) {
        case ConfigNode::Kind::empty:
            return "nothing";
        case ConfigNode::Kind::scalar:
            return "a single value";
        case ConfigNode::Kind::sequence:
            return "a list";
        case ConfigNode::Kind::map:
            return "a group of keys";
    }
    return "nothing";
}

std::string join(const std::vector<std::string_view>& words) {
    std::string out;
    for (const auto word : words) {
        out += out.empty() ? "" : ", ";
        out += word;
    }
    return out;
}

/// A whole number as a person writes it: no sign but minus, no leading zero (octal to some readers of YAML).
std::optional<std::int64_t> whole_number(std::string_view text) {
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Unit {
    std::string_view text;
    std::int64_t size;  ///< in the smallest
};
/// A kind of quantity: what it is called, its units from the largest to the smallest, and how it is written.
struct Quantity {
    std::string_view name;
    std::string_view help;
    std::span<const Unit> units;
    std::string_view zero;
};

constexpr auto time_units =
    std::to_array<Unit>({{"d", 86'400'000}, {"h", 3'600'000}, {"min", 60'000}, {"s", 1'000}, {"ms", 1}});
constexpr Quantity time_quantity{"length of time", "write a whole number and ms, s, min, h or d, as in `20 ms`",
                                 time_units, "0 ms"};
constexpr auto size_units = std::to_array<Unit>({{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}});
constexpr Quantity size_quantity{"size", "write a whole number and KiB, MiB or GiB, as in `64 MiB`", size_units,
                                 "0 KiB"};

std::string quantity_text(std::int64_t value, const Quantity& quantity) {
    for (const auto& unit : quantity.units) {
        if (value != 0 && value % unit.size == 0) {
            return std::to_string(value / unit.size) + " " + std::string{unit.text};
        }
    }
    return std::string{quantity.zero};
}

std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::vector<std::size_t>> rows(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
    for (std::size_t i = 0; i <= from.size(); ++i) {
        rows[i][0] = i;
    }
    std::iota(rows[0].begin(), rows[0].end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const std::size_t changed = from[i - 1] == to[j - 1] ? 0 : 1;
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + changed});
            if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
            }
        }
    }
    return rows[from.size()][to.size()];
}

}  // namespace

std::string ConfigProblem::message() const {
    auto out = where.file;
    if (where.line > 0) {
        out += ":" + std::to_string(where.line) + ":" + std::to_string(where.column);
    }
    out += ": ";
    if (!path.empty()) {
        out += path + ": ";
    }
    out += what;
    if (!help.empty()) {
        out += "; " + help;
    }
    return out;
}

ConfigNode ConfigNode::scalar(ConfigMark mark, std::string path, std::string text) {
    ConfigNode node{std::move(mark), std::move(path)};
    node.kind_ = Kind::scalar;
    node.scalar_ = std::move(text);
    return node;
}

ConfigNode ConfigNode::sequence(ConfigMark mark, std::string path, std::vector<ConfigNode> items) {
    ConfigNode node{std::move(mark), std::move(path)};
    node.kind_ = Kind::sequence;
    node.items_ = std::move(items);
    return node;
}

ConfigNode ConfigNode::map(ConfigMark mark, std::string path, std::vector<std::pair<std::string, ConfigNode>> members) {
    ConfigNode node{std::move(mark), std::move(path)};
    node.kind_ = Kind::map;
    node.members_ = std::move(members);
    return node;
}

const ConfigNode* ConfigNode::find(std::string_view key) const {
    if (std::ranges::find(asked_, key) == asked_.end()) {
        asked_.emplace_back(key);
    }
    for (const auto& [name, member] : members_) {
        if (name == key) {
            member.read_ = true;
            return &member;
        }
    }
    return nullptr;
}

const ConfigNode* ConfigNode::require(std::string_view key, ConfigProblems& problems) const {
    const auto* const member = find(key);
    if (member == nullptr && !skipped_) {
        report(problems, quoted(key) + " is missing", "add `" + std::string{key} + ":`");
    }
    return member;
}

const std::vector<std::pair<std::string, ConfigNode>>& ConfigNode::members() const {
    for (const auto& [name, member] : members_) {
        member.read_ = true;
    }
    return members_;
}

std::string ConfigNode::text(ConfigProblems& problems) const {
    return expect(Kind::scalar, problems) ? scalar_ : std::string{};
}

bool ConfigNode::expect(Kind kind, ConfigProblems& problems) const {
    if (kind_ == kind) {
        return true;
    }
    if (kind_ == Kind::empty) {
        report(problems, "there is no value", "write " + std::string{kind_text(kind)} + " here or take the key out");
    } else {
        report(problems, "here stands " + std::string{kind_text(kind_)}, "write " + std::string{kind_text(kind)});
    }
    skip();
    return false;
}

std::int64_t ConfigNode::integer(ConfigProblems& problems, std::int64_t least, std::int64_t most) const {
    const auto given = text(problems);
    if (kind_ != Kind::scalar) {
        return least;
    }
    const auto range = "write a whole number from " + std::to_string(least) + " to " + std::to_string(most);
    const auto value = whole_number(given);
    if (!value && is_digits(given) && given.front() == '0') {
        report(problems, quoted(given) + " begins with a zero, which some readers of YAML take as octal", range);
        return least;
    }
    if (!value) {
        report(problems, quoted(given) + " is no whole number", range);
        return least;
    }
    if (*value < least || *value > most) {
        report(problems, quoted(given) + " is out of range", range);
        return least;
    }
    return *value;
}

bool ConfigNode::flag(ConfigProblems& problems) const {
    const auto given = text(problems);
    if (kind_ == Kind::scalar && given != "true" && given != "false") {
        report(problems, quoted(given) + " is neither `true` nor `false`", "write `true` or `false`");
    }
    return given == "true";
}

namespace {

/// The value of `node` in the smallest unit; `least`, and a problem, when it is none.
std::int64_t read_quantity(const ConfigNode& node, const Quantity& quantity, std::int64_t least, std::int64_t most,
                           ConfigProblems& problems) {
    const auto given = node.text(problems);
    if (node.kind() != ConfigNode::Kind::scalar) {
        return least;
    }
    const std::string_view view{given};
    const auto number_ends = std::min(view.find_first_not_of("0123456789"), view.size());
    const auto number = whole_number(view.substr(0, number_ends));
    auto unit_text = view.substr(number_ends);
    unit_text.remove_prefix(unit_text.starts_with(' ') ? 1 : 0);
    if (number && unit_text.empty()) {
        node.report(problems, quoted(given) + " has no unit", std::string{quantity.help});
        return least;
    }
    const auto unit = std::ranges::find(quantity.units, unit_text, &Unit::text);
    if (!number || unit == quantity.units.end()) {
        node.report(problems, quoted(given) + " is no " + std::string{quantity.name}, std::string{quantity.help});
        return least;
    }
    const bool fits = *number <= most / unit->size;
    const auto value = fits ? *number * unit->size : 0;
    if (!fits || value < least || value > most) {
        node.report(problems, quoted(given) + " is out of range",
                    "write a " + std::string{quantity.name} + " from " + quantity_text(least, quantity) + " to " +
                        quantity_text(most, quantity));
        return least;
    }
    return value;
}

}  // namespace

std::chrono::milliseconds ConfigNode::duration(ConfigProblems& problems, std::chrono::milliseconds least,
                                               std::chrono::milliseconds most) const {
    return std::chrono::milliseconds{read_quantity(*this, time_quantity, least.count(), most.count(), problems)};
}

std::int64_t ConfigNode::bytes(ConfigProblems& problems, std::int64_t least, std::int64_t most) const {
    return read_quantity(*this, size_quantity, least, most, problems);
}

void ConfigNode::report(ConfigProblems& problems, std::string what, std::string help) const {
    problems.add({mark_, path_, std::move(what), std::move(help)});
}

void ConfigNode::report_unread(ConfigProblems& problems) const {
    if (skipped_) {
        return;
    }
    report_unread_members(problems);
    for (const auto& item : items_) {
        item.report_unread(problems);
    }
}

void ConfigNode::report_unread_members(ConfigProblems& problems) const {
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    for (const auto& [name, member] : members_) {
        if (member.read_) {
            member.report_unread(problems);
            continue;
        }
        const auto near = nearest_word(name, known);
        auto help = near            ? "did you mean `" + *near + "`?"
                    : known.empty() ? std::string{"take it out"}
                                    : "known here: " + join(known);
        problems.add(
            {member.key_mark_.value_or(member.mark_), member.path_, "unknown key " + quoted(name), std::move(help)});
    }
}

void ConfigNode::report_word(ConfigProblems& problems, std::string_view given,
                             const std::vector<std::string_view>& words) const {
    if (kind_ != Kind::scalar) {
        return;
    }
    const auto near = nearest_word(given, words);
    report(problems, quoted(given) + " is none of: " + join(words),
           near ? "did you mean `" + *near + "`?" : "write one of them");
}

std::string duration_text(std::chrono::milliseconds value) {
    return quantity_text(value.count(), time_quantity);
}

std::string size_text(std::int64_t bytes) {
    return quantity_text(bytes, size_quantity);
}

std::optional<std::string> nearest_word(std::string_view given, const std::vector<std::string_view>& words) {
    constexpr std::size_t farthest = 2;
    constexpr std::size_t longest = 64;  // beyond it the table of distances would cost more than the hint is worth
    std::optional<std::string> nearest;
    std::size_t least = farthest + 1;
    for (const auto word : words) {
        if (given.size() > longest || word.size() > longest) {
            continue;
        }
        const auto distance = edit_distance(given, word);
        if (distance < least && distance * 2 <= std::max(given.size(), word.size())) {
            least = distance;
            nearest = std::string{word};
        }
    }
    return nearest;
}

}  // namespace portcullis
