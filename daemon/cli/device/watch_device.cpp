#include "cli/device/watch_device.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <vector>

#include "cli/device/interruptible.hpp"
#include "core/time.hpp"
#include "core/time_text.hpp"

namespace portcullis::cli {

namespace {

constexpr std::size_t most_hex = 16;  // bytes a line
constexpr int hex_width = static_cast<int>(most_hex) * 3 + 2;

struct Line {
    std::chrono::microseconds at{};
    std::string way;
    std::vector<std::uint8_t> bytes;
    std::string meaning;
};

std::string clock_time(std::chrono::microseconds wall) {
    const auto text = time_text(WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(wall)});
    constexpr std::size_t date = 11;  // 2026-11-23T
    return text.size() > date ? text.substr(date, 12) : text;
}

void show_line(const WireLook& look, const Line& line, std::ostream& out) {
    const std::span bytes{line.bytes};
    out << clock_time(look.wall_at(line.at)) << ' ' << line.way << ' ' << std::left << std::setw(hex_width)
        << short_hex(bytes.first(std::min(bytes.size(), most_hex)), most_hex) << line.meaning << '\n';
    for (std::size_t at = most_hex; at < bytes.size(); at += most_hex) {
        out << std::string(15, ' ') << short_hex(bytes.subspan(at, std::min(most_hex, bytes.size() - at)), most_hex)
            << '\n';
    }
}

}  // namespace

std::string WatchLines::meaning(const WireLook& look, const SeenFrame& frame) {
    if (!look.is_modbus()) {
        return printable(frame.bytes);
    }
    if (!modbus_) {
        modbus_.emplace(look.over_tcp());
    }
    return frame.way == SeenFrame::Way::out ? modbus_->question(frame.bytes) : modbus_->answer(frame.bytes);
}

void WatchLines::show(const WireLook& look, std::ostream& out) {
    std::vector<Line> lines;
    for (const auto& frame : look.frames) {
        if (frame.way == SeenFrame::Way::note) {
            lines.push_back({frame.at, "--", {}, frame.note});
            continue;
        }
        const auto unit = look.is_modbus() ? ModbusWords{look.over_tcp()}.unit_of(frame.bytes) : std::nullopt;
        auto text = meaning(look, frame);
        if (!look.unit || !unit || unit == look.unit) {
            lines.push_back({frame.at, frame.way == SeenFrame::Way::out ? ">>" : "<<", frame.bytes, std::move(text)});
        }
    }
    for (const auto& words : look.said) {
        const std::span text{words.words};
        lines.push_back({words.at, "==", {}, printable(std::vector<std::uint8_t>{text.begin(), text.end()})});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& one, const Line& other) { return one.at < other.at; });
    if (look.missed > 0) {
        out << "(" << look.missed << " frames went by faster than they could be shown)\n";
    }
    for (const auto& line : lines) {
        show_line(look, line, out);
    }
    out.flush();
}

int watch_device(const WatchOptions& options, std::ostream& out, std::ostream& errors) {
    Interruptible until{options.seconds};
    WireQuestion question{options.control_socket, options.name};
    WatchLines lines;
    bool first = true;
    while (!until.over()) {
        const auto look = question.ask(errors);
        if (!look) {
            return 1;
        }
        if (first) {
            out << options.name << " on bus " << look->bus << " (" << look->transport << ' ' << look->address
                << "): >> from the daemon, << from the device, == what it means to lanes. Ctrl-C ends.\n";
            first = false;
        }
        lines.show(*look, out);
        until.wait(WireQuestion::pause);
    }
    return 0;
}

}  // namespace portcullis::cli
