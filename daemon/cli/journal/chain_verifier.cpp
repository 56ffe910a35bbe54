#include "cli/journal/chain_verifier.hpp"

#include <algorithm>
#include <utility>

#include "trust/hash.hpp"

namespace portcullis::cli {

ChainVerifier::ChainVerifier(const codec::EventWriter& writer, ChainStart start, Trusted trusted)
    : writer_(writer), start_(std::move(start)), trusted_(std::move(trusted)), keys_(trusted_.keys) {
    if (trusted_.keys.empty() && start_.head_key) {
        keys_.push_back(*start_.head_key);
    }
    auto& heads = trusted_.heads;
    const auto others = std::stable_partition(heads.begin(), heads.end(),
                                              [this](const SignedHead& head) { return head.stream == start_.stream; });
    heads.erase(others, heads.end());
    std::stable_sort(heads.begin(), heads.end(),
                     [](const SignedHead& left, const SignedHead& right) { return left.sequence < right.sequence; });
    summary_.stream = start_.stream;
    summary_.first = start_.first;
    summary_.last = start_.first - 1;
    summary_.hash = start_.previous;
}

std::optional<Defect> ChainVerifier::event(std::string_view published, const Hash256& hash) {
    const auto sequence = at() + 1;
    if (sequence == start_.first) {
        if (!trusted_.keys.empty() &&
            (!start_.head_key || std::find(keys_.begin(), keys_.end(), *start_.head_key) == keys_.end())) {
            return Defect{0, "it names another head key than the one given: " +
                                 (start_.head_key ? start_.head_key->text() : std::string{"none"})};
        }
        if (start_.first == 1 && start_.previous != Hash256{}) {
            return Defect{1, "the first entry of a stream follows nothing"};
        }
        if (start_.first > 1 && !head_seen_) {
            return Defect{sequence, "it is not the stream's first, and no signed head stands before it"};
        }
        while (next_outside_ < trusted_.heads.size() && trusted_.heads[next_outside_].sequence < at()) {
            ++next_outside_;
            ++summary_.outside_before;
        }
        if (auto defect = outside_heads_here()) {
            return defect;
        }
    }
    const auto stored = writer_.read(published);
    if (!stored) {
        return Defect{sequence, stored.error().message()};
    }
    if (stored->stamp.stream != start_.stream) {
        return Defect{sequence, "it is of stream " + stored->stamp.stream.text()};
    }
    if (stored->stamp.sequence != sequence) {
        return Defect{sequence, "entry " + std::to_string(stored->stamp.sequence) + " stands in its place"};
    }
    if (stored->stamp.previous != summary_.hash) {
        return Defect{sequence, "it does not follow the entry before it"};
    }
    if (trust::chain_hash(summary_.hash, stored->record) != hash) {
        return Defect{sequence, "it is not what was hashed"};
    }
    summary_.last = sequence;
    summary_.hash = hash;
    summary_.source = stored->stamp.source;
    head_seen_ = false;
    learn(stored->event, sequence, !stored->stamp.salt);
    return outside_heads_here();
}

void ChainVerifier::learn(const Event& event, std::int64_t sequence, bool erased) {
    if (erased) {
        ++summary_.erased;
        unexplained_.push_back(sequence);
    }
    if (event.type == "stream.opened" && trusted_.keys.empty()) {
        const auto* named = event.data.find("head_key");
        const auto* text = named == nullptr ? nullptr : named->get<std::string>();
        const auto key = text == nullptr ? std::nullopt : trust::PublicKey::parse(*text);
        if (key && std::find(keys_.begin(), keys_.end(), *key) == keys_.end()) {
            keys_.push_back(*key);
        }
    }
    if (event.type == "journal.erased") {
        const auto number = [&](std::string_view name) {
            const auto* value = event.data.find(name);
            const auto* held = value == nullptr ? nullptr : value->get<std::int64_t>();
            return held == nullptr ? 0 : *held;
        };
        unexplained_.erase(std::lower_bound(unexplained_.begin(), unexplained_.end(), number("first")),
                           std::upper_bound(unexplained_.begin(), unexplained_.end(), number("last")));
    }
    summary_.unexplained_erasures = static_cast<std::int64_t>(unexplained_.size());
}

std::optional<Defect> ChainVerifier::head(std::string_view envelope) {
    const auto head = read_head(envelope);
    if (!head) {
        return Defect{at(), "its head " + head.error()};
    }
    if (head_seen_) {
        return Defect{at(), "it has two heads"};
    }
    if (head->stream != start_.stream || head->sequence != at()) {
        return Defect{at(), "a head of entry " + std::to_string(head->sequence) + " of stream " + head->stream.text() +
                                " stands behind it"};
    }
    if (!head->is_signed_by(keys_)) {
        return Defect{at(), "its head is not signed with the gate's key"};
    }
    if (head->hash != summary_.hash) {
        return Defect{at(), "it is not what its head has signed"};
    }
    head_seen_ = true;
    ++summary_.heads;
    summary_.signed_to = at();
    return std::nullopt;
}

std::optional<Defect> ChainVerifier::outside_heads_here() {
    for (; next_outside_ < trusted_.heads.size() && trusted_.heads[next_outside_].sequence == at(); ++next_outside_) {
        const auto& head = trusted_.heads[next_outside_];
        if (!head.is_signed_by(keys_)) {
            return Defect{at(), "the head that was kept elsewhere is not signed with the gate's key"};
        }
        if (head.hash != summary_.hash) {
            return Defect{at(), "it is not what the head that was kept elsewhere has signed"};
        }
        ++summary_.outside_heads;
        summary_.signed_to = std::max(summary_.signed_to, at());
    }
    return std::nullopt;
}

std::optional<Defect> ChainVerifier::finish() {
    if (at() < start_.first) {
        return Defect{0, "it holds no entry"};
    }
    if (trusted_.heads_given && trusted_.heads.empty()) {
        return Defect{0, "none of the heads that were kept elsewhere is of this stream"};
    }
    if (next_outside_ < trusted_.heads.size()) {
        return Defect{at(), "it is the last one, and a head of entry " +
                                std::to_string(trusted_.heads.back().sequence) + " was kept elsewhere"};
    }
    return std::nullopt;
}

}  // namespace portcullis::cli
