#include "simulators/run/narration.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

namespace portcullis::run {

namespace {

using Tone = Teller::Tone;

std::string number_of(const SeenEvent& event, std::string_view name) {
    const auto* value = event.data.if_contains(name);
    return value != nullptr && value->is_int64() ? std::to_string(value->get_int64()) : "?";
}

std::string in_seconds(const SeenEvent& event, std::string_view name) {
    const auto* value = event.data.if_contains(name);
    const auto ms = value != nullptr && value->is_int64() ? value->get_int64() : 0;
    return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100) + " s";
}

std::string list(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text;
}

std::string spaced(std::string word) {
    std::replace(word.begin(), word.end(), '_', ' ');
    return word;
}

std::optional<Line> detected(const SeenEvent& event) {
    const auto origin = text_of(event, "origin");
    return Line{"lane", spaced(text_of(event, "by")) + " sees a vehicle: passage " + event.passage.substr(0, 4) +
                            (origin == "arrival" ? " begins" : " begins (" + spaced(origin) + ")")};
}

std::optional<Line> reading(const SeenEvent& event) {
    const auto valid = text_of(event, "valid") == "yes";
    const auto raw = text_of(event, "raw");
    return Line{"reader", text_of(event, "role") + " reads " + text_of(event, "kind") + " " + raw +
                              (valid ? "" : ", which is none (" + spaced(text_of(event, "defect")) + ")")};
}

std::optional<Line> missing(const SeenEvent& event) {
    return Line{"reader", event.device + " says nothing (" + spaced(text_of(event, "cause")) + ")"};
}

std::optional<Line> verdict(const SeenEvent& event) {
    std::vector<std::string> reasons;
    for (const auto& reason : event.data.at("reasons").as_array()) {
        const auto code = spaced(std::string{reason.at("code").as_string()});
        if (std::find(reasons.begin(), reasons.end(), code) == reasons.end()) {
            reasons.push_back(code);
        }
    }
    const auto outcome = text_of(event, "outcome");
    const auto tone = outcome == "release" ? Tone::good : outcome == "hold" ? Tone::bad : Tone::title;
    return Line{"verdict", outcome + " – " + list(reasons), tone};
}

std::optional<Line> commanded(const SeenEvent& event) {
    const auto command = text_of(event, "command");
    return Line{"arm", command == "up" ? "commanded up, on record first"
                                       : spaced(command) + ", under the arm " + text_of(event, "presence")};
}

std::optional<Line> moved(const SeenEvent& event) {
    return Line{"arm", spaced(text_of(event, "to")) + " after " + in_seconds(event, "travel_ms") + " (" +
                           spaced(text_of(event, "cause")) + ")"};
}

std::optional<Line> light(const SeenEvent& event) {
    if (text_of(event, "head") != "light_go") {
        return std::nullopt;
    }
    const auto colour = text_of(event, "colour");
    return Line{"light", colour, colour == "green" ? Tone::good : Tone::plain};
}

std::optional<Line> sign(const SeenEvent& event) {
    const auto* zone = event.data.if_contains("zone");
    return Line{"sign", "says " + spaced(text_of(event, "text_id")) +
                            (zone == nullptr ? "" : ": " + std::string{zone->as_string()})};
}

std::optional<Line> repaired(const SeenEvent& event) {
    const auto taken = text_of(event, "taken");
    return Line{"reader",
                text_of(event, "read") +
                    (taken == "none" ? " is not taken for " + text_of(event, "candidate") : " is taken for " + taken) +
                    " (" + spaced(text_of(event, "cause")) + ")"};
}

std::optional<Line> ended(const SeenEvent& event) {
    const auto used = event.data.at("orders_used").as_array().size();
    return Line{"passage", spaced(text_of(event, "outcome")) +
                               (used == 0 ? ", no order used" : ", " + std::to_string(used) + " order(s) used")};
}

std::optional<Line> fault(const SeenEvent& event) {
    return Line{"arm", "fault: " + spaced(text_of(event, "kind")), Tone::bad};
}

std::optional<Line> batch(const SeenEvent& event) {
    return Line{"orders",
                "batch " + number_of(event, "number") + " of " + text_of(event, "authority") + " checked and applied"};
}

std::optional<Line> device(const SeenEvent& event) {
    return Line{"device", event.device + " is " + text_of(event, "state")};
}

std::optional<Line> mode(const SeenEvent& event) {
    return Line{"lane", spaced(text_of(event, "from")) + " → " + spaced(text_of(event, "to"))};
}

std::optional<Line> zone(const SeenEvent& event) {
    const auto result = text_of(event, "result");
    const bool wrong = event.name == "zone.overdue" || result == "treat" || result == "fail";
    return Line{"zone",
                text_of(event, "container") + " " + event.name.substr(5) + " " + text_of(event, "zone") +
                    (result.empty() ? "" : ", result " + result),
                wrong ? Tone::bad : Tone::plain};
}

struct Row {
    std::string_view name;
    std::optional<Line> (*line)(const SeenEvent&);
};

std::optional<Line> weight(const SeenEvent& event) {
    const auto kg = [&event](const char* member) {
        const auto& value = event.data.at(member);
        return value.is_int64() ? std::to_string(value.as_int64()) + " kg" : std::string{"unknown"};
    };
    const auto state = text_of(event, "state");
    return Line{"weight", state == "stable" ? kg("gross_vehicle_kg") + ", its tare " + kg("vehicle_tare_kg")
                                            : "none, the weighbridge is " + state};
}

constexpr std::array rows{
    Row{"passage.detected", detected},
    Row{"reading.taken", reading},
    Row{"reading.missing", missing},
    Row{"weight.taken", weight},
    Row{"verdict.issued", verdict},
    Row{"arm.commanded", commanded},
    Row{"arm.moved", moved},
    Row{"lane.light", light},
    Row{"lane.sign", sign},
    Row{"reading.repaired", repaired},
    Row{"passage.ended", ended},
    Row{"arm.fault", fault},
    Row{"order.batch", batch},
    Row{"device.state", device},
    Row{"lane.mode", mode},
    Row{"document.activated",
        [](const SeenEvent& event) -> std::optional<Line> {
            return Line{"gate", text_of(event, "kind") + " " + number_of(event, "version") + " is in force",
                        Tone::good};
        }},
    Row{"document.refused",
        [](const SeenEvent& event) -> std::optional<Line> {
            return Line{"gate", text_of(event, "kind") + " refused: " + spaced(text_of(event, "cause")), Tone::bad};
        }},
    Row{"zone.directed", zone},
    Row{"zone.arrived", zone},
    Row{"zone.overdue", zone},
    Row{"zone.result", zone},
    Row{"zone.left", zone},
    Row{"passage.tailgate",
        [](const SeenEvent&) -> std::optional<Line> {
            return Line{"alarm", "a second vehicle on one permission", Tone::bad};
        }},
    Row{"passage.wrong_way",
        [](const SeenEvent&) -> std::optional<Line> {
            return Line{"alarm", "a vehicle against the way", Tone::bad};
        }},
    Row{"passage.backed_out",
        [](const SeenEvent&) -> std::optional<Line> {
            return Line{"lane", "it leaves by the back"};
        }},
    Row{"order.returned",
        [](const SeenEvent& event) -> std::optional<Line> {
            return Line{"orders", text_of(event, "container") + " is given back, on proof"};
        }},
    Row{"arm.obstructed",
        [](const SeenEvent& event) -> std::optional<Line> {
            return Line{"alarm", "something under the lowering arm; request withdrawn: " + text_of(event, "withdrawn"),
                        Tone::bad};
        }},
};

std::string plate_of(const story::Truck& truck) {
    return truck.plate.empty() ? "a vehicle without plate" : truck.plate;
}

}  // namespace

