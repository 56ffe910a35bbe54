#include "drivers/modbus_points/poll_plan.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace portcullis::drivers {

namespace {

struct Range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};

std::optional<Range> inputs_in_use(const PointsSettings& settings, const std::vector<PointSetup>& setups) {
    std::optional<Range> range;
    for (const auto& setup : setups) {
        if (setup.direction != Direction::input) {
            continue;
        }
        const auto index = settings.index_of(setup.point, Direction::input);
        if (!index) {
            throw std::invalid_argument("no input " + setup.point.text());
        }
        range = range ? Range{std::min(range->first, *index), std::max(range->last, *index)} : Range{*index, *index};
    }
    return range;
}

std::uint16_t sum(int left, int right) {
    return static_cast<std::uint16_t>(left + right);
}

}  // namespace

std::vector<ModbusRequest> PollPlan::all() const {
    auto requests = before;
    requests.push_back(request);
    requests.insert(requests.end(), after.begin(), after.end());
    return requests;
}

PollPlan plan_poll(const PointsSettings& settings, const std::vector<PointSetup>& setups) {
    PollPlan plan;
    const auto unit = settings.unit.unit;
    const auto range = inputs_in_use(settings, setups);
    if (!range) {
        const auto address = settings.profile.outputs ? settings.profile.outputs->readback : std::uint16_t{0};
        plan.request = {.unit = unit, .function = ModbusFunction::read_coils, .address = address, .operand = 1};
        return plan;
    }
    const auto& inputs = *settings.profile.inputs;
    const int count = range->last - range->first + 1;
    plan.first_bit = range->first;
    if (settings.counters && inputs.counters) {
        const auto each = inputs.counters->field.registers;
        plan.counts = true;
        plan.before.push_back({.unit = unit,
                               .function = inputs.counters->function,
                               .address = sum(inputs.counters->address, range->first * each),
                               .operand = sum(count * each, 0)});
    }
    const int most = settings.profile.care.limits.bits;
    for (int done = 0; done < count; done += most) {
        const ModbusRequest request{.unit = unit,
                                    .function = inputs.function,
                                    .address = sum(inputs.address + range->first, done),
                                    .operand = sum(std::min(most, count - done), 0)};
        if (done == 0) {
            plan.request = request;
        } else {
            plan.after.push_back(request);
        }
    }
    return plan;
}

}  // namespace portcullis::drivers
