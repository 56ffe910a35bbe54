#include "tests/bench/bench_fusion.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lane/identity.hpp"
#include "supervision/evaluate.hpp"
#include "supervision/reading_policy.hpp"
#include "tests/bench/noisy_readers.hpp"

namespace portcullis::bench {
namespace {

using testing::Aim;
using testing::Figures;

constexpr std::size_t boxes_in_port = 20'000;
constexpr auto noon = WallTime{std::chrono::hours{20'000 * 24 + 12}};
constexpr double most_by_repair_ppm = 50;
constexpr ReadingPolicy repair_off{0, false};
constexpr ReadingPolicy repair_on{0, true};
constexpr ReadingPolicy two_readers{0, true, 2};

/// What became of the vehicles of one set.
struct Outcome {
    std::int64_t vehicles = 0;
    std::int64_t readings = 0;
    std::int64_t wrong_accepted = 0;
    std::int64_t wrong_released = 0;
    std::int64_t found = 0;
    std::int64_t released = 0;
    std::int64_t repaired = 0;

    [[nodiscard]] double ppm(std::int64_t count) const {
        return static_cast<double>(count) * 1e6 / static_cast<double>(vehicles);
    }
    [[nodiscard]] double permille(std::int64_t count) const { return ppm(count) / 1000; }
};

/// Whether every order names its truck, or only half of them do.
enum class PlatesNamed : std::uint8_t { half, all };

OrdersFound orders_for(const OrderQuestion& question, const NoisyPort& port, PlatesNamed named) {
    OrdersFound found;
    found.state = DocumentState::fresh;
    auto numbers = question.containers;
    numbers.insert(numbers.end(), question.near_containers.begin(), question.near_containers.end());
    for (const auto& number : numbers) {
        const auto* box = port.find(number);
        if (box == nullptr) {
            continue;
        }
        FoundOrder one;
        ReleaseOrder release;
        release.status = ReleaseStatus::released;
        release.movement = Movement::import_laden;
        release.container = number;
        one.order.authority = Authority{"ciq"};
        one.order.id = OrderId{"R-" + number.text()};
        one.order.body = release;
        one.order.valid_from = noon - std::chrono::hours{12};
        one.order.valid_to = noon + std::chrono::hours{12};
        one.order.decided = noon - std::chrono::hours{20};
        if (box->plate_on_order || named == PlatesNamed::all) {
            one.order.tractor_plates = {box->plate};
        }
        found.orders.push_back(std::move(one));
    }
    return found;
}

PassageFacts facts_of(const NoisyVehicle& vehicle, PassageIdentity identity) {
    PassageFacts facts;
    facts.lane = LaneName{"out-1"};
    facts.gate = "g07";
    facts.control_point = ControlPoint{"g07"};
    facts.way = Way::out;
    facts.load = vehicle.boxes.size() == 2 ? Load::two_20 : Load::one_40;
    facts.load_source = LoadSource::profile_beams;
    facts.boxes = static_cast<int>(vehicle.boxes.size());
    facts.identity = std::move(identity);
    facts.identity.tractor = vehicle.plate;
    facts.required = {Identity::plate, Identity::container};
    return facts;
}

PassageIdentity fused(const NoisyVehicle& vehicle) {
    lane::IdentityFusion fusion;
    for (const auto& one : vehicle.readings) {
        const Reading reading{ReadingKind::container, Face::not_applicable, one.text, one.confidence, "", std::nullopt};
        (void)fusion.take(
            lane::judge(one.reader, DeviceName{std::string{text_of(one.reader)}}, reading, Instant{} + one.at));
    }
    return fusion.fuse(static_cast<int>(vehicle.boxes.size()));
}

/// The negative control: the first valid numbers that come are the boxes.
PassageIdentity first_come(const NoisyVehicle& vehicle) {
    PassageIdentity identity;
    auto readings = vehicle.readings;
    std::stable_sort(readings.begin(), readings.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    for (const auto& one : readings) {
        const auto number = ContainerNumber::parse(one.text);
        const bool known = number && std::any_of(identity.containers.begin(), identity.containers.end(),
                                                 [&](const IdentifiedContainer& box) { return box.number == *number; });
        if (number && !known && identity.containers.size() < vehicle.boxes.size()) {
            identity.containers.push_back({*number, LoadPosition::not_applicable, "", 1, {}});
        }
    }
    return identity;
}

bool is_aboard(const NoisyVehicle& vehicle, const ContainerNumber& number) {
    return std::find(vehicle.boxes.begin(), vehicle.boxes.end(), number) != vehicle.boxes.end();
}

class Decisions {
public:
    explicit Decisions(const NoisyPort& port, PlatesNamed named = PlatesNamed::half)
        : port_(port), named_(named), ruleset_(supervision::policy_alone(policy())) {}

    void decide(const NoisyVehicle& vehicle, const PassageIdentity& identity, const ReadingPolicy& policy,
                Outcome& outcome) const {
        auto facts = facts_of(vehicle, identity);
        auto weighed =
            supervision::weigh_readings(policy, facts, orders_for(supervision::question_for(facts), port_, named_));
        outcome.repaired += weighed.repaired() ? 1 : 0;
        facts.identity = std::move(weighed.identity);
        count(vehicle, facts, outcome);
    }

    void count(const NoisyVehicle& vehicle, const PassageFacts& facts, Outcome& outcome) const {
        std::size_t right = 0;
        bool wrong = false;
        for (const auto& box : facts.identity.containers) {
            const bool aboard = is_aboard(vehicle, box.number);
            right += aboard ? 1U : 0U;
            wrong = wrong || !aboard;
        }
        DecisionBasis basis;
        basis.now = {Instant{}, noon, ClockState::synchronised};
        basis.link_up = true;
        const auto verdict =
            supervision::evaluate(ruleset_, facts, orders_for(supervision::question_for(facts), port_, named_), basis);
        const bool released = verdict.outcome == VerdictOutcome::release;
        ++outcome.vehicles;
        outcome.readings += static_cast<std::int64_t>(vehicle.readings.size());
        outcome.wrong_accepted += wrong ? 1 : 0;
        outcome.wrong_released += wrong && released ? 1 : 0;
        outcome.found += right == vehicle.boxes.size() && !wrong ? 1 : 0;
        outcome.released += released ? 1 : 0;
    }

private:
    static Policy policy() {
        return {{{Way::out, {}, Movement::import_laden, {Authority{"ciq"}}, WithoutOrder::hold}}};
    }

    const NoisyPort& port_;
    PlatesNamed named_;
    supervision::CompiledRuleset ruleset_;
};

void measure_vehicles(const FusionBench& bench, Figures& figures) {
    NoisyPort port(bench.seed, boxes_in_port);
    const Decisions decisions(port);
    const Decisions with_plates(port, PlatesNamed::all);
    const Noise noise;
    Outcome off;
    Outcome on;
    Outcome two;
    Outcome plates;
    Outcome any;
    while (off.readings < bench.readings) {
        const auto vehicle = port.vehicle(noise);
        const auto identity = fused(vehicle);
        decisions.decide(vehicle, identity, repair_off, off);
        decisions.decide(vehicle, identity, repair_on, on);
        decisions.decide(vehicle, identity, two_readers, two);
        with_plates.decide(vehicle, identity, repair_on, plates);
        decisions.count(vehicle, facts_of(vehicle, first_come(vehicle)), any);
    }
    const auto n = static_cast<std::size_t>(off.vehicles);
    figures.print("fusion.readings", static_cast<double>(off.readings), "readings", {}, n);
    // An order that names its truck must match in both; one that names none lets the neighbour's box through where
    // every reader of our own failed.
    figures.print("fusion.wrong_released", static_cast<double>(plates.wrong_released), "vehicles", Aim::at_most(0), n);
    figures.print("fusion.wrong_released_half_without_plates", static_cast<double>(on.wrong_released), "vehicles", {},
                  n);
    figures.print("fusion.two_readers_wrong_released_half_without_plates", static_cast<double>(two.wrong_released),
                  "vehicles", {}, n);
    figures.print("fusion.wrong_accepted_repair_off_ppm", off.ppm(off.wrong_accepted), "ppm", {}, n);
    figures.print("fusion.wrong_accepted_repair_on_ppm", on.ppm(on.wrong_accepted), "ppm", {}, n);
    figures.print("fusion.found_permille", off.permille(off.found), "permille", {}, n);
    figures.print("fusion.found_repair_on_permille", on.permille(on.found), "permille", {}, n);
    figures.print("fusion.to_person_permille", off.permille(off.vehicles - off.released), "permille", {}, n);
    figures.print("fusion.to_person_repair_on_permille", on.permille(on.vehicles - on.released), "permille", {}, n);
    figures.print("fusion.repaired_permille", on.permille(on.repaired), "permille", {}, n);
    figures.print("fusion.two_readers_wrong_accepted_ppm", two.ppm(two.wrong_accepted), "ppm", {}, n);
    figures.print("fusion.two_readers_found_permille", two.permille(two.found), "permille", {}, n);
    figures.print("fusion.two_readers_to_person_permille", two.permille(two.vehicles - two.released), "permille", {},
                  n);
    figures.print("fusion.first_come_wrong_accepted_ppm", any.ppm(any.wrong_accepted), "ppm", Aim::at_least(1), n);
    figures.print("fusion.first_come_wrong_released", static_cast<double>(any.wrong_released), "vehicles", {}, n);
}

/// Every reading is wrong somewhere, and no other reader helps: what grammar and check digit leave, and what repair
/// adds to it.
void measure_misread(const FusionBench& bench, Figures& figures) {
    NoisyPort port(bench.seed + 1, boxes_in_port);
    const Decisions decisions(port);
    const Noise noise;
    Outcome off;
    Outcome on;
    std::int64_t without_order = 0;
    for (std::int64_t i = 0; i < bench.readings; ++i) {
        const auto vehicle = port.misread(noise);
        const auto identity = fused(vehicle);
        decisions.decide(vehicle, identity, repair_off, off);
        decisions.decide(vehicle, identity, repair_on, on);
        const auto repairs = container_repairs(vehicle.readings.front().text);
        without_order +=
            identity.containers.empty() && !repairs.empty() && !is_aboard(vehicle, repairs.front().number) ? 1 : 0;
    }
    const auto n = static_cast<std::size_t>(off.vehicles);
    // A misread number that is another box's, whose order names no plate: nothing at this gate can know.
    figures.print("fusion.misread_order_matched_by_chance", static_cast<double>(off.wrong_released), "readings", {}, n);
    figures.print("fusion.misread_wrong_accepted_repair_off_ppm", off.ppm(off.wrong_accepted), "ppm", {}, n);
    figures.print("fusion.misread_wrong_accepted_repair_on_ppm", on.ppm(on.wrong_accepted), "ppm",
                  Aim::at_most(off.ppm(off.wrong_accepted) + most_by_repair_ppm), n);
    figures.print("fusion.misread_found_repair_on_permille", on.permille(on.found), "permille", {}, n);
    figures.print("fusion.misread_repaired_without_order_wrong_ppm", off.ppm(without_order), "ppm", Aim::at_least(1),
                  n);
}

/// Of all ways to spoil a number in one kind, the share that is another valid number.
template <class Spoil>
double residue_ppm(const NoisyPort& port, const Spoil& spoil) {
    std::int64_t tried = 0;
    std::int64_t valid = 0;
    for (std::size_t i = 0; i < port.yard().size(); i += 10) {
        const auto text = port.yard()[i].number.text();
        for (const auto& other : spoil(text)) {
            ++tried;
            valid += ContainerNumber::parse(other) ? 1 : 0;
        }
    }
    return static_cast<double>(valid) * 1e6 / static_cast<double>(tried);
}

std::vector<std::string> other_characters(const std::string& text, std::size_t from, std::size_t to, char first,
                                          char last) {
    std::vector<std::string> others;
    for (auto at = from; at < to; ++at) {
        for (auto c = first; c <= last; ++c) {
            if (c != text[at]) {
                others.push_back(text);
                others.back()[at] = c;
            }
        }
    }
    return others;
}

std::vector<std::string> exchanged_neighbours(const std::string& text) {
    std::vector<std::string> others;
    for (std::size_t at = 4; at + 2 < text.size(); ++at) {
        if (text[at] != text[at + 1]) {
            others.push_back(text);
            std::swap(others.back()[at], others.back()[at + 1]);
        }
    }
    return others;
}

void print_residue(const FusionBench& bench, Figures& figures) {
    const NoisyPort port(bench.seed, boxes_in_port);
    const auto n = port.yard().size() / 10;
    figures.print("fusion.residue_one_serial_digit_ppm",
                  residue_ppm(port, [](const auto& text) { return other_characters(text, 4, 10, '0', '9'); }), "ppm",
                  {}, n);
    figures.print("fusion.residue_one_owner_letter_ppm",
                  residue_ppm(port, [](const auto& text) { return other_characters(text, 0, 3, 'A', 'Z'); }), "ppm", {},
                  n);
    figures.print("fusion.residue_neighbours_exchanged_ppm", residue_ppm(port, exchanged_neighbours), "ppm", {}, n);
}

}  // namespace

void measure_fusion(const FusionBench& bench, Figures& figures) {
    measure_vehicles(bench, figures);
    measure_misread(bench, figures);
    print_residue(bench, figures);
}

}  // namespace portcullis::bench
