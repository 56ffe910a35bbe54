#include "codec/vehicles_document.hpp"

#include <boost/json/array.hpp>
#include <optional>
#include <set>
#include <utility>

#include "codec/document_head.hpp"
#include "codec/json.hpp"
#include "codec/object_builder.hpp"
#include "codec/object_reader.hpp"

namespace portcullis::codec {
namespace {

namespace json = boost::json;

constexpr JsonLimits vehicles_limits{most_vehicles_bytes, 8};
constexpr std::int64_t heaviest_vehicle_kg = 200'000;

/// Nothing = the document is refused.
std::optional<TareEntry> read_entry(ObjectReader reader) {
    const auto text = reader.text("plate");
    const auto plate = PlateNumber::parse(text);
    if (!plate) {
        reader.refuse("plate", plate.error().message());
        return std::nullopt;
    }
    TareEntry entry{*plate, reader.word<TareCovers>("covers"), reader.integer("tare_kg", 1, heaviest_vehicle_kg)};
    reader.refuse_unknown_members();
    return entry;
}

VehicleList read_vehicle_list(const json::value& document, FirstRefusal& refusal) {
    ObjectReader reader{document, {}, refusal};
    VehicleList list{read_document_head(reader, DocumentKind::vehicles), {}};
    const auto& vehicles = reader.array("vehicles");
    reader.refuse_unknown_members();
    if (vehicles.size() > most_vehicles) {
        reader.refuse("vehicles",
                      std::to_string(vehicles.size()) + " vehicles, at most " + std::to_string(most_vehicles),
                      RefusalCause::limits);
    }
    std::set<std::string> plates;
    list.vehicles.reserve(vehicles.size());
    for (std::size_t i = 0; i < vehicles.size() && !refusal.full(); ++i) {
        auto entry = read_entry(ObjectReader{vehicles[i], pointer_to("/vehicles", i), refusal});
        if (!entry) {
            continue;
        }
        if (!plates.insert(entry->plate.text()).second) {
            reader.refuse_item("vehicles", i, "has the plate of another entry too");
        }
        list.vehicles.push_back(std::move(*entry));
    }
    return list;
}

}  // namespace

Result<VehicleList, Refusal> read_vehicles(std::string_view payload) {
    const auto document = parse_json(payload, vehicles_limits);
    if (!document) {
        return Failure{document.error()};
    }
    FirstRefusal refusal;
    auto list = read_vehicle_list(*document, refusal);
    if (refusal) {
        return Failure{refusal.get()};
    }
    return list;
}

std::vector<Refusal> vehicles_refusals(std::string_view payload, std::size_t most) {
    const auto document = parse_json(payload, vehicles_limits);
    if (!document) {
        return {document.error()};
    }
    FirstRefusal refusal{most};
    static_cast<void>(read_vehicle_list(*document, refusal));
    return refusal.all();
}

std::string write_vehicles(const VehicleList& list) {
    json::object object;
    ObjectBuilder out{object};
    write_document_head(list, DocumentKind::vehicles, out);
    json::array vehicles;
    for (const auto& entry : list.vehicles) {
        json::object one;
        ObjectBuilder row{one};
        row.text("plate", std::string_view{entry.plate.text()});
        row.word<TareCovers>("covers", entry.covers);
        row.integer("tare_kg", entry.tare_kg);
        vehicles.emplace_back(std::move(one));
    }
    out.place("vehicles") = std::move(vehicles);
    return canonical_text(json::value(std::move(object)));
}

}  // namespace portcullis::codec
