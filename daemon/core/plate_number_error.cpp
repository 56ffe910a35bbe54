#include <string>

#include "core/plate_number.hpp"

namespace portcullis {

std::string PlateNumberError::message() const {
    const auto at = " at character " + std::to_string(position + 1);
    switch (defect) {
        case PlateDefect::empty:
            return "nothing there";
        case PlateDefect::too_short:
            return "too short, " + std::to_string(position) + " characters";
        case PlateDefect::too_long:
            return "longer than the " + std::to_string(position) + " characters of its kind";
        case PlateDefect::bad_character:
            return "a character that no plate has" + at;
        case PlateDefect::not_utf8:
            return "not UTF-8";
        case PlateDefect::province_unknown:
            return "no issuing province" + at;
        case PlateDefect::province_missing:
            return "the province character is missing";
        case PlateDefect::office_not_letter:
            return "no letter for the issuing office" + at;
        case PlateDefect::letter_i_or_o:
            return "letter I or O" + at;
        case PlateDefect::no_digit:
            return "no digit in the serial";
        case PlateDefect::suffix_unknown:
            return "no known suffix" + at;
        case PlateDefect::no_kind:
            return "fits no kind of plate" + at;
    }
    return "no plate";
}

}  // namespace portcullis
