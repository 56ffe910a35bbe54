#include "codec/order_snapshot.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <utility>

#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"
#include "codec/order_authority.hpp"
#include "core/hash256.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

std::string hash_text(ObjectReader& reader, std::string_view name) {
    auto text = reader.text(name);
    if (!hash256_from_hex(text)) {
        reader.refuse(name, "must be 64 lower-case hex digits");
    }
    return text;
}

OrderSnapshot::Chunk read_chunk(ObjectReader reader) {
    OrderSnapshot::Chunk chunk;
    chunk.sha256 = hash_text(reader, "sha256");
    chunk.bytes = reader.integer("bytes", 1, static_cast<std::int64_t>(most_chunk_bytes));
    chunk.lines = reader.integer("lines", 1, static_cast<std::int64_t>(most_chunk_bytes));
    reader.refuse_unknown_members();
    return chunk;
}

OrderSnapshot read_head(ObjectReader& reader) {
    OrderSnapshot snapshot;
    if (reader.text("kind") != snapshot_kind) {
        reader.refuse("kind", "must be snapshot");
    }
    snapshot.authority = Authority{required_text(reader, "authority", is_order_authority, order_authority_form)};
    snapshot.terminal = read_terminal(reader);
    snapshot.gates = read_gates(reader);
    snapshot.number = reader.integer("number", 1, widest_integer);
    snapshot.hash = hash_text(reader, "hash");
    snapshot.issued = reader.time("issued");
    snapshot.expires = reader.time("expires");
    if (snapshot.expires <= snapshot.issued) {
        reader.refuse("expires", "is not after issued");
    }
    return snapshot;
}

}  // namespace

Result<OrderSnapshot, Refusal> read_order_snapshot(std::string_view payload) {
    const auto document = parse_json(payload, {most_snapshot_head_bytes, 4});
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    ObjectReader reader{*document, {}, refusal};
    auto snapshot = read_head(reader);
    const auto& chunks = reader.array("chunks");
    reader.refuse_unknown_members();
    if (chunks.size() > most_snapshot_chunks) {
        reader.refuse("chunks",
                      std::to_string(chunks.size()) + " chunks, at most " + std::to_string(most_snapshot_chunks),
                      RefusalCause::limits);
    }
    for (std::size_t i = 0; i < chunks.size() && !refusal; ++i) {
        snapshot.chunks.push_back(read_chunk(ObjectReader{chunks[i], pointer_to("/chunks", i), refusal}));
    }
    if (refusal) {
        return Failure{refusal.get()};
    }
    return snapshot;
}

std::string write_order_snapshot(const OrderSnapshot& snapshot) {
    json::object object;
    ObjectBuilder out{object};
    out.text("kind", snapshot_kind);
    out.text("authority", std::string_view{snapshot.authority.text()});
    out.text("terminal", std::string_view{snapshot.terminal});
    out.texts("gates", snapshot.gates);
    out.integer("number", snapshot.number);
    out.text("hash", std::string_view{snapshot.hash});
    out.time("issued", snapshot.issued);
    out.time("expires", snapshot.expires);
    json::array chunks;
    for (const auto& chunk : snapshot.chunks) {
        chunks.push_back(json::object{{"sha256", chunk.sha256}, {"bytes", chunk.bytes}, {"lines", chunk.lines}});
    }
    out.place("chunks") = std::move(chunks);
    return canonical_text(json::value(std::move(object)));
}

}  // namespace portcullis::codec
