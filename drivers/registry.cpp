#include "drivers/registry.hpp"

#include <algorithm>

#include "drivers/http_camera/profile.hpp"
#include "drivers/http_push/profile.hpp"
#include "drivers/line_sign/line_sign.hpp"
#include "drivers/load_scanner/load_registers.hpp"
#include "drivers/load_scanner/load_scanner.hpp"
#include "drivers/modbus_points/profile.hpp"
#include "drivers/modbus_reader/reading_registers.hpp"
#include "drivers/radiation/radiation_lines.hpp"
#include "drivers/radiation/radiation_registers.hpp"
#include "drivers/tag_reader/tag_reader.hpp"
#include "drivers/text_reader/profile.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "drivers/weighbridge/weighbridge.hpp"
#include "drivers/weighbridge/weight_registers.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::array drivers{
    DriverEntry{"line_sign", BusKind::stream, plan_line_sign},
    DriverEntry{"http_camera", BusKind::http, plan_http_camera},
    DriverEntry{"http_push", BusKind::http_listen, plan_http_push},
    DriverEntry{"load_registers", BusKind::modbus, plan_load_registers},
    DriverEntry{"load_scanner", BusKind::stream, plan_load_scanner},
    DriverEntry{"modbus_points", BusKind::modbus, plan_modbus_points},
    DriverEntry{"modbus_reader", BusKind::modbus, plan_modbus_reader},
    DriverEntry{"radiation_lines", BusKind::stream, plan_radiation_lines},
    DriverEntry{"radiation_registers", BusKind::modbus, plan_radiation_registers},
    DriverEntry{"tag_reader", BusKind::stream, plan_tag_reader},
    DriverEntry{"text_reader", BusKind::stream, plan_text_reader},
    DriverEntry{"weighbridge", BusKind::stream, plan_weighbridge},
    DriverEntry{"weight_registers", BusKind::modbus, plan_weight_registers},
};

/// What a bus of that kind is written with.
std::string transports_of(BusKind kind) {
    switch (kind) {
        case BusKind::modbus:
            return "modbus_tcp, modbus_rtu or modbus_rtu_over_tcp";
        case BusKind::stream:
            return "serial or tcp";
        case BusKind::http:
            return "http";
        case BusKind::http_listen:
            return "http_listen";
    }
    return {};
}

/// Of a line: 0 is everybody and answers nothing, and above 247 is reserved.
void check_unit_of_line(const ConfigNode& options, const BusSettings& bus, ConfigProblems& problems) {
    const bool is_line =
        std::holds_alternative<ModbusRtuSettings>(bus) || std::holds_alternative<ModbusRtuOverTcpSettings>(bus);
    if (const auto* unit = is_line ? options.find("unit") : nullptr) {
        (void)unit->integer(problems, first_rtu_unit, last_rtu_unit);
    }
}

}  // namespace

std::span<const DriverEntry> all_drivers() {
    return drivers;
}

std::unique_ptr<DevicePlan> plan_device(const ConfigNode& options, const ConfigNode& profile, const BusSettings& bus,
                                        ConfigProblems& problems, std::span<const DriverEntry> known) {
    const auto* node = profile.require("driver", problems);
    if (node == nullptr) {
        return nullptr;
    }
    const auto name = node->text(problems);
    const auto found =
        std::find_if(known.begin(), known.end(), [&name](const DriverEntry& entry) { return entry.name == name; });
    if (found == known.end()) {
        std::vector<std::string_view> names;
        std::string all;
        for (const auto& entry : known) {
            names.push_back(entry.name);
            all += (all.empty() ? "" : ", ") + std::string{entry.name};
        }
        const auto near = nearest_word(name, names);
        node->report(problems, "no driver '" + name + "'", near ? "did you mean " + *near + "?" : "drivers are " + all);
        return nullptr;
    }
    if (found->bus != kind_of(bus)) {
        options.report(problems, "its bus is of the wrong kind for a " + name,
                       "it needs a bus of " + transports_of(found->bus));
        return nullptr;
    }
    check_unit_of_line(options, bus, problems);
    auto plan = found->plan(options, profile, problems);
    if (plan) {
        plan->set_label(read_device_label(options, problems));
    }
    return plan;
}

bool takes_one_device(const BusSettings& bus) {
    return kind_of(bus) == BusKind::stream;
}

}  // namespace portcullis::drivers
