#include "cli/device/wire_question.hpp"

#include <ostream>
#include <sstream>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "codec/canonical.hpp"
#include "core/value_members.hpp"
#include "drivers/framing/framing.hpp"

namespace portcullis::cli {

namespace {

std::vector<std::uint8_t> bytes_of_hex(const std::string& hex) {
    std::string spaced;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        spaced += (spaced.empty() ? "" : " ") + hex.substr(i, 2);
    }
    return drivers::hex_bytes(spaced).value_or(std::vector<std::uint8_t>{});
}

SeenFrame frame_of(const Value& value) {
    SeenFrame frame;
    const auto way = text_member(value, "way");
    frame.way = way == "out" ? SeenFrame::Way::out : way == "in" ? SeenFrame::Way::in : SeenFrame::Way::note;
    frame.at = std::chrono::microseconds{number_member(value, "at_us").value_or(0)};
    frame.bytes = bytes_of_hex(text_member(value, "hex"));
    frame.note = text_member(value, "text");
    return frame;
}

std::optional<int> unit_of(const Value* device) {
    const auto unit = device == nullptr ? std::string{} : text_member(*device, "unit");
    return unit.empty() ? std::nullopt : std::optional{std::stoi(unit)};
}

}  // namespace

std::string question_line(Object question) {
    const auto text = codec::canonical_text(Value{std::move(question)});
    return text ? *text : std::string{"{}"};
}

WireQuestion::WireQuestion(std::filesystem::path control_socket, std::string name)
    : control_socket_(std::move(control_socket)), name_(std::move(name)) {}

std::optional<Value> WireQuestion::answer(std::ostream& errors) {
    const auto line = question_line({{"ask", "device_wire"},
                                     {is_bus_ ? "bus" : "device", name_},
                                     {"from", static_cast<std::int64_t>(next_)},
                                     {"said_from", static_cast<std::int64_t>(said_next_)}});
    const auto text = ask_daemon(control_socket_, line, errors);
    return text ? read_answer(*text, errors) : std::nullopt;
}

std::optional<WireLook> WireQuestion::ask(std::ostream& errors) {
    std::ostringstream why;
    auto value = answer(why);
    if (!value && next_ == 0 && !is_bus_) {
        is_bus_ = true;  // no device of that name: a bus, perhaps
        std::ostringstream no_bus;
        value = answer(no_bus);
        is_bus_ = value.has_value();
    }
    if (!value) {
        errors << why.str();
        return std::nullopt;
    }
    WireLook look;
    look.bus = text_member(*value, "bus");
    look.transport = text_member(*value, "transport");
    look.address = text_member(*value, "address");
    if (const auto* device = value->find("device")) {
        look.device = *device;
        look.unit = unit_of(device);
    }
    for (const auto& frame : list_in(*value, "frames")) {
        look.frames.push_back(frame_of(frame));
    }
    for (const auto& line : list_in(*value, "said")) {
        look.said.push_back(
            {std::chrono::microseconds{number_member(line, "at_us").value_or(0)}, text_member(line, "words")});
    }
    const auto first = static_cast<std::uint64_t>(number_member(*value, "first").value_or(0));
    look.missed = next_ != 0 && first > next_ ? first - next_ : 0;
    next_ = static_cast<std::uint64_t>(number_member(*value, "next").value_or(0));
    said_next_ = static_cast<std::uint64_t>(number_member(*value, "said_next").value_or(0));
    look.now = std::chrono::microseconds{number_member(*value, "now_us").value_or(0)};
    look.wall = std::chrono::milliseconds{number_member(*value, "wall_ms").value_or(0)};
    return look;
}

}  // namespace portcullis::cli
