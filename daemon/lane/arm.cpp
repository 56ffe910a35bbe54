#include "lane/arm.hpp"

#include <utility>

namespace portcullis::lane {

namespace {

using std::chrono::milliseconds;

milliseconds between(Instant from, Instant to) {
    return std::chrono::duration_cast<milliseconds>(to - from);
}

ArmPosition position_of(Presence open_limit, Presence closed_limit) {
    if (open_limit == Presence::unknown || closed_limit == Presence::unknown) {
        return ArmPosition::unknown;
    }
    const bool open = open_limit == Presence::occupied;
    const bool closed = closed_limit == Presence::occupied;
    if (open && closed) {
        return ArmPosition::contradict;
    }
    if (open) {
        return ArmPosition::up;
    }
    return closed ? ArmPosition::down : ArmPosition::moving;
}

}  // namespace

bool closes(ArmCommand command) {
    return command == ArmCommand::down_request || command == ArmCommand::hold_release;
}

ArmNews ArmMonitor::see(Presence open_limit, Presence closed_limit, Presence presence, Instant now) {
    ArmNews news;
    const auto before = position_;
    const auto after = position_of(open_limit, closed_limit);
    if (after == before) {
        return news;
    }
    position_ = after;
    since_ = now;
    switch (after) {
        case ArmPosition::moving:
            if (before == ArmPosition::up || before == ArmPosition::down) {
                leave(before, presence, now, news);
            }
            break;
        case ArmPosition::up:
            arrive(ArmTarget::up, now, news);
            break;
        case ArmPosition::down:
            arrive(ArmTarget::down, now, news);
            break;
        case ArmPosition::contradict:
            news.faults.push_back({ArmFault::contradict, milliseconds{0}});
            news.moved = ArmMoved{last_settled_, ArmTarget::unknown, ArmMoveCause::unknown, std::nullopt, {}};
            travel_.reset();
            asked_.reset();
            break;
        case ArmPosition::unknown:
            travel_.reset();
            asked_.reset();
            break;
    }
    return news;
}

void ArmMonitor::leave(ArmPosition settled, Presence presence, Instant now, ArmNews& news) {
    news.motion = true;
    const bool up = settled == ArmPosition::down;
    Travel travel{up, ArmMoveCause::unknown, std::nullopt, now, false, presence != Presence::clear};
    if (asked_ && (up ? asked_->command == ArmCommand::up : closes(asked_->command))) {
        travel.cause = ArmMoveCause::commanded;
        travel.permission = asked_->permission;
    } else {
        travel.cause = unasked(travel, news);
    }
    travel_ = travel;
}

ArmMoveCause ArmMonitor::unasked(const Travel& travel, ArmNews& news) const {
    if (!travel.up && settings_.close != ArmClose::daemon_request) {
        return ArmMoveCause::board_auto;
    }
    news.faults.push_back({ArmFault::unasked, milliseconds{0}});
    return travel.up && travel.over ? ArmMoveCause::forced : ArmMoveCause::unknown;
}

void ArmMonitor::arrive(ArmTarget to, Instant now, ArmNews& news) {
    news.motion = true;
    ArmMoved moved{last_settled_, to, ArmMoveCause::unknown, std::nullopt, {}};
    if (travel_) {
        moved.travel = between(travel_->from, now);
        moved.cause = travel_->cause;
        moved.permission = travel_->permission;
        // Back to where it came from although it was to go the other way: the board turned it round.
        if (travel_->up != (to == ArmTarget::up)) {
            moved.cause = ArmMoveCause::reversal;
            moved.permission.reset();
        }
        if (travel_->reported) {
            news.faults.push_back({ArmFault::slow, moved.travel});
        }
        told_ = moved.cause == ArmMoveCause::commanded ? travel_ : told_;
    }
    if (last_settled_ != ArmTarget::unknown || travel_) {
        news.moved = moved;
    }
    last_settled_ = to;
    travel_.reset();
    asked_.reset();
}

void ArmMonitor::commanded(ArmCommand command, std::optional<PermissionId> permission, Instant now) {
    if (command == ArmCommand::stop) {
        return;
    }
    told_.reset();
    asked_ = Asked{command, permission, now, position_ == ArmPosition::moving, travel_};
    if (asked_->between) {
        travel_ = Travel{command == ArmCommand::up, ArmMoveCause::commanded, permission, now, false, false};
    }
}

ArmNews ArmMonitor::not_commanded() {
    ArmNews news;
    const auto asked = std::exchange(asked_, std::nullopt);
    if (asked && asked->between) {
        travel_ = asked->before;
    } else if (travel_ && travel_->cause == ArmMoveCause::commanded) {
        travel_->cause = unasked(*travel_, news);
        travel_->permission.reset();
    } else if (told_) {
        (void)unasked(*told_, news);  // its arm.moved is written, and errs: the fault says so
    }
    told_.reset();
    return news;
}

ArmNews ArmMonitor::tick(Instant now) {
    ArmNews news;
    const auto due = deadline();
    if (!due || now < *due) {
        return news;
    }
    if (travel_) {
        travel_->reported = true;
        news.faults.push_back({ArmFault::limit_not_reached, between(travel_->from, now)});
        const auto to = travel_->up ? ArmTarget::moving_up : ArmTarget::moving_down;
        news.moved = ArmMoved{last_settled_, to, travel_->cause, travel_->permission, between(travel_->from, now)};
    } else if (asked_) {
        news.faults.push_back({ArmFault::no_movement, between(asked_->at, now)});
    }
    asked_.reset();
    return news;
}

std::optional<Instant> ArmMonitor::deadline() const {
    if (travel_) {
        return travel_->reported ? std::nullopt : std::optional{travel_->from + within()};
    }
    if (asked_) {
        return asked_->at + within();
    }
    return std::nullopt;
}

bool ArmMonitor::lowering(Instant now) const {
    return position_ == ArmPosition::moving && travel_ && !travel_->up &&
           now - travel_->from < 2 * settings_.down_within;
}

milliseconds ArmMonitor::within() const {
    const bool up = travel_ ? travel_->up : asked_ && asked_->command == ArmCommand::up;
    return up ? settings_.up_within : settings_.down_within;
}

}  // namespace portcullis::lane
