#pragma once

#include <array>
#include <cstdint>

#include "core/enum_text.hpp"

namespace portcullis {

/// What a device or a point does in a lane. A lane names roles, never drivers (design.md 8).
enum class Role : std::uint8_t {
    arrival_loop,
    arm_loop,
    arm_beam,
    exit_loop,
    arm_open_limit,
    arm_closed_limit,
    arm_up,
    arm_stop,
    arm_down_request,
    light_lane,
    light_go,
    load_beam_fore,
    load_beam_mid,
    load_beam_aft,
    empty_seen,
    plate_front,
    plate_rear,
    container_front,
    container_rear,
    container_left,
    container_right,
    container_roof,
    seal_rear,
    tag_reader,
    document_reader,
    camera_front,
    camera_rear,
    camera_left,
    camera_right,
    camera_roof,
    sign,
    radiation,
    weighbridge,
    bridge_beam_front,
    bridge_beam_rear,
    load_scanner,
    mains_ok,
    battery_ok,
    cabinet_door,
    manual_key,
    emergency_open,
    fire_alarm,
    button_call,
    arm_fault,
    arm_broken
};
template <>
inline constexpr auto enum_texts<Role> = std::to_array<EnumText<Role>>({
    {Role::arrival_loop, "arrival_loop"},
    {Role::arm_loop, "arm_loop"},
    {Role::arm_beam, "arm_beam"},
    {Role::exit_loop, "exit_loop"},
    {Role::arm_open_limit, "arm_open_limit"},
    {Role::arm_closed_limit, "arm_closed_limit"},
    {Role::arm_up, "arm_up"},
    {Role::arm_stop, "arm_stop"},
    {Role::arm_down_request, "arm_down_request"},
    {Role::light_lane, "light_lane"},
    {Role::light_go, "light_go"},
    {Role::load_beam_fore, "load_beam_fore"},
    {Role::load_beam_mid, "load_beam_mid"},
    {Role::load_beam_aft, "load_beam_aft"},
    {Role::empty_seen, "empty_seen"},
    {Role::plate_front, "plate_front"},
    {Role::plate_rear, "plate_rear"},
    {Role::container_front, "container_front"},
    {Role::container_rear, "container_rear"},
    {Role::container_left, "container_left"},
    {Role::container_right, "container_right"},
    {Role::container_roof, "container_roof"},
    {Role::seal_rear, "seal_rear"},
    {Role::tag_reader, "tag_reader"},
    {Role::document_reader, "document_reader"},
    {Role::camera_front, "camera_front"},
    {Role::camera_rear, "camera_rear"},
    {Role::camera_left, "camera_left"},
    {Role::camera_right, "camera_right"},
    {Role::camera_roof, "camera_roof"},
    {Role::sign, "sign"},
    {Role::radiation, "radiation"},
    {Role::weighbridge, "weighbridge"},
    {Role::bridge_beam_front, "bridge_beam_front"},
    {Role::bridge_beam_rear, "bridge_beam_rear"},
    {Role::load_scanner, "load_scanner"},
    {Role::mains_ok, "mains_ok"},
    {Role::battery_ok, "battery_ok"},
    {Role::cabinet_door, "cabinet_door"},
    {Role::manual_key, "manual_key"},
    {Role::emergency_open, "emergency_open"},
    {Role::fire_alarm, "fire_alarm"},
    {Role::button_call, "button_call"},
    {Role::arm_fault, "arm_fault"},
    {Role::arm_broken, "arm_broken"},
});

/// What a role is for.
enum class RoleKind : std::uint8_t { input, output, reader, camera, sign, weighbridge, load_scanner, radiation };

constexpr RoleKind kind_of(Role role) {
    switch (role) {
        case Role::arm_up:
        case Role::arm_stop:
        case Role::arm_down_request:
        case Role::light_lane:
        case Role::light_go:
            return RoleKind::output;
        case Role::plate_front:
        case Role::plate_rear:
        case Role::container_front:
        case Role::container_rear:
        case Role::container_left:
        case Role::container_right:
        case Role::container_roof:
        case Role::seal_rear:
        case Role::tag_reader:
        case Role::document_reader:
            return RoleKind::reader;
        case Role::camera_front:
        case Role::camera_rear:
        case Role::camera_left:
        case Role::camera_right:
        case Role::camera_roof:
            return RoleKind::camera;
        case Role::sign:
            return RoleKind::sign;
        case Role::radiation:
            return RoleKind::radiation;
        case Role::weighbridge:
            return RoleKind::weighbridge;
        case Role::load_scanner:
            return RoleKind::load_scanner;
        case Role::arrival_loop:
        case Role::arm_loop:
        case Role::arm_beam:
        case Role::exit_loop:
        case Role::arm_open_limit:
        case Role::arm_closed_limit:
        case Role::load_beam_fore:
        case Role::load_beam_mid:
        case Role::load_beam_aft:
        case Role::empty_seen:
        case Role::bridge_beam_front:
        case Role::bridge_beam_rear:
        case Role::mains_ok:
        case Role::battery_ok:
        case Role::cabinet_door:
        case Role::manual_key:
        case Role::emergency_open:
        case Role::fire_alarm:
        case Role::button_call:
        case Role::arm_fault:
        case Role::arm_broken:
            return RoleKind::input;
    }
    return RoleKind::input;
}

/// Inputs that are observed and recorded, and that no lane decides by: power, doors, keys, buttons, what the barrier
/// board says of itself.
constexpr bool is_only_watched(Role role) {
    constexpr std::array watched{Role::mains_ok,    Role::battery_ok,     Role::cabinet_door,
                                 Role::manual_key,  Role::emergency_open, Role::fire_alarm,
                                 Role::button_call, Role::arm_fault,      Role::arm_broken};
    for (const auto each : watched) {
        if (each == role) {
            return true;
        }
    }
    return false;
}

}  // namespace portcullis
