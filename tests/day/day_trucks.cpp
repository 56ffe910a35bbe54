#include "tests/day/day_trucks.hpp"

#include <array>
#include <set>
#include <stdexcept>
#include <utility>

#include "tests/simulation/orders_model.hpp"
#include "tests/simulation/paperwork.hpp"

namespace portcullis::simulation {
namespace {

constexpr std::int64_t tractor_and_trailer_kg = 15'000;
constexpr std::int64_t goods_kg = 11'000;
constexpr std::int64_t box_kg = 2'300;
constexpr std::string_view seal = "CN123456";
constexpr auto enterprise = "3502960123";

enum class Carries : std::uint8_t { nothing, one_40, two_20 };

/// A kind of truck, and how many of it come in a day.
struct Kind {
    const char* name;
    LaneWay way;
    int trucks;
    Carries carries;
    Movement movement;
    VerdictOutcome expected = VerdictOutcome::release;
};

constexpr auto released = VerdictOutcome::release;
constexpr auto inspected = VerdictOutcome::inspect;
constexpr auto held = VerdictOutcome::hold;

constexpr std::array kinds{
    Kind{"import", LaneWay::out, 48, Carries::one_40, Movement::import_laden, released},
    Kind{"import, twins", LaneWay::out, 10, Carries::two_20, Movement::import_laden, released},
    Kind{"import, not declared", LaneWay::out, 4, Carries::one_40, Movement::import_laden, held},
    Kind{"import, one twin not declared", LaneWay::out, 1, Carries::two_20, Movement::import_laden, held},
    Kind{"import, held", LaneWay::out, 3, Carries::one_40, Movement::import_laden, held},
    Kind{"import, to be inspected", LaneWay::out, 3, Carries::one_40, Movement::import_laden, inspected},
    Kind{"import, drawn", LaneWay::out, 2, Carries::one_40, Movement::import_laden, inspected},
    Kind{"import, dairy of Fukushima", LaneWay::out, 2, Carries::one_40, Movement::import_laden, held},
    Kind{"import, plate targeted", LaneWay::out, 1, Carries::one_40, Movement::import_laden, held},
    Kind{"import, plate near a targeted one", LaneWay::out, 2, Carries::one_40, Movement::import_laden, inspected},
    Kind{"withdrawn export", LaneWay::out, 2, Carries::one_40, Movement::withdrawn_export, released},
    Kind{"empty out", LaneWay::out, 10, Carries::one_40, Movement::empty_out, released},
    Kind{"bobtail out", LaneWay::out, 7, Carries::nothing, Movement::no_box, released},
    Kind{"domestic out", LaneWay::out, 3, Carries::one_40, Movement::domestic, released},
    Kind{"transhipment out", LaneWay::out, 2, Carries::one_40, Movement::transhipment, released},
    Kind{"export", LaneWay::in, 44, Carries::one_40, Movement::export_laden, released},
    Kind{"export, twins", LaneWay::in, 8, Carries::two_20, Movement::export_laden, released},
    Kind{"export, not declared yet", LaneWay::in, 17, Carries::one_40, Movement::export_laden, released},
    Kind{"export, twins, not declared yet", LaneWay::in, 3, Carries::two_20, Movement::export_laden, released},
    Kind{"empty in", LaneWay::in, 14, Carries::one_40, Movement::empty_in, released},
    Kind{"bobtail in", LaneWay::in, 8, Carries::nothing, Movement::no_box, released},
    Kind{"domestic in", LaneWay::in, 3, Carries::one_40, Movement::domestic, released},
    Kind{"transhipment in", LaneWay::in, 3, Carries::one_40, Movement::transhipment, released},
};

class Dispatcher {
public:
    explicit Dispatcher(Random random) : random_(random) { day_.lanes.resize(lanes_a_day); }

