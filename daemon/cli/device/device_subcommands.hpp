#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "cli/device/learn_framing.hpp"
#include "cli/device/listen.hpp"
#include "cli/device/play_recording.hpp"
#include "cli/device/record_device.hpp"
#include "cli/device/scan_bus.hpp"
#include "cli/device/test_device.hpp"
#include "cli/device/trace_device.hpp"
#include "cli/device/watch_device.hpp"

namespace portcullis::cli {

/// The command line of `portcullis device`.
class DeviceSubcommands {
public:
    explicit DeviceSubcommands(CLI::App& app);

    /// Does what was asked; nothing when it was no `device`.
    [[nodiscard]] std::optional<int> run(std::ostream& out, std::ostream& errors);

private:
    CLI::App* add(const std::string& name, const std::string& what);
    void add_watching();
    void add_test();
    void add_scan();
    void add_learning();
    void add_profiles();
    void add_service();
    [[nodiscard]] int run_daemon(std::ostream& out, std::ostream& errors);
    [[nodiscard]] int run_here(std::ostream& out, std::ostream& errors);

    CLI::App* device_;
    CLI::App* list_ = nullptr;
    CLI::App* watch_ = nullptr;
    CLI::App* trace_ = nullptr;
    CLI::App* test_ = nullptr;
    CLI::App* scan_ = nullptr;
    CLI::App* learn_ = nullptr;
    CLI::App* record_ = nullptr;
    CLI::App* play_ = nullptr;
    CLI::App* check_ = nullptr;
    CLI::App* disable_ = nullptr;
    CLI::App* enable_ = nullptr;

    std::filesystem::path socket_{"/run/portcullis/control"};
    bool json_ = false;
    std::int64_t seconds_ = 0;  ///< 0 = until Ctrl-C
    std::int64_t listen_seconds_ = 30;
    std::int64_t trace_seconds_ = 60;
    std::int64_t timeout_ms_ = 200;
    std::int64_t pulse_ms_ = 0;
    WatchOptions watched_;
    TraceOptions traced_;
    TestOptions tested_;
    ScanOptions scanned_;
    LearnOptions learned_;
    RecordOptions recorded_;
    PlayOptions played_;
    CheckProfileOptions checked_;
    std::string name_;
    std::string reason_ = "by hand";
};

}  // namespace portcullis::cli
