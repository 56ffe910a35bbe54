#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/enum_text.hpp"

namespace portcullis {

/// What a message sign can say. Nothing here tells that sampling or targeting chose a vehicle: why somebody waits is
/// said only where its own papers or plates are the reason (design.md 4, no tipping off).
enum class SignText : std::uint8_t {
    lane_closed,  ///< out of service, recovering, or any mode but automatic
    lane_free,    ///< come
    stop,         ///< stop at the line, it is being read
    wait,         ///< it is being decided, or the arm moves
    go,           ///< released, arm open
    go_to_zone,   ///< the arm is open, and it has to go to `zone`
    to_zone,      ///< this arm stays down, and it has to go to `zone`
    not_read,     ///< plate or number was not read: wait for a person
    no_order,     ///< nobody's order speaks of it: wait for a person
    wait_person,
    turn_back
};
template <>
inline constexpr auto enum_texts<SignText> = std::to_array<EnumText<SignText>>({
    {SignText::lane_closed, "lane_closed"},
    {SignText::lane_free, "lane_free"},
    {SignText::stop, "stop"},
    {SignText::wait, "wait"},
    {SignText::go, "go"},
    {SignText::go_to_zone, "go_to_zone"},
    {SignText::to_zone, "to_zone"},
    {SignText::not_read, "not_read"},
    {SignText::no_order, "no_order"},
    {SignText::wait_person, "wait_person"},
    {SignText::turn_back, "turn_back"},
});

/// What a lane wants its sign to say; the words come from the site's table.
struct SignMessage {
    SignText text = SignText::lane_closed;
    std::string zone;  ///< of the texts that name one
    friend bool operator==(const SignMessage&, const SignMessage&) = default;
};

enum class SignColour : std::uint8_t { red, amber, green };
template <>
inline constexpr auto enum_texts<SignColour> = std::to_array<EnumText<SignColour>>({
    {SignColour::red, "red"},
    {SignColour::amber, "amber"},
    {SignColour::green, "green"},
});

/// Green only where the vehicle may go on.
constexpr SignColour colour_of(SignText text) {
    switch (text) {
        case SignText::lane_free:
        case SignText::go:
        case SignText::go_to_zone:
            return SignColour::green;
        case SignText::wait:
        case SignText::to_zone:
        case SignText::not_read:
        case SignText::no_order:
        case SignText::wait_person:
            return SignColour::amber;
        case SignText::lane_closed:
        case SignText::stop:
        case SignText::turn_back:
            return SignColour::red;
    }
    return SignColour::red;
}

/// The site's words, by text and language. `{zone}` in a word stands for the message's zone.
using SignWords = std::map<SignText, std::map<std::string, std::string, std::less<>>>;

/// What a device is to show: the words of one message, ready.
struct SignFace {
    std::string words;  ///< UTF-8
    SignColour colour = SignColour::red;
    friend bool operator==(const SignFace&, const SignFace&) = default;
};

/// The words of `message` in `language`; where the table has none, the text's own name, so that a sign is never mute.
[[nodiscard]] SignFace face_of(const SignMessage& message, const SignWords& words, std::string_view language);

/// The texts that name a zone.
[[nodiscard]] constexpr bool names_zone(SignText text) {
    return text == SignText::go_to_zone || text == SignText::to_zone;
}

}  // namespace portcullis
