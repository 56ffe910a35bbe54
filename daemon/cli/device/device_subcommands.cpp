#include "cli/device/device_subcommands.hpp"

#include "cli/device/list_devices.hpp"
#include "gate/installation.hpp"

namespace portcullis::cli {

namespace {

std::optional<std::chrono::seconds> bounded(std::int64_t seconds) {
    return seconds > 0 ? std::optional{std::chrono::seconds{seconds}} : std::nullopt;
}

}  // namespace

DeviceSubcommands::DeviceSubcommands(CLI::App& app)
    : device_(app.add_subcommand("device", "Look at devices, try them, and make profiles for new ones")) {
    device_->require_subcommand(1);
    device_->add_option("--socket", socket_, "the daemon's control socket")->capture_default_str();
    add_watching();
    add_test();
    add_scan();
    add_learning();
    add_profiles();
    add_service();
}

CLI::App* DeviceSubcommands::add(const std::string& name, const std::string& what) {
    auto* const command = device_->add_subcommand(name, what);
    command->fallthrough();
    return command;
}

void DeviceSubcommands::add_watching() {
    list_ = add("list", "Show every device of the running daemon, its bus, and how it is");
    list_->add_flag("--json", json_, "print the daemon's answer as it came");
    watch_ = add("watch", "Show what goes over a device's wire, in hex and in words");
    watch_->add_option("name", watched_.name, "a device, or a bus")->required();
    watch_->add_flag("--all", watched_.all, "polls that bring nothing new, too");
    watch_->add_option("--seconds", seconds_, "end after so long; else Ctrl-C")->check(CLI::Range(1, 86'400));
    trace_ = add("trace", "Write what goes over a bus into a file for Wireshark");
    trace_->add_option("name", traced_.name, "a device, or a bus")->required();
    trace_->add_option("-o,--output", traced_.file, "the file, FILE.pcap")->required();
    trace_->add_option("--seconds", trace_seconds_, "end after so long")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
    trace_->add_option("--limit", traced_.limit, "bytes that the file may have")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{100}, std::uint64_t{1} << 32U));
}

void DeviceSubcommands::add_test() {
    test_ = add("test", "Take a device from its lanes and try it by hand; arms stay locked");
    test_->add_option("name", tested_.name, "the device")->required();
    test_->add_option("--reason", tested_.reason, "why; it is recorded")->capture_default_str();
    test_->add_option("--move", tested_.move, "move this output, or `all` outputs one by one");
    test_->add_option("--act", tested_.act, "how: pulse, on or off")
        ->capture_default_str()
        ->check(CLI::IsMember({"pulse", "on", "off"}));
    test_->add_option("--pulse", pulse_ms_, "length of a pulse in milliseconds; else as the lane pulses it")
        ->check(CLI::Range(50, 5000));
    test_->add_flag("--arms", tested_.arms, "outputs that move an arm, too: only in a lane that was not automatic");
    test_->add_option("--seconds", seconds_, "end after so long; else Ctrl-C")->check(CLI::Range(1, 3600));
}

void DeviceSubcommands::add_scan() {
    scan_ = add("scan", "Find the Modbus units of a line or an endpoint, by reads only");
    scan_->add_option("where", scanned_.where, "a serial port, or address:port")->required();
    scan_->add_option("--units", scanned_.units, "units to ask, like 1-32 or 1,5,17")->capture_default_str();
    scan_->add_option("--baud", scanned_.bauds, "speeds to try on a serial port")
        ->capture_default_str()
        ->delimiter(',');
    scan_->add_option("--characters", scanned_.characters, "characters to try, like 8N1,8E1,8O1")
        ->capture_default_str()
        ->delimiter(',');
    scan_->add_option("--function", scanned_.function, "the read that each unit is asked")
        ->capture_default_str()
        ->check(CLI::Range(1, 4));
    scan_->add_option("--address", scanned_.address, "and its address, counted from 0")
        ->capture_default_str()
        ->check(CLI::Range(0, 65'535));
    scan_->add_option("--timeout", timeout_ms_, "milliseconds that a unit may take")
        ->capture_default_str()
        ->check(CLI::Range(20, 5000));
    scan_->add_flag("--rtu-over-tcp", scanned_.rtu_over_tcp, "the endpoint is a terminal server with RTU units");
}

void DeviceSubcommands::add_learning() {
    learn_ = add("learn", "Listen to a device that talks, and find out how its frames are marked off");
    auto* const where = learn_->add_option("where", learned_.listen.where, "a serial port, or address:port");
    learn_->add_option("--recording", learned_.recording, "a recording instead")->excludes(where);
    learn_->add_option("--line", learned_.listen.line, "how a serial port is set")->capture_default_str();
    learn_->add_option("--seconds", listen_seconds_, "how long to listen; Ctrl-C ends it sooner")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
    record_ = add("record", "Write what a device says into a recording");
    record_->add_option("where", recorded_.listen.where, "a device of the daemon, a serial port, or address:port")
        ->required();
    record_->add_option("-o,--output", recorded_.file, "the recording")->required();
    record_->add_option("--about", recorded_.about, "what it is, from where, firmware and date");
    record_->add_option("--line", recorded_.listen.line, "how a serial port is set")->capture_default_str();
    record_->add_option("--seconds", listen_seconds_, "how long; Ctrl-C ends it sooner")
        ->capture_default_str()
        ->check(CLI::Range(1, 3600));
}

void DeviceSubcommands::add_profiles() {
    played_.profile_folders = {"profiles", gate::installed_profiles()};
    play_ = add("play", "Show what a profile makes of a recording");
    play_->add_option("recording", played_.recording, "the recording")->required()->check(CLI::ExistingFile);
    play_->add_option("--profile", played_.profile, "a profile's file, or its name")->required();
    play_->add_option("--profiles", played_.profile_folders, "folders to look for a name")->capture_default_str();
    play_->add_flag("--write-expect", played_.write_expect, "put what was seen into a recording that expects nothing");
    auto* const profile = device_->add_subcommand("profile", "Work on a profile without a gate");
    profile->require_subcommand(1);
    profile->fallthrough();
    check_ = profile->add_subcommand("check", "Read a profile, say everything that is wrong, and play its recordings");
    check_->add_option("file", checked_.profile, "the profile")->required();
    check_->add_option("recordings", checked_.recordings, "recordings, or folders of them")->check(CLI::ExistingPath);
}

void DeviceSubcommands::add_service() {
    disable_ = add("disable", "Take a device out of service: nobody asks it anything, its lanes know");
    enable_ = add("enable", "Take it into service again");
    for (auto* const command : {disable_, enable_}) {
        command->add_option("name", name_, "the device")->required();
        command->add_option("--reason", reason_, "why; it is recorded")->capture_default_str();
    }
}

int DeviceSubcommands::run_daemon(std::ostream& out, std::ostream& errors) {
    if (list_->parsed()) {
        return list_devices(socket_, json_, out, errors);
    }
    if (watch_->parsed()) {
        watched_.control_socket = socket_;
        watched_.seconds = bounded(seconds_);
        return watch_device(watched_, out, errors);
    }
    if (trace_->parsed()) {
        traced_.control_socket = socket_;
        traced_.seconds = std::chrono::seconds{trace_seconds_};
        return trace_device(traced_, out, errors);
    }
    if (test_->parsed()) {
        tested_.control_socket = socket_;
        tested_.pulse = std::chrono::milliseconds{pulse_ms_};
        tested_.seconds = bounded(seconds_);
        return test_device(tested_, out, errors);
    }
    return set_in_service(socket_, name_, enable_->parsed(), reason_, out, errors);
}

int DeviceSubcommands::run_here(std::ostream& out, std::ostream& errors) {
    if (scan_->parsed()) {
        scanned_.control_socket = socket_;
        scanned_.timeout = std::chrono::milliseconds{timeout_ms_};
        return scan_bus(scanned_, out, errors);
    }
    if (learn_->parsed()) {
        learned_.listen.control_socket = socket_;
        learned_.listen.seconds = std::chrono::seconds{listen_seconds_};
        if (learned_.listen.where.empty() && learned_.recording.empty()) {
            errors << "name a serial port, an endpoint or a --recording to learn from\n";
            return 2;
        }
        return learn_framing(learned_, out, errors);
    }
    if (record_->parsed()) {
        recorded_.listen.control_socket = socket_;
        recorded_.listen.seconds = std::chrono::seconds{listen_seconds_};
        return record_device(recorded_, out, errors);
    }
    return play_->parsed() ? play_recording(played_, out, errors) : check_profile(checked_, out, errors);
}

std::optional<int> DeviceSubcommands::run(std::ostream& out, std::ostream& errors) {
    if (!device_->parsed()) {
        return std::nullopt;
    }
    const bool of_daemon = list_->parsed() || watch_->parsed() || trace_->parsed() || test_->parsed() ||
                           disable_->parsed() || enable_->parsed();
    return of_daemon ? run_daemon(out, errors) : run_here(out, errors);
}

}  // namespace portcullis::cli
