#include "gate/hold_over.hpp"

#include <cstdint>
#include <string>

#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// A clock is called synchronised up to this error (runtime/clock.cpp).
constexpr milliseconds off_at_first = 2s;
constexpr auto note_every = 1h;

/// A clock that nobody corrects drifts by 500 ppm at worst, which is what the kernel assumes.
milliseconds drift(milliseconds elapsed) {
    return elapsed / 2000;
}

milliseconds in_ms(Instant::duration elapsed) {
    return std::chrono::duration_cast<milliseconds>(elapsed);
}

const std::string* text_in(const Value& note, std::string_view member) {
    const auto* value = note.find(member);
    return value == nullptr ? nullptr : value->get<std::string>();
}

}  // namespace

HoldOver::HoldOver(BootId boot, const std::optional<Value>& note) : boot_(boot) {
    if (!note) {
        return;
    }
    const auto* boot_text = text_in(*note, "boot");
    const auto* wall_text = text_in(*note, "wall");
    const auto* instant = note->find("monotonic_ms");
    const auto* ms = instant == nullptr ? nullptr : instant->get<std::int64_t>();
    const auto noted_boot = boot_text == nullptr ? std::nullopt : BootId::parse(*boot_text);
    const auto wall = wall_text == nullptr ? std::nullopt : time_from_text(*wall_text);
    if (noted_boot && wall && ms != nullptr) {
        last_ = Shown{*noted_boot, Instant{milliseconds{*ms}}, *wall};
    }
}

void HoldOver::see(Now now) {
    if (now.clock_state == ClockState::synchronised) {
        last_ = Shown{boot_, now.instant, now.wall};
    }
}

milliseconds HoldOver::band(Now now) const {
    if (now.clock_state == ClockState::synchronised) {
        return 0ms;
    }
    const auto up = in_ms(now.instant.time_since_epoch());
    if (!last_) {
        return off_at_first + drift(up);
    }
    if (last_->boot == boot_) {
        const auto steady = in_ms(now.instant - last_->instant);
        const auto stepped = now.wall - (last_->wall + steady);  // somebody set it, and nobody vouches for that
        return off_at_first + drift(steady) + (stepped < 0ms ? -stepped : stepped);
    }
    // How long the machine was off only its own clock says.
    const auto away = now.wall - last_->wall;
    return away < 0ms ? off_at_first + drift(up) - away : off_at_first + drift(away);
}

std::optional<std::chrono::seconds> HoldOver::since(Now now) const {
    if (!last_) {
        return std::nullopt;
    }
    const auto elapsed = last_->boot == boot_ ? in_ms(now.instant - last_->instant) : now.wall - last_->wall;
    return elapsed < 0ms ? std::nullopt : std::optional{std::chrono::duration_cast<std::chrono::seconds>(elapsed)};
}

std::optional<Value> HoldOver::note_due() {
    const bool due = last_ && last_->boot == boot_ && (!noted_ || last_->instant >= *noted_ + note_every);
    if (!due) {
        return std::nullopt;
    }
    noted_ = last_->instant;
    return Value{
        Object{{"boot", boot_.text()}, {"monotonic_ms", mono_ms(last_->instant)}, {"wall", time_text(last_->wall)}}};
}

}  // namespace portcullis::gate
