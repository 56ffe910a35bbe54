#include "lane/passage.hpp"

#include <algorithm>

#include <stdexcept>
#include <string>

namespace portcullis::lane {

void PassageLife::take(Trigger trigger) {
    const auto next = next_state(state_, trigger);
    if (!next) {
        throw std::logic_error{"passage table: never " + std::string{text_of(trigger)} + " while " +
                               std::string{text_of(state_)}};
    }
    state_ = *next;
}

std::vector<ContainerNumber> Passage::boxes() const {
    std::vector<ContainerNumber> numbers;
    if (!identity) {
        return numbers;
    }
    for (const auto& box : identity->containers) {
        numbers.push_back(box.number);
    }
    for (const auto& repair : repairs) {
        if (repair.kind != ReadingKind::container || repair.cause != RepairCause::taken) {
            continue;
        }
        const auto number = ContainerNumber::parse(repair.candidate);
        if (number && std::find(numbers.begin(), numbers.end(), *number) == numbers.end()) {
            numbers.push_back(*number);
        }
    }
    return numbers;
}

std::vector<std::string> Passage::plates() const {
    std::vector<std::string> texts;
    if (!identity) {
        return texts;
    }
    for (const auto* plate : {&identity->tractor, &identity->trailer}) {
        if (*plate) {
            texts.push_back((*plate)->text());
        }
    }
    for (const auto& plate : identity->other_plates) {
        texts.push_back(plate.text());
    }
    for (const auto& repair : repairs) {
        if (repair.kind == ReadingKind::plate && repair.cause == RepairCause::taken) {
            texts.push_back(repair.candidate);
        }
    }
    return texts;
}

}  // namespace portcullis::lane
