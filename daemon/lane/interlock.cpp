#include "lane/interlock.hpp"

namespace portcullis::lane {

Interlock::Interlock(const LaneSettings& settings)
    : arm_(settings.arm),
      stop_wired_(settings.has(Role::arm_stop)),
      down_wired_(settings.has(Role::arm_down_request)),
      life_(settings.command_life) {}

std::optional<Refusal> Interlock::refuse_up(const ArmScene& scene) const {
    if (!scene.in_service) {
        return Refusal::out_of_service;
    }
    if (scene.position != ArmPosition::down || !scene.limits_settled) {
        return Refusal::not_closed;
    }
    if (scene.busy) {
        return Refusal::busy;
    }
    return without_motion_ >= most_without_motion ? std::optional{Refusal::no_motion} : std::nullopt;
}

std::optional<Refusal> Interlock::refuse_close(const ArmScene& scene) const {
    if (!scene.in_service) {
        return Refusal::out_of_service;
    }
    if (scene.presence != Presence::clear || !scene.clear_for_hold) {
        return Refusal::presence;
    }
    if (scene.position == ArmPosition::down) {
        return Refusal::already_down;
    }
    if (scene.busy) {
        return Refusal::busy;
    }
    return without_motion_ >= most_without_motion ? std::optional{Refusal::no_motion} : std::nullopt;
}

std::optional<Refusal> Interlock::refuse_stop(const ArmScene& scene) {
    if (!scene.may_stop) {
        return Refusal::out_of_service;
    }
    // An arm that lowered when it was last seen and is not seen any more may still lower.
    const bool seen = scene.position != ArmPosition::unknown && scene.position != ArmPosition::contradict;
    return seen && !scene.lowering ? std::optional{Refusal::not_lowering} : std::nullopt;
}

Interlock::Plan Interlock::plan_up(CommandId id, const Permission& permission, const ArmScene& scene,
                                   Instant now) const {
    if (permission.ended() || last_up_ == permission.id()) {
        return Failure{Refusal::no_permission};
    }
    if (const auto refusal = refuse_up(scene)) {
        return Failure{*refusal};
    }
    return ArmPlan{id, ArmCommand::up, permission.id(), now + life_};
}

Interlock::Plan Interlock::plan_close(CommandId id, const ArmScene& scene, Instant now) const {
    // A held open contact must be let go whoever closes: while it is held, nobody can.
    const bool release = arm_.control == ArmControl::maintained;
    if (!release && arm_.close != ArmClose::daemon_request) {
        return Failure{Refusal::board_closes};
    }
    if (!release && !down_wired_) {
        return Failure{Refusal::not_wired};
    }
    if (const auto refusal = refuse_close(scene)) {
        return Failure{*refusal};
    }
    return ArmPlan{id, release ? ArmCommand::hold_release : ArmCommand::down_request, std::nullopt, now + life_};
}

Interlock::Plan Interlock::plan_stop(CommandId id, const ArmScene& scene, Instant now) const {
    if (!stop_wired_) {
        return Failure{Refusal::not_wired};
    }
    if (!scene.lowering) {
        return Failure{Refusal::not_lowering};
    }
    if (const auto refusal = refuse_stop(scene)) {
        return Failure{*refusal};
    }
    return ArmPlan{id, ArmCommand::stop, std::nullopt, now + life_};
}

Interlock::Order Interlock::confirm(const ArmPlan& plan, const Permission* permission, const ArmScene& scene,
                                    Instant now) {
    if (now >= plan.not_after()) {
        return Failure{Refusal::expired};
    }
    std::optional<Refusal> refusal;
    switch (plan.command()) {
        case ArmCommand::up:
            if (permission == nullptr || !permission->live() || plan.permission() != permission->id() ||
                last_up_ == permission->id() || now >= permission->until()) {
                return Failure{Refusal::no_permission};
            }
            refusal = refuse_up(scene);
            break;
        case ArmCommand::down_request:
        case ArmCommand::hold_release:
            refusal = refuse_close(scene);
            break;
        case ArmCommand::stop:
            refusal = refuse_stop(scene);
            break;
    }
    if (refusal) {
        return Failure{*refusal};
    }
    return make(plan);
}

ArmOrder Interlock::make(const ArmPlan& plan) {
    Command command{plan.id(), Role::arm_up, OutputAct::pulse, plan.not_after(), plan.permission(), false};
    switch (plan.command()) {
        case ArmCommand::up:
            command.act = arm_.control == ArmControl::maintained ? OutputAct::on : OutputAct::pulse;
            last_up_ = plan.permission();
            ++without_motion_;
            break;
        case ArmCommand::hold_release:
            command.act = OutputAct::off;
            command.needs_clear_arm = true;
            ++without_motion_;
            break;
        case ArmCommand::down_request:
            command.output = Role::arm_down_request;
            command.needs_clear_arm = true;
            ++without_motion_;
            break;
        case ArmCommand::stop:
            command.output = Role::arm_stop;
            break;
    }
    return ArmOrder{command};
}

}  // namespace portcullis::lane
