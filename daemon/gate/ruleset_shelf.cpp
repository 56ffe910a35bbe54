#include "gate/ruleset_shelf.hpp"

#include <algorithm>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

Value row_of(const ShelvedRuleset& ruleset) {
    List signers;
    for (const auto& signer : ruleset.signers) {
        signers.emplace_back(signer);
    }
    return Object{
        {"name", ruleset.name},           {"version", ruleset.version},
        {"hash", hex_text(ruleset.hash)}, {"bytes", ruleset.bytes},
        {"signers", std::move(signers)},  {"confirmed", ruleset.confirmed ? time_text(*ruleset.confirmed) : "none"},
        {"from", ruleset.from},           {"through", ruleset.through}};
}

std::optional<std::vector<std::string>> texts_in(const Value& row, std::string_view name) {
    const auto* const member = row.find(name);
    const auto* const list = member == nullptr ? nullptr : member->get<List>();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const auto& item : *list) {
        const auto* const text = item.get<std::string>();
        if (text == nullptr) {
            return std::nullopt;
        }
        texts.push_back(*text);
    }
    return texts;
}

std::optional<ShelvedRuleset> ruleset_of(const Value& row) {
    const auto number = [&row](std::string_view name) {
        const auto* const member = row.find(name);
        return member == nullptr ? nullptr : member->get<std::int64_t>();
    };
    const auto text = [&row](std::string_view name) {
        const auto* const member = row.find(name);
        return member == nullptr ? nullptr : member->get<std::string>();
    };
    const auto* const name = text("name");
    const auto* const hash = text("hash");
    const auto* const confirmed = text("confirmed");
    const auto* const version = number("version");
    const auto* const bytes = number("bytes");
    const auto signers = texts_in(row, "signers");
    const auto* const from = number("from");
    const auto* const through = number("through");
    const auto hash_bytes = hash == nullptr ? std::nullopt : hash256_from_hex(*hash);
    if (name == nullptr || confirmed == nullptr || version == nullptr || bytes == nullptr || from == nullptr ||
        through == nullptr || !hash_bytes || !signers) {
        return std::nullopt;
    }
    return ShelvedRuleset{*name, *version, *hash_bytes, *bytes, *signers, time_from_text(*confirmed), *from, *through};
}

List rows_of(const std::optional<ShelvedRuleset>& ruleset) {
    return ruleset ? List{row_of(*ruleset)} : List{};
}

/// The rows of a list, or nothing when one of them is none of ours.
std::optional<std::vector<ShelvedRuleset>> rulesets_in(const Value& note, std::string_view name) {
    const auto* const member = note.find(name);
    const auto* const list = member == nullptr ? nullptr : member->get<List>();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<ShelvedRuleset> rulesets;
    for (const auto& row : *list) {
        auto ruleset = ruleset_of(row);
        if (!ruleset) {
            return std::nullopt;
        }
        rulesets.push_back(std::move(*ruleset));
    }
    return rulesets;
}

std::optional<ShelvedRuleset> only(std::vector<ShelvedRuleset>& rulesets) {
    return rulesets.empty() ? std::nullopt : std::optional{std::move(rulesets.front())};
}

}  // namespace

std::string RulesetShelf::name_of(std::int64_t version, const Hash256& hash) {
    constexpr std::size_t enough = 16;
    return std::to_string(version) + "-" + hex_text(hash).substr(0, enough);
}

std::optional<RulesetShelf> RulesetShelf::read(const Value& note) {
    auto active = rulesets_in(note, "active");
    auto waiting = rulesets_in(note, "waiting");
    auto old = rulesets_in(note, "old");
    if (!active || !waiting || !old || active->size() > 1 || waiting->size() > 1) {
        return std::nullopt;
    }
    RulesetShelf shelf;
    shelf.active_ = only(*active);
    shelf.waiting_ = only(*waiting);
    shelf.old_ = std::move(*old);
    return shelf;
}

Value RulesetShelf::note() const {
    List old;
    for (const auto& ruleset : old_) {
        old.push_back(row_of(ruleset));
    }
    return Object{{"active", rows_of(active_)}, {"waiting", rows_of(waiting_)}, {"old", std::move(old)}};
}

std::set<std::string> RulesetShelf::names() const {
    std::set<std::string> names;
    for (const auto& one : old_) {
        names.insert(one.name);
    }
    for (const auto* const one : {&active_, &waiting_}) {
        if (*one) {
            names.insert((*one)->name);
        }
    }
    return names;
}

const ShelvedRuleset* RulesetShelf::of_verdict(std::int64_t version, std::int64_t sequence) const {
    if (active_ && active_->version == version && active_->from < sequence) {
        return &*active_;
    }
    const auto found = std::find_if(old_.rbegin(), old_.rend(), [&](const ShelvedRuleset& one) {
        return one.version == version && one.from < sequence && (one.through == 0 || sequence <= one.through);
    });
    return found == old_.rend() ? nullptr : &*found;
}

void RulesetShelf::wait(ShelvedRuleset ruleset) {
    waiting_ = std::move(ruleset);
}

void RulesetShelf::activate(ShelvedRuleset ruleset) {
    waiting_.reset();  // whoever signed the newer one knew of it
    retire();
    for (const auto& one : old_) {
        if (one.name == ruleset.name) {  // set aside, and signed anew
            ruleset.from = std::min(ruleset.from, one.from);
        }
    }
    std::erase_if(old_, [&](const ShelvedRuleset& one) { return one.name == ruleset.name; });
    active_ = std::move(ruleset);
}

void RulesetShelf::confirm(const std::string& name, WallTime at) {
    for (auto* const one : {&active_, &waiting_}) {
        if (*one && (*one)->name == name && (!(*one)->confirmed || *(*one)->confirmed < at)) {
            (*one)->confirmed = at;
        }
    }
}

void RulesetShelf::set_aside() {
    waiting_.reset();
    retire();
}

void RulesetShelf::retire() {
    if (active_) {
        old_.push_back(std::move(*active_));
        active_.reset();
    }
}

void RulesetShelf::finish(const std::string& name, std::int64_t last) {
    for (auto& one : old_) {
        if (one.name == name && one.through == 0) {
            one.through = last;
        }
    }
}

void RulesetShelf::forget(std::int64_t cut) {
    std::int64_t bytes = 0;
    for (const auto& one : old_) {
        bytes += one.bytes;
    }
    for (auto one = old_.begin(); one != old_.end();) {
        const bool unused = one->through != 0 && one->through <= cut;
        if (unused || old_.size() > most_old || bytes > most_old_bytes) {
            bytes -= one->bytes;
            one = old_.erase(one);
        } else {
            ++one;
        }
    }
}

}  // namespace portcullis::gate
