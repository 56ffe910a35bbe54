#pragma once

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "settings/load.hpp"
#include "tests/unit/settings/fake_catalogue.hpp"

namespace portcullis::settings::testing {

/// In these tests every key is good but those that begin with 0.
inline LoadSurroundings with(DeviceCatalogue& catalogue) {
    return {catalogue,
            {},
            {},
            [](std::string_view hex) { return !hex.starts_with("00"); },
            {"passage.detected", "passage.ended", "verdict.issued", "stream.opened"}};
}

/// A folder with policy and profiles, and a gate.yaml that a test changes in one place.
class Site {
public:
    Site() {
        std::string form = (std::filesystem::temp_directory_path() / "portcullis-settings-XXXXXX").string();
        if (mkdtemp(form.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        folder_ = form;
        std::filesystem::create_directory(folder_ / "profiles");
        std::filesystem::create_directory(folder_ / "credentials");
        write("policy.yaml", "rows:\n  - { way: out, consents: [ciq], without_order: hold }\n");
        write("profiles/io.yaml", "is: io\n");
        write("profiles/plates.yaml", "is: plate\n");
        write("profiles/boxes.yaml", "is: container\n");
    }
    ~Site() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    void write(const std::string& name, std::string_view text) const {
        std::ofstream{folder_ / name, std::ios::binary} << text;
    }

    /// The good settings, with `from` replaced by `to`.
    Site& change(std::string_view from, std::string_view to) {
        const auto at = text_.find(from);
        if (at == std::string::npos) {
            throw std::logic_error("the good settings have no " + std::string{from});
        }
        text_.replace(at, from.size(), to);
        return *this;
    }
    [[nodiscard]] const std::string& text() const { return text_; }

    [[nodiscard]] LoadedSettings load() {
        FakeCatalogue fresh;
        fresh.on_host_lost = on_host_lost;
        fresh.on_host_lost_of = on_host_lost_of;
        fresh.stale_after = stale_after;
        return load_gate_settings_text(text_, folder_ / "gate.yaml", with(fresh));
    }
    /// All problems without the folder's name, one a line.
    [[nodiscard]] std::string problems() {
        std::string out;
        for (const auto& problem : load().problems) {
            auto message = problem.message();
            const auto prefix = folder_.string() + "/";
            for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix)) {
                message.erase(at, prefix.size());
            }
            out += message + "\n";
        }
        return out;
    }

    std::optional<SafeOutput> on_host_lost = SafeOutput::off;
    std::map<std::string, std::optional<SafeOutput>> on_host_lost_of;
    std::chrono::milliseconds stale_after{500};

private:
    std::filesystem::path folder_;
    std::string text_ = R"(gate: { terminal: xmht, name: g07 }
state: /var/lib/portcullis
uplink:
  - { name: supervision, broker: mqtt://central.example:1883 }
trust: { orders_key: 03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8 }
policy: policy.yaml
buses:
  field: { modbus_tcp: 192.0.2.10:502 }
  plates: { serial: /dev/serial/by-path/usb-0:1.2, line: 9600 8N1 }
  boxes: { tcp: 192.0.2.11:4001 }
devices:
  io: { profile: io, bus: field, unit: 1 }
  plate: { profile: plates, bus: plates }
  box: { profile: boxes, bus: boxes }
lanes:
  out-1:
    way: out
    arm: { control: pulse, close: daemon_request, on_power_loss: stays, on_power_return: stays }
    on_inspect: open
    on_hold: wait_person
    load: trust_readers
    requires: [plate, container]
    roles:
      arrival_loop: io.di0
      arm_loop: io.di1
      exit_loop: io.di2
      arm_open_limit: io.di3
      arm_closed_limit: io.di4
      arm_up: { point: io.do0, pulse: 500 ms }
      arm_down_request: { point: io.do1, pulse: 500 ms }
      light_go: io.do2
      plate_front: plate
      container_rear: box
)";
};

}  // namespace portcullis::settings::testing
