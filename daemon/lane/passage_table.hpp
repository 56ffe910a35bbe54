#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/enum_text.hpp"
#include "core/vocabulary.hpp"

namespace portcullis::lane {

/// What happens to a passage.
enum class Trigger : std::uint8_t {
    is_head,          ///< first in the lane: it owns the stop line, readers may begin
    frozen,           ///< its readings are fused and frozen
    permission,       ///< a verdict opens for it
    wait,             ///< a verdict, or a permission that ended before it was used, says: wait
    divert,           ///< a verdict says: take the other way
    turn_back,        ///< a verdict says: go back
    decide_again,     ///< facts or orders changed between the verdict and the arm
    under_arm,        ///< its vehicle is under an arm that is not closed
    back_behind_arm,  ///< its vehicle came back from under the arm and stands before it
    read_again,       ///< nobody watched for a while: who stands at the stop line?
    left              ///< its vehicle is gone, whichever way
};

}  // namespace portcullis::lane

namespace portcullis {

template <>
inline constexpr auto enum_texts<lane::Trigger> = std::to_array<EnumText<lane::Trigger>>({
    {lane::Trigger::is_head, "is_head"},
    {lane::Trigger::frozen, "frozen"},
    {lane::Trigger::permission, "permission"},
    {lane::Trigger::wait, "wait"},
    {lane::Trigger::divert, "divert"},
    {lane::Trigger::turn_back, "turn_back"},
    {lane::Trigger::decide_again, "decide_again"},
    {lane::Trigger::under_arm, "under_arm"},
    {lane::Trigger::back_behind_arm, "back_behind_arm"},
    {lane::Trigger::read_again, "read_again"},
    {lane::Trigger::left, "left"},
});

}  // namespace portcullis

/// The life of one passage as a total table: every state answers every trigger exactly once. What a lane does on the
/// way is `Lane`'s; here are only the states and how they follow each other (design.md 3, docs/passage.md).
namespace portcullis::lane {

inline constexpr std::size_t state_count = enum_texts<PassageState>.size();
inline constexpr std::size_t trigger_count = enum_texts<Trigger>.size();

/// One cell. `unset` (0) is what a forgotten cell holds; `never` = the lane does not let this happen in this state.
enum class Cell : std::uint8_t {
    unset,
    never,
    arriving,
    identifying,
    deciding,
    permitted,
    referred,
    diverted,
    refused,
    passing,
    ended
};

using PassageTable = std::array<std::array<Cell, trigger_count>, state_count>;

// clang-format off
namespace cells {
inline constexpr Cell xxxxx = Cell::never;
inline constexpr Cell ident = Cell::identifying;
inline constexpr Cell decid = Cell::deciding;
inline constexpr Cell permt = Cell::permitted;
inline constexpr Cell refer = Cell::referred;
inline constexpr Cell divrt = Cell::diverted;
inline constexpr Cell refus = Cell::refused;
inline constexpr Cell passg = Cell::passing;
inline constexpr Cell ended = Cell::ended;

inline constexpr PassageTable all{{
//                   is_head frozen permit wait   divert turn   decide under  behind again  left
/* arriving    */ {{ ident,  xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, passg, xxxxx, ident, ended }},
/* identifying */ {{ xxxxx,  decid, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, passg, xxxxx, ident, ended }},
/* deciding    */ {{ xxxxx,  xxxxx, permt, refer, divrt, refus, decid, passg, xxxxx, ident, ended }},
/* permitted   */ {{ xxxxx,  xxxxx, xxxxx, refer, divrt, refus, decid, passg, xxxxx, ident, ended }},
/* referred    */ {{ xxxxx,  xxxxx, permt, refer, divrt, refus, xxxxx, passg, xxxxx, ident, ended }},
/* diverted    */ {{ xxxxx,  xxxxx, permt, refer, divrt, refus, xxxxx, passg, xxxxx, ident, ended }},
/* refused     */ {{ xxxxx,  xxxxx, permt, refer, divrt, refus, xxxxx, passg, xxxxx, ident, ended }},
/* passing     */ {{ xxxxx,  xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, passg, refer, ident, ended }},
/* ended       */ {{ xxxxx,  xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx, xxxxx }},
}};
}  // namespace cells
// clang-format on

inline constexpr const PassageTable& passage_table = cells::all;

/// Every pair is filled.
constexpr bool complete(const PassageTable& table) {
    for (const auto& row : table) {
        for (const auto cell : row) {
            if (cell == Cell::unset) {
                return false;
            }
        }
    }
    return true;
}

constexpr std::optional<PassageState> state_in(Cell cell) {
    if (cell == Cell::unset || cell == Cell::never) {
        return std::nullopt;
    }
    return static_cast<PassageState>(static_cast<std::size_t>(cell) - static_cast<std::size_t>(Cell::arriving));
}

/// The state after `trigger`, or nothing where the table says never.
constexpr std::optional<PassageState> next_state(PassageState state, Trigger trigger) {
    return state_in(passage_table[static_cast<std::size_t>(state)][static_cast<std::size_t>(trigger)]);
}

/// Every open state ends when its vehicle leaves, and goes under the arm when its vehicle does: no state is a trap.
constexpr bool every_state_reaches_ended(const PassageTable& table) {
    for (std::size_t state = 0; state + 1 < state_count; ++state) {
        if (table[state][static_cast<std::size_t>(Trigger::left)] != Cell::ended ||
            table[state][static_cast<std::size_t>(Trigger::under_arm)] != Cell::passing) {
            return false;
        }
    }
    return true;
}

/// `permitted` is entered by a permission only, and never straight from before a decision.
constexpr bool permitted_only_by_permission(const PassageTable& table) {
    for (std::size_t state = 0; state < state_count; ++state) {
        for (std::size_t trigger = 0; trigger < trigger_count; ++trigger) {
            const bool waits = state == static_cast<std::size_t>(PassageState::deciding) ||
                               state == static_cast<std::size_t>(PassageState::referred) ||
                               state == static_cast<std::size_t>(PassageState::diverted) ||
                               state == static_cast<std::size_t>(PassageState::refused);
            const bool allowed = waits && trigger == static_cast<std::size_t>(Trigger::permission);
            if ((table[state][trigger] == Cell::permitted) != allowed) {
                return false;
            }
        }
    }
    return true;
}

/// What has ended stays ended.
constexpr bool ended_is_final(const PassageTable& table) {
    for (const auto cell : table[static_cast<std::size_t>(PassageState::ended)]) {
        if (cell != Cell::never) {
            return false;
        }
    }
    return true;
}

static_assert(static_cast<std::size_t>(PassageState::ended) + 1 == state_count);
static_assert(state_in(Cell::arriving) == PassageState::arriving && state_in(Cell::ended) == PassageState::ended);
static_assert(complete(passage_table), "every (state, trigger) pair needs exactly one cell");
static_assert(every_state_reaches_ended(passage_table), "a state is a trap");
static_assert(permitted_only_by_permission(passage_table), "permitted without a permission");
static_assert(ended_is_final(passage_table), "an ended passage came back");

/// The table as docs/passage.md shows it.
[[nodiscard]] std::string passage_table_markdown();

}  // namespace portcullis::lane