std::optional<Line> line_of(const SeenEvent& event) {
    const auto* const row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.name == event.name; });
    return row == rows.end() ? std::nullopt : row->line(event);
}

std::string words_of(const story::GivenOrder& order) {
    const auto plate = order.plate.empty() ? "" : " for " + order.plate;
    switch (order.kind) {
        case story::GivenOrder::Kind::release:
            return order.container + " " + order.status + plate + (order.valid == "today" ? "" : ", " + order.valid);
        case story::GivenOrder::Kind::movement:
            return "appointment " + spaced(order.movement) + " " + order.container + plate;
        case story::GivenOrder::Kind::target:
            return order.container + " targeted: " + order.action;
        case story::GivenOrder::Kind::revoke:
            return order.container + ": the release is taken back";
    }
    return {};
}

std::string words_of(const story::Truck& truck) {
    const auto load = truck.containers.empty() ? "without a box" : "with " + list(truck.containers);
    switch (truck.drives) {
        case story::Drives::obeys:
            return plate_of(truck) + " " + load + " drives up";
        case story::Drives::behind_without_stopping:
            return plate_of(truck) + " " + load + " drives up close behind, and will not stop";
        case story::Drives::under_the_falling_arm:
            return plate_of(truck) + " " + load + " drives up, and will push in under the falling arm";
        case story::Drives::wrong_way:
            return plate_of(truck) + " " + load + " comes from the wrong side";
    }
    return {};
}

