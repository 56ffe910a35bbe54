#include "cli/sign/sampling_audit.hpp"

#include <algorithm>
#include <charconv>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "trust/draw.hpp"

namespace portcullis::sign {
namespace {

constexpr double level = 0.001;
constexpr std::size_t most_problems = 100;
constexpr codec::JsonLimits event_limits{std::size_t{1024} * 1024, 32};

std::string text_in(const Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string{"unknown"} : *text;
}

std::int64_t number_in(const Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* number = member == nullptr ? nullptr : member->get<std::int64_t>();
    return number == nullptr ? 0 : *number;
}

std::vector<std::string> texts_in(const Value& object, std::string_view name) {
    std::vector<std::string> texts;
    const auto* member = object.find(name);
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        if (const auto* text = (*list)[i].get<std::string>()) {
            texts.push_back(*text);
        }
    }
    return texts;
}

std::int64_t sequence_of(const Value& event) {
    const auto text = text_in(event, "sequence");
    std::int64_t sequence = 0;
    std::from_chars(text.data(), text.data() + text.size(), sequence);
    return sequence;
}

/// An absent member of a row matches anything; the first row that matches; without one nothing is drawn.
std::int64_t rate_of(const Sampling& sampling, std::string_view enterprise_class, std::string_view goods_group,
                     std::string_view movement) {
    for (const auto& row : sampling.rates) {
        if ((!row.enterprise_class || *row.enterprise_class == enterprise_class) &&
            (!row.goods_group || *row.goods_group == goods_group) &&
            (!row.movement || text_of(*row.movement) == movement)) {
            return row.rate_ppm;
        }
    }
    return 0;
}

std::int64_t ticket_of(const SamplingKeyFile& key, const std::string& declaration, const std::string& container,
                       std::int64_t boxes_ppm) {
    return trust::box_ticket(key.secret, {"sampling", key.terminal, declaration, container}, boxes_ppm);
}

bool is_drawn(const SamplingKeyFile& key, const std::string& declaration, std::int64_t rate_ppm) {
    return trust::draw_ticket(key.secret, {"sampling", key.terminal, declaration, {}}) < rate_ppm;
}

}  // namespace

bool AuditResult::clean() const {
    return mismatches == 0 && missing == 0 && unchecked == 0 && redrawn == 0 &&
           std::all_of(shares.begin(), shares.end(), [](const ShareOfClass& share) { return share.within(); });
}

SamplingAudit::SamplingAudit(std::vector<SamplingKeyFile> keys, const Ruleset& ruleset)
    : keys_(std::move(keys)), ruleset_(ruleset) {}

std::optional<std::string> SamplingAudit::add(std::string_view line) {
    const auto event = codec::parse_value(line, event_limits);
    if (!event) {
        return event.error().message();
    }
    const auto type = text_in(*event, "type");
    const auto* data = event->find("data");
    const auto sequence = sequence_of(*event);
    if (data == nullptr || sequence == 0) {
        return "is no event";
    }
    ++result_.events;
    if (last_ != 0 && sequence != last_ + 1) {
        ++result_.missing;
        problem(sequence, "follows event " + std::to_string(last_) + ": what lies between is not in the files");
    }
    last_ = sequence;
    if (type == "portcullis.verdict.issued.v1") {
        read_verdict(*data, sequence);
    } else if (type == "portcullis.sampling.judged.v1") {
        read_draw(*event, *data, sequence);
    }
    return std::nullopt;
}

void SamplingAudit::read_verdict(const Value& data, std::int64_t sequence) {
    const auto containers = texts_in(data, "containers");
    // Without a ruleset nothing is drawn (version 0).
    if (number_in(data, "ruleset_version") > 0 && !containers.empty()) {
        untold_[sequence] = {containers.begin(), containers.end()};
    }
}

void SamplingAudit::read_draw(const Value& event, const Value& data, std::int64_t sequence) {
    ++result_.judged;
    const auto container = text_in(data, "container");
    if (const auto verdict = untold_.find(number_in(data, "verdict_sequence")); verdict != untold_.end()) {
        verdict->second.erase(container);
        if (verdict->second.empty()) {
            untold_.erase(verdict);
        }
    }
    Told told{sequence,
              {},
              {},
              time_from_text(text_in(event, "time")).value_or(WallTime{}),
              text_in(data, "draw"),
              text_in(data, "key_id"),
              container,
              text_in(data, "declaration"),
              texts_in(data, "declarations"),
              text_in(data, "class"),
              number_in(data, "rate_ppm"),
              number_in(data, "boxes_ppm")};
    const auto source = text_in(event, "source");  // /portcullis/{terminal}/{gate}
    const auto gate = source.rfind('/');
    const auto terminal = source.rfind('/', gate - 1);
    if (gate != std::string::npos && gate > 0 && terminal != std::string::npos) {
        told.gate = source.substr(gate + 1);
        told.terminal = source.substr(terminal + 1, gate - terminal - 1);
    }
    if (told.draw == "central_drawn" || told.draw == "central_not") {
        ++result_.by_central;
    } else if (told.draw == "not_eligible") {
        ++result_.not_eligible;
    } else if (told.draw == "unknown" || (told.draw == "satisfied" && told.key_id == "none")) {
        ++result_.unkeyed;
    } else if (same_terms(data, told)) {
        recompute(told);
    }
}

