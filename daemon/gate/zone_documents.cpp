#include "gate/zone_documents.hpp"

#include <memory>
#include <string>
#include <utility>

#include "codec/zone_result_document.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {
namespace {

/// One that is known already is no refusal: brokers deliver again what was not acknowledged.
std::optional<codec::Refusal> refusal_of(ZoneResults::Standing standing, const std::string& container) {
    switch (standing) {
        case ZoneResults::Standing::newer:
        case ZoneResults::Standing::repeated:
            return std::nullopt;
        case ZoneResults::Standing::older:
            return codec::Refusal{codec::RefusalCause::version, "/ended",
                                  "a later inspection of " + container + " is known"};
        case ZoneResults::Standing::other:
            return codec::Refusal{codec::RefusalCause::chain, "/result_id", "is known with other bytes"};
        case ZoneResults::Standing::full:
            return codec::Refusal{codec::RefusalCause::limits, "/container",
                                  "there is no room: all results that are kept hold their boxes"};
    }
    return std::nullopt;
}

Result<ReadDocument, codec::Refusal> read(ZoneDesk& desk, const std::shared_ptr<const ZoneResults>& known,
                                          std::string_view payload) {
    auto read = codec::read_zone_result(payload);
    if (!read) {
        return Failure{read.error()};
    }
    const auto document = std::make_shared<const codec::ZoneResultDocument>(std::move(read).value());
    const KeptResult kept{document->result, document->issued, document->expires, trust::sha256(payload)};
    ReadDocument one;
    one.head = {document->terminal, document->gates, 0, document->issued, document->expires};
    one.trial = [known, kept] { return refusal_of(known->standing_of(kept), kept.result.container.text()); };
    one.enact = [&desk, document, hash = kept.hash](const TakenDocument&, Submission& submission, Now now) {
        desk.conclude(*document, hash, submission, now);
        return std::function<void()>{};
    };
    return one;
}

}  // namespace

DocumentTaker zone_result_taker(ZoneDesk& desk) {
    return {DocumentKind::zone_result, envelope_bytes(codec::most_zone_result_bytes), false, [&desk] {
                return DocumentReading{{}, [&desk, known = desk.results()](std::string_view payload) {
                                           return read(desk, known, payload);
                                       }};
            }};
}

}  // namespace portcullis::gate
