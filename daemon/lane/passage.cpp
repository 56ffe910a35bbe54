#include "lane/passage.hpp"

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

}  // namespace portcullis::lane
