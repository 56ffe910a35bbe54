#include "drivers/transport/owed_answers.hpp"

#include <algorithm>

namespace portcullis::drivers {

OwedAnswers::Shape OwedAnswers::shape_of(const ModbusRequest& request) {
    const auto function =
        request.function == ModbusFunction::raw ? request.raw.at(0) : static_cast<std::uint8_t>(request.function);
    return {.function = function, .length = answer_length(request)};
}

std::size_t OwedAnswers::age_of(std::uint8_t unit, const Shape& shape) const {
    const auto found = owed_.find(unit);
    if (found == owed_.end()) {
        return most_owed;
    }
    const auto& owed = found->second;
    const auto newest = std::find(owed.rbegin(), owed.rend(), shape);
    return newest == owed.rend() ? most_owed : static_cast<std::size_t>(newest - owed.rbegin());
}

OwedAnswers::Plan OwedAnswers::plan(const ModbusRequest& request) const {
    if (age_of(request.unit, shape_of(request)) == most_owed) {
        return {};
    }
    std::uint16_t step = 0;
    switch (request.function) {
        case ModbusFunction::read_coils:
        case ModbusFunction::read_discrete_inputs:
            step = 8;
            break;
        case ModbusFunction::read_holding_registers:
        case ModbusFunction::read_input_registers:
            step = 1;
            break;
        case ModbusFunction::raw:
        case ModbusFunction::write_coil:
        case ModbusFunction::write_register:
        case ModbusFunction::write_coils:
        case ModbusFunction::write_registers:
        case ModbusFunction::mask_register:
        case ModbusFunction::read_write_registers:
            return {.listen_on = true};
    }
    std::optional<ModbusRequest> first;
    std::size_t first_age = 0;
    for (int count = request.operand - step; count > 0; count -= step) {
        auto less = request;
        less.operand = static_cast<std::uint16_t>(count);
        const auto age = age_of(request.unit, shape_of(less));
        if (!first || age > first_age) {
            first = std::move(less);
            first_age = age;
        }
    }
    const bool none = !first;
    return {.first = std::move(first), .listen_on = none};
}

void OwedAnswers::asked(const ModbusRequest& request) {
    auto& owed = owed_[request.unit];
    owed.push_back(shape_of(request));
    if (owed.size() > most_owed) {
        owed.erase(owed.begin());
    }
}

void OwedAnswers::answered(const ModbusRequest& request) {
    owed_.erase(request.unit);
}

}  // namespace portcullis::drivers
