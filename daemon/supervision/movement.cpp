#include "supervision/movement.hpp"

namespace portcullis::supervision {

std::optional<Way> way_of(Movement movement) {
    switch (movement) {
        case Movement::import_laden:
        case Movement::empty_out:
        case Movement::withdrawn_export:
            return Way::out;
        case Movement::export_laden:
        case Movement::empty_in:
            return Way::in;
        case Movement::domestic:
        case Movement::transhipment:
        case Movement::no_box:
        case Movement::unknown:
            break;
    }
    return std::nullopt;
}

bool is_empty_movement(Movement movement) {
    return movement == Movement::empty_in || movement == Movement::empty_out;
}

bool is_laden_movement(Movement movement) {
    return movement == Movement::import_laden || movement == Movement::export_laden ||
           movement == Movement::withdrawn_export;
}

std::optional<int> boxes_of(Load load) {
    switch (load) {
        case Load::none:
            return 0;
        case Load::one_20:
        case Load::one_40:
            return 1;
        case Load::two_20:
            return 2;
        case Load::unknown:
            break;
    }
    return std::nullopt;
}

bool no_box_is_proved(const PassageFacts& facts) {
    return facts.load == Load::none && facts.load_source != LoadSource::none &&
           facts.load_source != LoadSource::trust_readers;
}

Movement inferred_movement(const PassageFacts& facts) {
    if (facts.way == Way::unknown || facts.load == Load::unknown) {
        return Movement::unknown;
    }
    if (facts.load == Load::none) {
        return no_box_is_proved(facts) ? Movement::no_box : Movement::unknown;
    }
    const bool in = facts.way == Way::in;
    if (facts.fullness == Fullness::empty) {
        return in ? Movement::empty_in : Movement::empty_out;
    }
    return in ? Movement::export_laden : Movement::import_laden;
}

}  // namespace portcullis::supervision
