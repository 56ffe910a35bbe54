#include "gate/chain_check.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/envelope.hpp"
#include "gate/head_maker.hpp"
#include "trust/base64.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t rows_at_once = 256;
constexpr std::size_t bytes_at_once = std::size_t{1} * 1024 * 1024;
constexpr std::int64_t entries_without_head = 1000;
constexpr std::size_t largest_head = 4096;

ChainDefect defect(std::int64_t sequence, std::string kind, const std::string& what) {
    return {sequence, std::move(kind), "entry " + std::to_string(sequence) + " " + what};
}

/// The hash that a head of ours signs; nothing for what is none.
std::optional<Hash256> signed_hash(const store::HeadRow& head, const trust::PublicKey& key) {
    const auto envelope = codec::read_envelope(head.envelope, head_kind, largest_head);
    const auto payload = envelope ? trust::from_base64(envelope->payload) : std::nullopt;
    const auto bytes = payload ? trust::from_base64(envelope->signatures.front().sig) : std::nullopt;
    const auto signature = bytes ? trust::signature_from_bytes(*bytes) : std::nullopt;
    if (!signature || !key.verifies(trust::pre_authentication_encoding(envelope->payload_type, *payload), *signature)) {
        return std::nullopt;
    }
    const auto said = codec::parse_value(*payload);
    const auto* const hash = said ? said->find("hash") : nullptr;
    const auto* const sequence = said ? said->find("sequence") : nullptr;
    if (hash == nullptr || sequence == nullptr || sequence->get<std::int64_t>() == nullptr ||
        *sequence->get<std::int64_t>() != head.sequence || hash->get<std::string>() == nullptr) {
        return std::nullopt;
    }
    return hash256_from_hex(*hash->get<std::string>());
}

/// Checks one entry; `previous` is that of the entry before it, when it was looked at.
std::optional<ChainDefect> check_entry(const store::EventRow& row, std::int64_t expected,
                                       const std::optional<Hash256>& previous, const codec::EventWriter& writer) {
    const auto stored = writer.read(row.published);
    if (!stored) {
        return defect(row.sequence, "form", "cannot be read: " + stored.error().message());
    }
    if (row.sequence != expected || stored->stamp.sequence != row.sequence) {
        return defect(expected, "missing", "is not in its place");
    }
    if (previous && stored->stamp.previous != *previous) {
        return defect(row.sequence, "chain", "does not follow the one before it");
    }
    if (trust::chain_hash(stored->stamp.previous, stored->record) != row.hash) {
        return defect(row.sequence, "chain", "is not what was hashed");
    }
    return std::nullopt;
}

}  // namespace

std::optional<ChainDefect> check_chain_end(store::Journal& journal, const codec::EventWriter& writer,
                                           const trust::PublicKey& key) {
    const auto last = journal.last().sequence;
    const auto first = journal.cut().sequence + 1;
    const auto head = journal.newest_head(last);
    if (!head) {
        return ChainDefect{0, "unreadable", head.error().message};
    }
    std::int64_t next = std::max(first, last - entries_without_head + 1);
    std::optional<Hash256> held;
    if (head.value() && head.value()->sequence >= first) {
        next = head.value()->sequence;
        held = signed_hash(*head.value(), key);
        if (!held) {
            return defect(next, "head", "has a head that this gate's key did not sign");
        }
    }
    std::optional<Hash256> previous;
    while (next <= last) {
        const auto rows = journal.read_from(next, rows_at_once, bytes_at_once);
        if (!rows) {
            return ChainDefect{next, "unreadable", rows.error().message};
        }
        if (rows->empty()) {
            return defect(next, "missing", "is missing");
        }
        for (const auto& row : *rows) {
            if (auto wrong = check_entry(row, next, previous, writer)) {
                return wrong;
            }
            if (held && *std::exchange(held, std::nullopt) != row.hash) {
                return defect(next, "head", "is another than its head signs");
            }
            previous = row.hash;
            ++next;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::gate