    DayTrucks all() {
        std::array<std::vector<const Kind*>, 2> waiting;
        for (const auto& kind : kinds) {
            auto& line = waiting.at(kind.way == LaneWay::in ? 0 : 1);
            line.insert(line.end(), static_cast<std::size_t>(kind.trucks), &kind);
        }
        for (std::size_t way = 0; way < waiting.size(); ++way) {
            auto& line = waiting.at(way);
            for (std::size_t i = line.size(); i > 1; --i) {
                std::swap(line[i - 1], line[static_cast<std::size_t>(random_.below(static_cast<std::int64_t>(i)))]);
            }
            for (std::size_t i = 0; i < line.size(); ++i) {
                day_.lanes.at(way * lanes_in + i % lanes_in).push_back(dispatch(*line[i]));
            }
        }
        return std::move(day_);
    }

private:
    Arrival dispatch(const Kind& kind) {
        Arrival arrival;
        auto& vehicle = arrival.vehicle;
        vehicle.cruise = random_.metres(2.3, 2.9);
        vehicle.gap_to_next = 9.0;
        vehicle.plate = fresh_plate(kind.name);
        const bool empty = kind.movement == Movement::empty_in || kind.movement == Movement::empty_out;
        if (kind.carries == Carries::one_40) {
            vehicle.boxes = {world::box_40(fresh_number(), empty)};
        } else if (kind.carries == Carries::two_20) {
            vehicle.boxes = {world::box_20_fore(fresh_number(), empty), world::box_20_aft(fresh_number(), empty)};
        }
        const auto boxes = static_cast<std::int64_t>(vehicle.boxes.size());
        const auto load = empty ? box_kg : box_kg + goods_kg;
        day_.by_plate[vehicle.plate] = {kind.name, kind.expected, kind.name == std::string_view{"import, drawn"},
                                        tractor_and_trailer_kg + boxes * load};
        write_papers(kind, arrival);
        return arrival;
    }

    std::string fresh_number() {
        for (;;) {
            auto number = container_number(random_).text();
            if (numbers_.insert(number).second) {
                return number;
            }
        }
    }

    /// One without a figure that a letter resembles, unless the kind is about that.
    std::string fresh_plate(std::string_view kind) {
        const bool near = kind == "import, plate near a targeted one";
        for (;;) {
            auto plate = plate_text(random_);
            if (near) {
                plate[plate.size() - 3] = '8';
                auto targeted = plate;
                targeted[plate.size() - 3] = 'B';
                target(targeted, TargetingAction::inspect);
            }
            if (!day_.by_plate.contains(plate)) {
                if (kind == "import, plate targeted") {
                    target(plate, TargetingAction::hold);
                }
                return plate;
            }
        }
    }

    void target(const std::string& plate, TargetingAction action) {
        TargetingOrder targeting;
        targeting.action = action;
        targeting.zone = "Z1";
        targeting.method = {"open"};
        targeting.match.plate = PlateNumber::parse(plate).value();
        day_.orders.push_back(
            simulation::order_of("customs", "T-" + std::to_string(day_.orders.size() + 1), std::move(targeting)));
    }

    void write_papers(const Kind& kind, Arrival& arrival) {
        const std::string_view name = kind.name;
        if (name.find("not declared") != std::string_view::npos) {
            if (name == "import, one twin not declared") {
                arrival.orders.push_back(release(kind, arrival.vehicle.boxes.front()));
            }
            return;
        }
        const bool comes_in = kind.way == LaneWay::in;
        for (const auto& box : arrival.vehicle.boxes) {
            const bool appointed = kind.movement == Movement::empty_out || kind.movement == Movement::empty_in ||
                                   (comes_in && kind.movement != Movement::export_laden);
            if (appointed) {
                arrival.orders.push_back(appointment(kind, arrival.vehicle.plate, box));
            }
            if (!appointed || kind.movement == Movement::empty_out) {
                arrival.orders.push_back(release(kind, box));
            }
        }
    }