/// Whether the rate is what the ruleset says of such a box.
bool SamplingAudit::same_terms(const Value& data, const Told& told) {
    if (number_in(data, "ruleset_version") != ruleset_.version) {
        ++result_.unchecked;
        problem(told.sequence, "was judged by ruleset " + std::to_string(number_in(data, "ruleset_version")) +
                                   ", which was not given");
        return false;
    }
    const auto rate =
        rate_of(ruleset_.sampling, told.enterprise_class, text_in(data, "goods_group"), text_in(data, "movement"));
    if (rate == 0 && told.rate_ppm == 0 && told.draw == "gate_not") {
        ++result_.recomputed;  // nobody needs a key to draw nothing
        return false;
    }
    if (rate != told.rate_ppm || told.boxes_ppm != ruleset_.sampling.boxes_ppm) {
        ++result_.mismatches;
        problem(told.sequence, "has a rate of " + std::to_string(told.rate_ppm) + " ppm, and the ruleset one of " +
                                   std::to_string(rate));
        return false;
    }
    if (text_in(data, "algorithm") != trust::draw_algorithm) {
        ++result_.unchecked;
        problem(told.sequence, "was drawn by an algorithm that this version does not know");
        return false;
    }
    return true;
}

Result<const SamplingKeyFile*, std::string> SamplingAudit::key_of(const Told& told) const {
    const auto key =
        std::find_if(keys_.begin(), keys_.end(), [&](const auto& one) { return one.key_id == told.key_id; });
    if (key == keys_.end()) {
        return Failure{std::string{}};
    }
    const auto& rows = ruleset_.sampling.keys;
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.id == told.key_id; });
    if (row == rows.end() || row->commitment != key->secret.commitment()) {
        return Failure{"key " + told.key_id + " is not the one that the ruleset commits to"};
    }
    if (row->gate != told.gate || key->terminal != told.terminal) {
        return Failure{"key " + told.key_id + " is that of another gate"};
    }
    if (told.at < row->from || told.at >= row->to) {
        return Failure{"key " + told.key_id + " was not in force"};
    }
    return &*key;
}

void SamplingAudit::recompute(const Told& told) {
    const auto key = key_of(told);
    if (!key && key.error().empty()) {
        ++result_.unchecked;
        problem(told.sequence, "was drawn with key " + told.key_id + ", which was not given");
        return;
    }
    if (!key) {
        ++result_.mismatches;
        problem(told.sequence, key.error());
        return;
    }
    if (told.declarations.empty()) {
        ++result_.mismatches;
        problem(told.sequence, "was drawn for no declaration");
        return;
    }
    // Any declaration that is drawn draws the box: the smallest ticket decides.
    std::int64_t smallest = trust::never_drawn + 1;
    std::string decides;
    for (const auto& declaration : told.declarations) {
        const auto ticket = ticket_of(**key, declaration, told.container, told.boxes_ppm);
        if (ticket < smallest) {
            smallest = ticket;
            decides = declaration;
        }
    }
    const bool drawn = smallest < told.rate_ppm;
    const bool told_so = told.draw == "satisfied" || told.draw == (drawn ? "gate_drawn" : "gate_not");
    if (!told_so || told.declaration != decides) {
        ++result_.mismatches;
        problem(told.sequence, "says " + told.draw + " of " + told.container + " for " + told.declaration +
                                   "; recomputed: " + (drawn ? "drawn" : "not drawn") + " for " + decides);
    } else {
        ++result_.recomputed;
    }
    count(told, **key);
}

void SamplingAudit::count(const Told& told, const SamplingKeyFile& key) {
    for (const auto& declaration : told.declarations) {
        const bool drawn = is_drawn(key, declaration, told.rate_ppm);
        declarations_[{told.enterprise_class, told.rate_ppm}].emplace(key.key_id + "\n" + declaration, drawn);
        const auto [first, is_new] = first_draw_.emplace(declaration, drawn);
        if (!is_new && first->second != drawn && redrawn_.insert(declaration).second) {
            ++result_.redrawn;
            problem(told.sequence, "declaration " + declaration + " was drawn twice, with two results");
        }
    }
}

void SamplingAudit::problem(std::int64_t sequence, std::string what) {
    if (result_.problems.size() < most_problems) {
        result_.problems.push_back({sequence, std::move(what)});
    }
}

AuditResult SamplingAudit::finish() {
    for (const auto& [sequence, containers] : untold_) {
        result_.missing += static_cast<std::int64_t>(containers.size());
        problem(sequence, "is a verdict over " + *containers.begin() + " without a draw beside it");
    }
    for (const auto& [terms, declarations] : declarations_) {
        ShareOfClass share{terms.first, terms.second, static_cast<std::int64_t>(declarations.size()), 0, {}};
        share.drawn =
            std::count_if(declarations.begin(), declarations.end(), [](const auto& one) { return one.second; });
        share.bounds = binomial_bounds(share.eligible, share.rate_ppm, level);
        result_.shares.push_back(share);
    }
    return std::move(result_);
}

}  // namespace portcullis::sign