std::string words_of(const story::Happening& happening) {
    const auto seconds = std::to_string(happening.lasting.count() / 1000) + " s";
    switch (happening.what) {
        case story::Does::stop:
            return "the truck stops for " + seconds;
        case story::Does::reverse:
            return "the truck backs up";
        case story::Does::follow:
            return "another truck comes close behind, and will not stop";
        case story::Does::broker_down:
            return "the broker is switched off" + (happening.lasting.count() == 0 ? "" : " for " + seconds);
        case story::Does::broker_up:
            return "the broker is switched on again";
        case story::Does::device_offline:
            return "the cable of " + happening.device + " is pulled for " + seconds;
        case story::Does::arm_stuck:
            return "the arm's motor is stuck";
        case story::Does::open_limit_dead:
            return "the open limit switch is dead";
        case story::Does::closed_limit_stuck:
            return "the closed limit switch sticks for " + seconds;
        case story::Does::kill_daemon:
            return "kill -9 for the daemon; a new one starts in " + seconds;
        case story::Does::send_orders:
            return "central sends an order";
        case story::Does::import_table:
            return "a clerk brings a table of releases in GBK: it is signed, carried here, and imported by file";
        case story::Does::zone_reads:
            return happening.container + " is at the zone";
        case story::Does::zone_concludes:
            return "central signs the inspection of " + happening.container + ": " + happening.result;
        case story::Does::push_ruleset:
            return "central pushes ruleset " + std::to_string(happening.version) +
                   (happening.holds_plate.empty() ? "" : ", which holds " + happening.holds_plate) +
                   (happening.weighs ? ", which inspects what weighs otherwise than declared" : "") +
                   (happening.lasting.count() == 0 ? "" : ", which expires in " + seconds);
        case story::Does::forge_ruleset:
            return "somebody without the key pushes ruleset " + std::to_string(happening.version);
        case story::Does::push_passes:
            return "central pushes a pass list with " + happening.plate;
        case story::Does::push_vehicles:
            return "central pushes a vehicle list: " + happening.plate + " weighs " +
                   std::to_string(happening.tare_kg) + " kg without its load";
        case story::Does::scale_fault:
            return "the weighbridge is " + std::string{portcullis::text_of(happening.scale)};
        case story::Does::device_fault:
            return happening.device + " misbehaves for " + seconds + ": " +
                   std::string{happening.fault ? portcullis::text_of(*happening.fault) : "not"};
    }
    return {};
}

}  // namespace portcullis::run
