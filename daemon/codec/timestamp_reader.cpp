#include <stdexcept>
#include <utility>

#include "codec/document_head.hpp"
#include "codec/json.hpp"
#include "codec/order_words.hpp"
#include "codec/orders.hpp"
#include "codec/trust_documents.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits timestamp_limits{most_trust_payload_bytes, 4};
constexpr JsonLimits claim_limits{most_payload_bytes, 32};

Authority read_authority(ObjectReader& reader, DocumentKind kind) {
    const auto authority = reader.optional_text("authority");
    if (authority.has_value() != (kind == DocumentKind::orders)) {
        reader.refuse("authority", "belongs to orders and to nothing else");
    } else if (authority && !is_authority(*authority)) {
        reader.refuse("authority", is_not(authority_form));
    }
    return Authority{authority.value_or(std::string{})};
}

std::pair<DocumentName, DocumentMark> read_entry(ObjectReader reader) {
    DocumentName name;
    DocumentMark mark;
    name.kind = reader.word<DocumentKind>("kind", {DocumentKind::timestamp});
    name.authority = read_authority(reader, name.kind);
    mark.version = reader.integer("version", 1, widest_integer);
    if (const auto hash = hash256_from_hex(reader.text("sha256"))) {
        mark.hash = *hash;
    } else {
        reader.refuse("sha256", "must be 64 lower-case hex digits");
    }
    reader.refuse_unknown_members();
    return {std::move(name), mark};
}

}  // namespace

Result<TimestampDocument, Refusal> read_timestamp(std::string_view payload) {
    const auto document = parse_json(payload, timestamp_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    TimestampDocument timestamp;
    timestamp.head = read_document_head(reader, DocumentKind::timestamp);
    const auto& entries = reader.array("documents");
    reader.refuse_unknown_members();
    if (entries.size() > most_timestamp_entries) {
        reader.refuse("documents", "more than " + std::to_string(most_timestamp_entries), RefusalCause::limits);
    }
    for (std::size_t i = 0; i < entries.size() && !refusal; ++i) {
        auto entry = read_entry(ObjectReader{entries[i], pointer_to("/documents", i), refusal});
        if (!timestamp.newest.insert(std::move(entry)).second) {
            reader.refuse_item("documents", i, "names a document for the second time");
        }
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return timestamp;
}

std::string write_timestamp(const TimestampDocument& timestamp) {
    List documents;
    for (const auto& [name, mark] : timestamp.newest) {
        Object entry{{"kind", text_of(name.kind)}, {"version", mark.version}, {"sha256", hex_text(mark.hash)}};
        if (!name.authority.empty()) {
            entry.emplace_back("authority", name.authority.text());
        }
        documents.emplace_back(std::move(entry));
    }
    auto members = document_head_members(timestamp.head, DocumentKind::timestamp);
    members.emplace_back("documents", std::move(documents));
    const auto text = canonical_text(Value{std::move(members)});
    if (!text) {
        throw std::invalid_argument{"timestamp document: " + text.error().message()};
    }
    return *text;
}

Result<PayloadClaim, Refusal> read_payload_claim(std::string_view payload) {
    const auto document = parse_json(payload, claim_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    PayloadClaim claim;
    claim.name.kind = reader.word<DocumentKind>("kind");
    const bool orders = claim.name.kind == DocumentKind::orders;
    if (orders) {
        claim.name.authority = read_authority(reader, claim.name.kind);
    }
    claim.version = reader.integer(orders ? "number" : "version", 1, widest_integer);
    claim.issued = reader.optional_time("issued");
    claim.expires = reader.optional_time("expires");
    claim.terminal = reader.text("terminal");
    if (refusal) {
        return Failure{refusal.get()};
    }
    return claim;
}

}  // namespace portcullis::codec
