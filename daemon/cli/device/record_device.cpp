#include "cli/device/record_device.hpp"

#include <fstream>
#include <optional>
#include <ostream>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "cli/device/frame_text.hpp"
#include "cli/device/interruptible.hpp"
#include "cli/device/wire_question.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t most_exchanges = 2000;
constexpr std::size_t most_pieces = 2000;
constexpr std::chrono::milliseconds reading_gap{500};

PointSetup setup_of(const Value& wire) {
    PointSetup setup;
    setup.point = PointName{shown(wire, "point")};
    setup.direction = enum_from<Direction>(shown(wire, "direction")).value_or(Direction::input);
    setup.wire_open_means = enum_from<WireOpen>(shown(wire, "wire_open_means")).value_or(setup.wire_open_means);
    setup.safe = enum_from<SafeOutput>(shown(wire, "safe")).value_or(setup.safe);
    return setup;
}

/// Frames of one device as they come, to a recording.
class Writer {
public:
    explicit Writer(const WireLook& look) : is_modbus_(look.is_modbus()), over_tcp_(look.over_tcp()), unit_(look.unit) {
        for (const auto& option : list_in(look.device, "options")) {
            recording_.options.emplace_back(shown(option, "key"), shown(option, "value"));
        }
        for (const auto& wire : list_in(look.device, "wired")) {
            recording_.points.push_back(setup_of(wire));
        }
    }

    void take(const WireLook& look) {
        for (const auto& frame : look.frames) {
            if (frame.way == SeenFrame::Way::note) {
                continue;
            }
            if (is_modbus_) {
                take_modbus(frame);
            } else {
                take_piece(frame);
            }
        }
    }

    [[nodiscard]] bool full() const {
        return recording_.exchanges.size() >= most_exchanges || recording_.pieces.size() >= most_pieces;
    }

    [[nodiscard]] Recording recording() {
        settle_question();
        return recording_;
    }

private:
    void take_modbus(const SeenFrame& frame) {
        if (unit_ && ModbusWords{over_tcp_}.unit_of(frame.bytes) != unit_) {
            return;
        }
        auto bytes = frame.bytes;
        if (over_tcp_ && bytes.size() > 2) {
            bytes[0] = bytes[1] = 0;  // the transaction is the daemon's own
        }
        if (frame.way == SeenFrame::Way::out) {
            settle_question();
            question_ = std::move(bytes);
        } else if (!question_.empty()) {
            add({std::exchange(question_, {}), std::move(bytes), over_tcp_});
        }
    }

    /// A question that had no answer when the next one was asked.
    void settle_question() {
        if (!question_.empty()) {
            add({std::exchange(question_, {}), {}, over_tcp_});
        }
    }

    /// A third poll that brings nothing new would only fill the file.
    void add(RecordedExchange exchange) {
        int equal = 0;
        for (auto last = recording_.exchanges.rbegin(); last != recording_.exchanges.rend() && equal < 2; ++last) {
            if (last->ask == exchange.ask) {
                if (!(*last == exchange)) {
                    break;
                }
                ++equal;
            }
        }
        if (equal < 2) {
            recording_.exchanges.push_back(std::move(exchange));
        }
    }

    void take_piece(const SeenFrame& frame) {
        const std::chrono::microseconds gap = last_ ? frame.at - *last_ : std::chrono::microseconds{0};
        last_ = frame.at;
        if (gap >= reading_gap) {
            recording_.pieces.push_back({RecordedPiece::What::silence, {}, {}});
        }
        const auto what = frame.way == SeenFrame::Way::out ? RecordedPiece::What::sent : RecordedPiece::What::bytes;
        recording_.pieces.push_back({what, frame.bytes, {}});
    }

    bool is_modbus_;
    bool over_tcp_;
    std::optional<int> unit_;
    Recording recording_;
    Bytes question_;  ///< that has no answer yet; empty = none
    std::optional<std::chrono::microseconds> last_;
};

std::optional<Recording> recorded_from_daemon(const RecordOptions& options, std::ostream& errors) {
    WireQuestion question{options.listen.control_socket, options.listen.where};
    auto look = question.ask(errors);
    if (!look) {
        return std::nullopt;
    }
    Writer writer{*look};
    Interruptible until{options.listen.seconds};
    while (!until.over() && !writer.full()) {
        until.wait(WireQuestion::pause);
        look = question.ask(errors);
        if (!look) {
            return std::nullopt;
        }
        if (look->missed > 0) {
            errors << look->missed << " frames went by faster than they could be fetched\n";
        }
        writer.take(*look);
    }
    return writer.recording();
}

std::optional<Recording> recorded(const RecordOptions& options, std::ostream& errors) {
    if (!is_place(options.listen.where)) {
        return recorded_from_daemon(options, errors);
    }
    auto pieces = listen(options.listen, errors);
    if (!pieces) {
        return std::nullopt;
    }
    Recording recording;
    recording.pieces = std::move(*pieces);
    return recording;
}

}  // namespace

int record_device(const RecordOptions& options, std::ostream& out, std::ostream& errors) {
    auto recording = recorded(options, errors);
    if (!recording) {
        return 1;
    }
    if (recording->exchanges.empty() && recording->pieces.empty()) {
        errors << options.listen.where << " said nothing\n";
        return 1;
    }
    recording->about = options.about.empty() ? options.listen.where : options.about;
    std::ofstream file{options.file, std::ios::trunc};
    file << recording_text(*recording);
    file.close();
    if (!file) {
        errors << options.file.string() << ": cannot be written\n";
        return 1;
    }
    out << options.file.string() << ": "
        << (recording->exchanges.empty() ? std::to_string(recording->pieces.size()) + " pieces"
                                         : std::to_string(recording->exchanges.size()) + " exchanges")
        << '\n';
    return 0;
}

}  // namespace portcullis::cli
