#include "cli/sign/ruleset/compile_vehicles.hpp"

#include "cli/sign/ruleset/draft.hpp"
#include "cli/sign/ruleset/report.hpp"
#include "codec/vehicles_document.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::sign {
namespace {

void write_listed_vehicle(const ConfigNode& vehicle, Draft& draft) {
    draft.sketch().item(vehicle);
    draft.sketch().open_object();
    if (vehicle.expect(ConfigNode::Kind::map, draft.problems())) {
        draft.members({&vehicle, nullptr}, {{"plate"}, {"tare_kg", Form::integer}});
        if (const auto* const covers = vehicle.find("covers")) {
            draft.member(*covers, "covers", Form::text);
        } else {
            draft.sketch().member("covers", vehicle);
            draft.sketch().text(text_of(TareCovers::vehicle));
        }
    }
    draft.sketch().close();
}

void write_vehicle_list(const ConfigNode& root, Draft& draft) {
    draft.read_surroundings(root);
    auto& sketch = draft.sketch();
    sketch.open_object();
    sketch.member("kind", root);
    sketch.text(codec::vehicles_kind);
    draft.members({&root, nullptr}, {{"version", Form::integer},
                                     {"terminal"},
                                     {"gates", Form::list},
                                     {"issued", Form::moment},
                                     {"expires", Form::end}});
    const auto* const vehicles = root.find("vehicles");
    if (vehicles != nullptr && vehicles->expect(ConfigNode::Kind::sequence, draft.problems())) {
        sketch.member("vehicles", *vehicles);
        sketch.open_list();
        for (const auto& vehicle : vehicles->items()) {
            write_listed_vehicle(vehicle, draft);
        }
        sketch.close();
    }
    sketch.close();
    root.report_unread(draft.problems());
}

}  // namespace

std::optional<VehicleList> compile_vehicles(std::string_view text, const std::string& name, ConfigProblems& problems) {
    const auto root = settings::read_yaml(text, name, problems, most_yaml_bytes);
    if (!root || !root->expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    Draft draft{problems};
    write_vehicle_list(*root, draft);
    report_refusals(draft.sketch(), codec::vehicles_refusals(draft.sketch().json(), most_refusals), problems);
    if (!problems.empty()) {
        return std::nullopt;
    }
    return codec::read_vehicles(draft.sketch().json()).value();
}

}  // namespace portcullis::sign
