#include "codec/sampling_key_document.hpp"

#include "codec/canonical.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "core/time_text.hpp"
#include "core/value.hpp"

namespace portcullis::codec {
namespace {

constexpr JsonLimits limits{most_sampling_key_bytes, 4};

/// 80 bytes in base64: a key of 32 and what a sealed box adds.
constexpr std::size_t sealed_characters = 108;
constexpr auto sealed_form = "a sealed key of 80 bytes in base64 with padding";
bool is_sealed(std::string_view text) {
    return text.size() == sealed_characters;
}

}  // namespace

Result<SamplingKeyDocument, Refusal> read_sampling_key(std::string_view payload) {
    const auto parsed = parse_json(payload, limits);
    if (!parsed) {
        return Failure{parsed.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*parsed, {}, refusal};
    SamplingKeyDocument document;
    if (reader.text("kind") != sampling_key_kind) {
        reader.refuse("kind", "must be sampling_key");
    }
    document.terminal = read_terminal(reader);
    document.gate = required_text(reader, "gate", is_audience_name, audience_name_form);
    document.key_id = required_text(reader, "key_id", is_setting_name, setting_name_form);
    document.from = reader.time("from");
    document.to = reader.time("to");
    if (document.to <= document.from) {
        reader.refuse("to", "is not after from");
    }
    document.sealed = required_text(reader, "sealed", is_sealed, sealed_form);
    reader.refuse_unknown_members();
    if (refusal) {
        return Failure{refusal.get()};
    }
    return document;
}

std::string write_sampling_key(const SamplingKeyDocument& document) {
    return canonical_text(Value{Object{{"kind", sampling_key_kind},
                                       {"terminal", document.terminal},
                                       {"gate", document.gate},
                                       {"key_id", document.key_id},
                                       {"from", time_text(document.from)},
                                       {"to", time_text(document.to)},
                                       {"sealed", document.sealed}}})
        .value();
}

}  // namespace portcullis::codec
