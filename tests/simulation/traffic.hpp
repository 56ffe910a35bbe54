#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/field.hpp"
#include "tests/simulation/gate_model.hpp"
#include "tests/simulation/paperwork.hpp"
#include "tests/simulation/plan.hpp"

namespace portcullis::simulation {

/// Who drives into the lanes, with which boxes, and what the readers make of them.
class Traffic {
public:
    Traffic(Run run, GateModel& gate, std::vector<std::unique_ptr<Field>>& fields, Random random);

    /// The first vehicle of every lane is on its way.
    void begin();
    /// A camera of the lane noticed something.
    void see(std::size_t lane, const world::Sighting& sighting);
    /// A vehicle is on the sensors: what the checks must know of it.
    void arrived(std::size_t lane, int vehicle);
    void reader_offline(std::size_t lane, bool offline) { offline_[lane] = offline; }
    /// All vehicles have entered.
    [[nodiscard]] bool over() const;

private:
    void come(std::size_t lane);
    [[nodiscard]] bool room_for(std::size_t lane, bool against) const;
    [[nodiscard]] world::Vehicle next(std::size_t lane, bool against);
    [[nodiscard]] world::Vehicle build(std::size_t lane, bool against);
    void load_boxes(std::size_t lane, world::Vehicle& vehicle);
    [[nodiscard]] Driver mind_of(const world::Vehicle& vehicle);
    void read(std::size_t lane, Role reader, ReadingKind kind, std::string text);
    [[nodiscard]] std::string misread(std::string text, ReadingKind kind);
    void send(std::size_t lane, Role reader, ReadingKind kind, const std::string& text);

    Run run_;
    GateModel& gate_;
    std::vector<std::unique_ptr<Field>>& fields_;
    Random random_;
    Paperwork paperwork_;
    std::vector<int> to_come_;
    std::vector<bool> offline_;
    /// Vehicles that loops cannot tell from the one ahead, and for how many reasons each may look like two.
    std::set<std::pair<std::size_t, int>> tight_;
    std::map<std::pair<std::size_t, int>, int> splits_;
};

}  // namespace portcullis::simulation
