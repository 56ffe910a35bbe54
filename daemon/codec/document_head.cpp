#include "codec/document_head.hpp"

#include "codec/canonical.hpp"
#include "codec/order_words.hpp"
#include "core/time_text.hpp"

namespace portcullis::codec {
namespace {

constexpr std::size_t most_gates = 1000;

}  // namespace

std::string is_not(std::string_view form) {
    std::string text{"is not "};
    text.append(form);
    return text;
}

DocumentHead read_document_head(ObjectReader& reader, DocumentKind kind) {
    DocumentHead head;
    if (reader.text("kind") != text_of(kind)) {
        reader.refuse("kind", "must be " + std::string{text_of(kind)});
    }
    head.terminal = reader.text("terminal");
    if (!is_audience_name(head.terminal)) {
        reader.refuse("terminal", is_not(audience_name_form));
    }
    head.gates = reader.optional_texts("gates", most_gates).value_or(std::vector<std::string>{});
    for (std::size_t i = 0; i < head.gates.size(); ++i) {
        if (!is_audience_or_all(head.gates[i])) {
            reader.refuse_item("gates", i, "\"" + head.gates[i] + "\" " + is_not(audience_name_form));
        }
    }
    if (head.gates.empty()) {
        reader.refuse("gates", "must name at least one gate, or \"*\"");
    }
    head.version = reader.integer("version", 1, widest_integer);
    head.issued = reader.time("issued");
    head.expires = reader.time("expires");
    if (head.expires <= head.issued) {
        reader.refuse("expires", "is not after issued");
    }
    return head;
}

Object document_head_members(const DocumentHead& head, DocumentKind kind) {
    List gates;
    for (const auto& gate : head.gates) {
        gates.emplace_back(gate);
    }
    return {{"kind", text_of(kind)},   {"terminal", head.terminal},        {"gates", std::move(gates)},
            {"version", head.version}, {"issued", time_text(head.issued)}, {"expires", time_text(head.expires)}};
}

void write_document_head(const DocumentHead& head, DocumentKind kind, ObjectBuilder& out) {
    out.text("kind", text_of(kind));
    out.integer("version", head.version);
    out.text("terminal", std::string_view{head.terminal});
    out.texts("gates", head.gates);
    out.time("issued", head.issued);
    out.time("expires", head.expires);
}

}  // namespace portcullis::codec
