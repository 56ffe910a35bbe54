#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "cli/sign/import/mapping.hpp"

namespace portcullis::sign {

/// A member that a mapping may fill, and in which kinds.
struct FieldRow {
    std::string_view name;
    FieldType type;
    bool release;
    bool movement;
    bool targeting;
    bool required;  ///< where it belongs to the kind; an order without it is never taken
};

/// docs/central/orders.md, "What an order may say". `plates` is ours: it is sorted into tractors and trailers.
inline constexpr auto field_rows = std::to_array<FieldRow>({
    {"order", FieldType::text, true, true, true, true},
    {"status", FieldType::text, true, false, false, true},
    {"movement", FieldType::text, true, true, false, false},
    {"container", FieldType::text, true, true, false, false},
    {"declarations", FieldType::list, true, false, false, false},
    {"enterprise", FieldType::text, true, false, false, false},
    {"class", FieldType::text, true, false, false, false},
    {"hs", FieldType::list, true, false, false, false},
    {"origin", FieldType::text, true, false, false, false},
    {"origin_region", FieldType::text, true, false, false, false},
    {"last_port", FieldType::text, true, false, false, false},
    {"size_type", FieldType::text, true, true, false, false},
    {"fullness", FieldType::text, true, false, false, false},
    {"gross_kg", FieldType::integer, true, false, false, false},
    {"mass_basis", FieldType::text, true, false, false, false},
    {"box_tare_kg", FieldType::integer, true, false, false, false},
    {"wood", FieldType::flag, true, false, false, false},
    {"ippc", FieldType::flag, true, false, false, false},
    {"reefer", FieldType::flag, true, false, false, false},
    {"imdg", FieldType::text, true, false, false, false},
    {"seals", FieldType::list, true, false, false, false},
    {"draw", FieldType::text, true, false, false, false},
    {"zone", FieldType::text, true, false, true, false},
    {"plates", FieldType::list, true, true, false, false},
    {"tractor_plates", FieldType::list, true, true, false, false},
    {"trailer_plates", FieldType::list, true, true, false, false},
    {"uses", FieldType::integer, true, true, false, false},
    {"action", FieldType::text, false, false, true, true},
    {"method", FieldType::list, false, false, true, false},
    {"basis", FieldType::text, false, false, true, false},
    {"level", FieldType::integer, false, false, true, false},
    {"once", FieldType::flag, false, false, true, false},
    {"lifted_by", FieldType::text, false, false, true, false},
    {"visibility", FieldType::text, false, false, true, false},
    {"gates", FieldType::list, true, true, true, false},
    {"control_points", FieldType::list, true, true, true, false},
    {"valid_from", FieldType::time, true, true, true, true},
    {"valid_to", FieldType::time, true, true, true, false},
    {"officer", FieldType::text, true, true, true, true},
    {"decided", FieldType::time, true, true, true, true},
});

/// Of `match` of a targeting order.
inline constexpr auto match_members =
    std::to_array<std::string_view>({"container", "plate", "enterprise", "origin", "hs"});

/// Of a table of enterprise classes.
inline constexpr auto class_rows = std::to_array<FieldRow>({
    {"enterprise", FieldType::text, false, false, false, false},
    {"uscc", FieldType::text, false, false, false, false},
    {"class", FieldType::text, false, false, false, true},
    {"since", FieldType::time, false, false, false, false},
    {"until", FieldType::time, false, false, false, false},
});

[[nodiscard]] constexpr bool belongs(const FieldRow& row, MappingKind kind) {
    switch (kind) {
        case MappingKind::release:
            return row.release;
        case MappingKind::movement:
            return row.movement;
        case MappingKind::targeting:
            return row.targeting;
        case MappingKind::classes:
            return true;
    }
    return false;
}

[[nodiscard]] constexpr std::span<const FieldRow> rows_of(MappingKind kind) {
    return kind == MappingKind::classes ? std::span<const FieldRow>{class_rows} : std::span<const FieldRow>{field_rows};
}

}  // namespace portcullis::sign
