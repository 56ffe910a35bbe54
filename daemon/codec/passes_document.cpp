#include "codec/passes_document.hpp"

#include <boost/json/array.hpp>
#include <map>
#include <set>
#include <utility>

#include "codec/digest.hpp"
#include "codec/document_head.hpp"
#include "codec/formed_texts.hpp"
#include "codec/json.hpp"
#include "codec/pass_value.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr JsonLimits limits{most_passes_bytes, 8};

/// Nothing = the document is refused.
std::optional<Pass> read_listed_pass(ObjectReader reader) {
    auto pass = read_pass(reader);
    if (!pass) {
        return std::nullopt;
    }
    pass->holder = formed_text(reader, "holder", is_identifier, identifier_form).value_or(std::string{});
    if (looks_like_digest(pass->holder)) {
        reader.refuse("holder", "looks like the digest of an erased value");
    }
    reader.refuse_unknown_members();
    return pass;
}

/// Ids are unique, and no vehicle has too many.
class Crowd {
public:
    void add(const Pass& pass, ObjectReader& reader, std::size_t index) {
        if (!ids_.insert(pass.id).second) {
            reader.refuse_item("passes", index, "has the id of another pass too");
        }
        if (++of_plate_[pass.plate.text()] > most_passes_of_a_plate) {
            reader.refuse_item("passes", index,
                               "is one more of this plate than the " + std::to_string(most_passes_of_a_plate) +
                                   " that a vehicle may have",
                               RefusalCause::limits);
        }
    }

private:
    std::set<std::string> ids_;
    std::map<std::string, std::size_t> of_plate_;
};

PassList read_pass_list(const json::value& document, FirstRefusal& refusal) {
    ObjectReader reader{document, {}, refusal};
    PassList list{read_document_head(reader, DocumentKind::passes), {}};
    const auto& passes = reader.array("passes");
    reader.refuse_unknown_members();
    if (passes.size() > most_passes) {
        reader.refuse("passes", std::to_string(passes.size()) + " passes, at most " + std::to_string(most_passes),
                      RefusalCause::limits);
    }
    Crowd crowd;
    list.passes.reserve(passes.size());
    for (std::size_t i = 0; i < passes.size() && !refusal.full(); ++i) {
        auto pass = read_listed_pass(ObjectReader{passes[i], pointer_to("/passes", i), refusal});
        if (pass) {
            crowd.add(*pass, reader, i);
            list.passes.push_back(std::move(*pass));
        }
    }
    return list;
}

}  // namespace

Result<PassList, Refusal> read_passes(std::string_view payload) {
    const auto document = parse_json(payload, limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    auto list = read_pass_list(*document, refusal);
    if (refusal) {
        return Failure{refusal.get()};
    }
    return list;
}

std::vector<Refusal> passes_refusals(std::string_view payload, std::size_t most) {
    const auto document = parse_json(payload, limits);
    if (!document) {
        return {document.error()};
    }
    FirstRefusal refusal{most};
    static_cast<void>(read_pass_list(*document, refusal));
    return refusal.all();
}

std::string write_passes(const PassList& list) {
    json::object object;
    ObjectBuilder out{object};
    write_document_head(list, DocumentKind::passes, out);
    json::array passes;
    for (const auto& pass : list.passes) {
        json::object one;
        ObjectBuilder row{one};
        write_pass(pass, row);
        if (!pass.holder.empty()) {
            row.text("holder", std::string_view{pass.holder});
        }
        passes.emplace_back(std::move(one));
    }
    out.place("passes") = std::move(passes);
    return canonical_text(json::value(std::move(object)));
}

}  // namespace portcullis::codec
