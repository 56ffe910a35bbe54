#include "cli/sign/ruleset/draft.hpp"

#include <algorithm>
#include <charconv>

#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

constexpr auto longest_duration = std::chrono::hours{24 * 366};
constexpr std::int64_t widest = 9'007'199'254'740'991;
constexpr std::int64_t whole_ppm = 1'000'000;

bool all_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t number(std::string_view digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// `0.5 %` in parts of a million, or nothing.
std::optional<std::int64_t> ppm_of(std::string_view text) {
    if (!text.ends_with('%')) {
        return std::nullopt;
    }
    text.remove_suffix(1);
    text.remove_suffix(text.ends_with(' ') ? 1 : 0);
    const auto dot = text.find('.');
    const auto whole = text.substr(0, dot);
    std::string decimals{dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1)};
    if (!all_digits(whole) || whole.size() > 3 || (dot != std::string_view::npos && !all_digits(decimals)) ||
        decimals.size() > 4) {
        return std::nullopt;
    }
    decimals.resize(4, '0');
    return number(whole) * 10'000 + number(decimals);
}

/// `+08:00`
std::optional<std::chrono::minutes> zone_of(std::string_view text) {
    const bool formed = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
                        all_digits(text.substr(1, 2)) && all_digits(text.substr(4));
    if (!formed) {
        return std::nullopt;
    }
    const std::chrono::minutes offset{number(text.substr(1, 2)) * 60 + number(text.substr(4))};
    return text[0] == '-' ? -offset : offset;
}

}  // namespace

const ConfigNode* Layers::find(std::string_view key) const {
    const auto* const found = own == nullptr ? nullptr : own->find(key);
    const auto* const other = base == nullptr ? nullptr : base->find(key);
    return found != nullptr ? found : other;
}

Layers Layers::below(std::string_view key) const {
    return {own == nullptr ? nullptr : own->find(key), base == nullptr ? nullptr : base->find(key)};
}

void Draft::read_surroundings(const ConfigNode& root) {
    if (const auto* const zone = root.find("time_zone")) {
        zone_ = zone_of(zone->text(problems_));
        if (!zone_) {
            zone->report(problems_, "is no time zone", "write the distance from UTC, as in +08:00");
        }
    }
    const auto* const sets = root.find("sets");
    if (sets == nullptr || !sets->expect(ConfigNode::Kind::map, problems_)) {
        return;
    }
    for (const auto& [name, node] : sets->members()) {
        std::vector<std::string> texts;
        expand(node, texts);
        sets_.emplace(name, std::move(texts));
    }
}

void Draft::expand(const ConfigNode& node, std::vector<std::string>& texts) {
    if (node.kind() == ConfigNode::Kind::sequence) {
        for (const auto& item : node.items()) {
            if (item.kind() == ConfigNode::Kind::scalar) {
                expand(item, texts);
            } else {
                item.report(problems_, "is no text", "write a list of texts");
            }
        }
        return;
    }
    const auto text = node.text(problems_);
    if (!text.starts_with('$')) {
        texts.push_back(text);
        return;
    }
    const auto name = text.substr(1);
    const auto set = sets_.find(name);
    if (set == sets_.end()) {
        std::vector<std::string_view> names;
        for (const auto& entry : sets_) {
            names.push_back(entry.first);
        }
        const auto near = nearest_word(name, names);
        node.report(problems_, "there is no set `" + name + "`",
                    near ? "did you mean `$" + *near + "`?" : "a set stands under `sets`, before it is used");
        return;
    }
    for (const auto& member : set->second) {
        if (std::ranges::find(texts, member) == texts.end()) {  // sets may overlap
            texts.push_back(member);
        }
    }
}

void Draft::members(const Layers& from, std::span<const MemberForm> forms) {
    for (const auto& form : forms) {
        const auto* const node = from.find(form.name);
        const bool unknown =
            node != nullptr && node->kind() == ConfigNode::Kind::scalar && node->text(problems_) == "unknown";
        if (node != nullptr && !unknown) {
            member(*node, form.written.empty() ? form.name : form.written, form.form);
        }
    }
}

void Draft::member(const ConfigNode& node, std::string_view name, Form form) {
    sketch_.member(name, node);
    value(node, form);
}

void Draft::list(const ConfigNode& node) {
    std::vector<std::string> texts;
    expand(node, texts);
    sketch_.open_list();
    const bool as_written = node.kind() == ConfigNode::Kind::sequence && node.items().size() == texts.size();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        sketch_.item(as_written ? node.items()[i] : node);
        sketch_.text(texts[i]);
    }
    sketch_.close();
}

void Draft::rate(const ConfigNode& node) {
    const auto text = node.text(problems_);
    const auto ppm = ppm_of(text);
    if (!ppm) {
        node.report(problems_, "`" + text + "` is no rate", "write a share with at most four decimals, as in 0.5 %");
    } else if (*ppm > whole_ppm) {
        node.report(problems_, "`" + text + "` is out of range", "write a rate from 0 % to 100 %");
    }
    sketch_.integer(std::min(ppm.value_or(whole_ppm), whole_ppm));
}

std::optional<WallTime> Draft::read_moment(const ConfigNode& node, Form form) {
    auto text = node.text(problems_);
    if (const auto exact = time_from_text(text)) {
        return exact;
    }
    const bool date = text.size() == 10;
    if (text.size() == 16 && text[10] == ' ') {
        text[10] = 'T';
    }
    const auto local = time_from_text(text + (date ? "T00:00:00.000Z" : ":00.000Z"));
    if (!local) {
        node.report(problems_, "`" + text + "` is no moment",
                    "write a date as in 2026-11-23, with a time as in 2026-11-23 14:00, or UTC with milliseconds");
        return std::nullopt;
    }
    if (!zone_) {
        node.report(problems_, "`" + text + "` is a date of no time zone",
                    "say `time_zone: +08:00` in the file's head");
        return std::nullopt;
    }
    auto time = *local - *zone_;
    if (date && form == Form::end) {
        time += std::chrono::hours{24} - std::chrono::milliseconds{1};
    }
    return time;
}

void Draft::moment(WallTime time) {
    sketch_.text(time_text(time));
}

void Draft::value(const ConfigNode& node, Form form) {
    switch (form) {
        case Form::text:
            sketch_.text(node.text(problems_));
            return;
        case Form::list:
            list(node);
            return;
        case Form::integer:
            sketch_.integer(node.integer(problems_, 0, widest));
            return;
        case Form::flag:
            sketch_.flag(node.flag(problems_));
            return;
        case Form::rate:
            rate(node);
            return;
        case Form::duration:
            sketch_.integer(std::chrono::duration_cast<std::chrono::seconds>(
                                node.duration(problems_, std::chrono::seconds{1}, longest_duration))
                                .count());
            return;
        case Form::moment:
        case Form::end:
            moment(read_moment(node, form).value_or(WallTime{}));
            return;
    }
}

}  // namespace portcullis::sign
