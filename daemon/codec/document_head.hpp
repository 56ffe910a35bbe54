#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"
#include "core/documents.hpp"
#include "core/value.hpp"

/// Only for the .cpp files of this room: no public header shows Boost.JSON.
namespace portcullis::codec {

/// The members that every document begins with: kind, terminal, gates, version, issued, expires.
[[nodiscard]] DocumentHead read_document_head(ObjectReader& reader, DocumentKind kind);

/// `is not a name of …`
[[nodiscard]] std::string is_not(std::string_view form);

/// The same members, to be written.
[[nodiscard]] Object document_head_members(const DocumentHead& head, DocumentKind kind);
void write_document_head(const DocumentHead& head, DocumentKind kind, ObjectBuilder& out);

}  // namespace portcullis::codec
