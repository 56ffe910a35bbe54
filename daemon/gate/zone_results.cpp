#include "gate/zone_results.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "codec/zone_result_document.hpp"
#include "core/enum_text.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {
namespace {

/// Nothing when a member is no text.
std::optional<std::vector<std::string>> texts_in(const Value& note, std::string_view name) {
    const auto* member = note.find(name);
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (const auto& item : *list) {
        const auto* text = item.get<std::string>();
        if (text == nullptr) {
            return std::nullopt;
        }
        texts.push_back(*text);
    }
    return texts;
}

}  // namespace

ZoneResults::Standing ZoneResults::standing_of(const KeptResult& result) const {
    const auto* known = of(result.result.container);
    if (known == nullptr) {
        return results_.size() < most_results || oldest_pass() != results_.end() ? Standing::newer : Standing::full;
    }
    if (known->hash == result.hash) {
        return Standing::repeated;
    }
    if (known->result.id == result.result.id) {
        return Standing::other;
    }
    const bool later = known->result.ended != result.result.ended ? result.result.ended > known->result.ended
                                                                  : result.issued > known->issued;
    return later ? Standing::newer : Standing::older;
}

std::optional<ContainerNumber> ZoneResults::keep(KeptResult result) {
    std::optional<ContainerNumber> forgotten;
    const auto container = result.result.container;
    if (of(container) == nullptr && results_.size() >= most_results) {
        const auto oldest = oldest_pass();
        if (oldest == results_.end()) {
            return std::nullopt;
        }
        forgotten = oldest->first;
        results_.erase(oldest);
    }
    // What is kept is judged by; who inspected stands in the event alone, where it can be erased.
    result.result.inspectors.clear();
    result.result.approver.clear();
    results_.insert_or_assign(container, std::move(result));
    return forgotten;
}

const KeptResult* ZoneResults::of(const ContainerNumber& container) const {
    const auto known = results_.find(container);
    return known == results_.end() ? nullptr : &known->second;
}

std::map<ContainerNumber, KeptResult>::const_iterator ZoneResults::oldest_pass() const {
    auto oldest = results_.end();
    for (auto one = results_.begin(); one != results_.end(); ++one) {
        const bool passed = one->second.result.result == ZoneResultState::pass;
        if (passed && (oldest == results_.end() || one->second.result.ended < oldest->second.result.ended)) {
            oldest = one;
        }
    }
    return oldest;
}

Object ZoneResults::note_of(const KeptResult& kept) {
    auto note = codec::zone_result_members(kept.result);
    note.insert(
        note.end(),
        {{"issued", time_text(kept.issued)}, {"expires", time_text(kept.expires)}, {"hash", hex_text(kept.hash)}});
    return note;
}

bool ZoneResults::recall(const Value& note) {
    const auto container = ContainerNumber::parse(text_member(note, "container"));
    const auto state = enum_from<ZoneResultState>(text_member(note, "result"));
    const auto methods = texts_in(note, "methods");
    const auto answers = texts_in(note, "answers");
    const auto old_seals = texts_in(note, "old_seals");
    const auto new_seals = texts_in(note, "new_seals");
    const auto started = time_from_text(text_member(note, "started"));
    const auto ended = time_from_text(text_member(note, "ended"));
    const auto issued = time_from_text(text_member(note, "issued"));
    const auto expires = time_from_text(text_member(note, "expires"));
    const auto hash = hash256_from_hex(text_member(note, "hash"));
    if (!container || !state || !methods || !answers || !old_seals || !new_seals || !started || !ended || !issued ||
        !expires || !hash || results_.size() >= most_results) {
        return false;
    }
    KeptResult kept{{text_member(note, "result_id"),
                     *container,
                     text_member(note, "zone"),
                     *state,
                     *methods,
                     *answers,
                     *old_seals,
                     *new_seals,
                     {},
                     {},
                     *started,
                     *ended},
                    *issued,
                    *expires,
                    *hash};
    results_.insert_or_assign(*container, std::move(kept));
    return true;
}

}  // namespace portcullis::gate