    /// What leaves is named, what comes is any box of this truck's.
    Order appointment(const Kind& kind, const std::string& plate, const world::Box& box) {
        MovementOrder movement;
        movement.movement = kind.movement;
        if (kind.way == LaneWay::out) {
            movement.container = ContainerNumber::parse(box.number).value();
        }
        auto order = simulation::order_of("terminal", "M-" + std::to_string(++papers_), std::move(movement));
        order.tractor_plates.push_back(PlateNumber::parse(plate).value());
        return order;
    }

    Order release(const Kind& kind, const world::Box& box) {
        const std::string_view name = kind.name;
        ReleaseOrder release;
        release.status = name == "import, held"              ? ReleaseStatus::held
                         : name == "import, to be inspected" ? ReleaseStatus::inspect
                                                             : ReleaseStatus::released;
        release.movement = kind.movement;
        release.container = ContainerNumber::parse(box.number).value();
        release.last_port = "CNXMN";
        if (box.empty) {
            release.fullness = Fullness::empty;
            release.hs.emplace();
            release.declarations.emplace();
            return simulation::order_of("ciq", "R-" + std::to_string(++papers_), std::move(release));
        }
        const bool dairy = name == "import, dairy of Fukushima";
        release.fullness = Fullness::full;
        release.declarations = {"3902002610" + std::to_string(10'000 + ++papers_)};
        release.enterprise = enterprise;
        release.hs = {dairy ? "0406900000" : "8483100000"};
        release.origin = dairy ? "JP" : "DE";
        release.origin_region = dairy ? "JP-07" : "DE-HH";
        release.last_port = kind.movement == Movement::import_laden ? "DEHAM" : "CNXMN";
        release.gross_kg = goods_kg;
        release.mass_basis = MassBasis::goods;
        release.box_tare_kg = box_kg;
        release.wood = Tristate::no;
        release.imdg = "none";
        release.seals = {std::string{seal}};
        release.draw = Draw::at_gate;
        release.attributes = {{"wood_kind", "none"}, {"after_failures", "no"}};
        release.dates = {{"produced", WallTime{std::chrono::hours{24 * 20'400}}}};
        return simulation::order_of("ciq", "R-" + std::to_string(papers_), std::move(release));
    }

    Random random_;
    DayTrucks day_;
    std::set<std::string> numbers_;
    std::int64_t papers_ = 0;
};

BoxMeasures measured(const ContainerNumber& number, bool drawn) {
    BoxMeasures box{number, SealState::intact, {std::string{seal}}, {}, {}, {}, {}, {}};
    constexpr std::int64_t highest = 999'999;
    box.tickets.push_back({"sampling", drawn ? 0 : highest});
    for (const auto* rule : {"rule:Q08", "rule:Q18", "rule:Q19", "rule:Q25", "rule:Q26"}) {
        box.tickets.push_back({rule, highest});
    }
    return box;
}

}  // namespace

DayTrucks day_trucks(Random random) {
    auto day = Dispatcher{random}.all();
    if (day.by_plate.size() != trucks_a_day) {
        throw std::logic_error{"the day has " + std::to_string(day.by_plate.size()) + " trucks"};
    }
    return day;
}

void measure(const DayTrucks& day, PassageFacts& facts, WallTime now) {
    const auto truck = facts.identity.tractor ? day.by_plate.find(facts.identity.tractor->text()) : day.by_plate.end();
    if (truck == day.by_plate.end()) {
        return;
    }
    auto& measures = facts.measures;
    measures.radiation = RadiationState::clean;
    measures.gross_vehicle_kg = truck->second.gross_kg;
    measures.vehicle_tare_kg = tractor_and_trailer_kg;
    measures.visits.emplace();
    measures.boxes_inside_known = true;
    const auto local = now.time_since_epoch() + std::chrono::hours{8};
    measures.minute_of_day = static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local).count() % 1440);
    for (const auto& box : facts.identity.containers) {
        measures.boxes.push_back(measured(box.number, truck->second.drawn));
    }
}

}  // namespace portcullis::simulation
