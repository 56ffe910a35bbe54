#include "gate/sampling_documents.hpp"

#include <memory>
#include <string>
#include <utility>

#include "codec/sampling_key_document.hpp"
#include "gate/document_gate.hpp"
#include "gate/trust_desk.hpp"

namespace portcullis::gate {
namespace {

constexpr auto most_bytes = envelope_bytes(codec::most_sampling_key_bytes);

std::string kind() {
    return std::string{text_of(DocumentKind::sampling_key)};
}

/// Brokers deliver a retained document at each connection: one that is held already changes nothing.
std::function<void()> enact(SamplingKeys& keys, const codec::SamplingKeyDocument& document, TakenDocument taken,
                            Submission& submission, Now now) {
    if (keys.holds(document.key_id, taken.payload_hash)) {
        return {};
    }
    submission.events.push_back(
        document_activated_event(taken, DocumentChanges{.list = {"sampling key " + document.key_id}}, now));
    const auto gone = keys.gone_for(document);
    if (gone) {
        submission.documents.push_back({kind(), *gone, 0, {}, {}});
    }
    if (gone != document.key_id) {
        taken.row.name = document.key_id;
        submission.documents.push_back(std::move(taken.row));
    }
    // Its trial has opened it already.
    return [&keys, document, hash = taken.payload_hash] { static_cast<void>(keys.take(document, hash)); };
}

Result<ReadDocument, codec::Refusal> read(SamplingKeys& keys, std::string_view payload) {
    auto read = codec::read_sampling_key(payload);
    if (!read) {
        return Failure{read.error()};
    }
    const auto document = std::make_shared<const codec::SamplingKeyDocument>(std::move(read).value());
    ReadDocument one;
    one.head = {document->terminal, {document->gate}, 0, document->from, document->to};
    one.trial = [&keys, document] { return keys.refusal_of(*document); };
    one.enact = [&keys, document](TakenDocument taken, Submission& submission, Now now) {
        return enact(keys, *document, std::move(taken), submission, now);
    };
    return one;
}

}  // namespace

DocumentTaker sampling_key_taker(SamplingKeys& keys) {
    return {DocumentKind::sampling_key, most_bytes, false, [&keys] {
                return DocumentReading{{}, [&keys](std::string_view payload) { return read(keys, payload); }};
            }};
}

void recall_sampling_keys(store::Journal& journal, SamplingKeys& keys, const runtime::Log& log) {
    const auto lost = [&log](const std::string& key, const std::string& why) {
        log.error("a sampling key is lost: it must come again", {{"key", key}, {"why", why}});
    };
    const auto rows = journal.documents(kind());
    if (!rows) {
        return lost("all", rows.error().message);
    }
    for (const auto& row : rows.value()) {
        const auto sealed = read_sealed(row.envelope, kind(), most_bytes);
        if (!sealed || sealed->payload_hash != row.hash) {
            lost(row.name, "its bytes are not those that were taken");
            continue;
        }
        const auto document = codec::read_sampling_key(sealed->payload);
        const auto refused = document ? keys.take(document.value(), row.hash) : std::optional{document.error()};
        if (refused) {
            lost(row.name, refused->message());
        }
    }
}

}  // namespace portcullis::gate
