#include "cli/device/watch_device.hpp"

#include <algorithm>
#include <iomanip>
#include <iterator>
#include <ostream>
#include <vector>

#include "cli/device/interruptible.hpp"
#include "core/time.hpp"
#include "core/time_text.hpp"

namespace portcullis::cli {

namespace {

constexpr std::size_t most_hex = 16;  // bytes a line
constexpr int hex_width = static_cast<int>(most_hex) * 3 + 2;

std::string clock_time(std::chrono::microseconds wall) {
    const auto text = time_text(WallTime{std::chrono::duration_cast<std::chrono::milliseconds>(wall)});
    constexpr std::size_t date = 11;  // 2026-11-23T
    return text.size() > date ? text.substr(date, 12) : text;
}

}  // namespace

void WatchLines::show_line(const WireLook& look, const Line& line, std::ostream& out) {
    const std::span bytes{line.bytes};
    out << clock_time(look.wall_at(line.at)) << ' ' << line.way << ' ' << std::left << std::setw(hex_width)
        << short_hex(bytes.first(std::min(bytes.size(), most_hex)), most_hex) << line.meaning << '\n';
    for (std::size_t at = most_hex; at < bytes.size(); at += most_hex) {
        out << std::string(16, ' ') << short_hex(bytes.subspan(at, std::min(most_hex, bytes.size() - at)), most_hex)
            << '\n';
    }
}

void WatchLines::take_modbus(const WireLook& look, const SeenFrame& frame, std::vector<Line>& lines) {
    if (!modbus_) {
        modbus_.emplace(look.over_tcp());
    }
    const bool is_question = frame.way == SeenFrame::Way::out;
    Line line{frame.at, is_question ? ">>" : "<<", frame.bytes,
              is_question ? modbus_->question(frame.bytes) : modbus_->answer(frame.bytes)};
    const auto unit = modbus_->unit_of(frame.bytes);
    if (look.unit && unit && unit != look.unit) {
        return;
    }
    if (is_question) {
        std::move(question_.begin(), question_.end(), std::back_inserter(lines));  // one that had no answer
        question_ = {std::move(line)};
        return;
    }
    const auto asked = question_.empty() ? std::string{} : question_.front().meaning;
    const auto last = answers_.find(asked);
    if (!all_ && !question_.empty() && last != answers_.end() && last->second == line.meaning) {
        question_.clear();
        ++unchanged_;
        return;
    }
    constexpr std::size_t most_questions = 1000;
    if (answers_.size() < most_questions) {
        answers_[asked] = line.meaning;
    }
    std::move(question_.begin(), question_.end(), std::back_inserter(lines));
    question_.clear();
    lines.push_back(std::move(line));
}

void WatchLines::take(const WireLook& look, const SeenFrame& frame, std::vector<Line>& lines) {
    if (frame.way == SeenFrame::Way::note) {
        lines.push_back({frame.at, "--", {}, frame.note});
    } else if (look.is_modbus()) {
        take_modbus(look, frame, lines);
    } else {
        lines.push_back(
            {frame.at, frame.way == SeenFrame::Way::out ? ">>" : "<<", frame.bytes, printable(frame.bytes)});
    }
}

void WatchLines::show(const WireLook& look, std::ostream& out) {
    constexpr std::chrono::seconds tells_unchanged{5};
    std::vector<Line> lines;
    for (const auto& frame : look.frames) {
        take(look, frame, lines);
    }
    for (const auto& words : look.said) {
        lines.push_back(
            {words.at, "==", {}, printable(std::vector<std::uint8_t>{words.words.begin(), words.words.end()})});
    }
    std::stable_sort(lines.begin(), lines.end(), [](const Line& one, const Line& other) { return one.at < other.at; });
    if (look.missed > 0) {
        out << "(" << look.missed << " frames went by faster than they could be fetched)\n";
    }
    if (unchanged_ > 0 && (!lines.empty() || look.now - told_ >= tells_unchanged)) {
        out << "(" << unchanged_ << " polls brought nothing new)\n";
        unchanged_ = 0;
        told_ = look.now;
    }
    for (const auto& line : lines) {
        show_line(look, line, out);
        told_ = look.now;
    }
    out.flush();
}

int watch_device(const WatchOptions& options, std::ostream& out, std::ostream& errors) {
    Interruptible until{options.seconds};
    WireQuestion question{options.control_socket, options.name};
    WatchLines lines{options.all};
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
