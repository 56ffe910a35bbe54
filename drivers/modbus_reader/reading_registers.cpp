#include "drivers/modbus_reader/reading_registers.hpp"

#include <algorithm>

#include "drivers/confidence.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::int64_t most_registers = 125;  // of one request, by the Modbus specification
constexpr std::int64_t last_address = 0xFFFF;

std::uint16_t word(const ConfigNode* node, std::int64_t least, std::int64_t most, ConfigProblems& problems) {
    return node == nullptr ? std::uint16_t{0} : static_cast<std::uint16_t>(node->integer(problems, least, most));
}

/// A place among the registers of the request.
std::optional<std::uint16_t> place(const ConfigNode* node, std::uint16_t count, ConfigProblems& problems) {
    return node == nullptr ? std::nullopt : std::optional{word(node, 0, count == 0 ? 0 : count - 1, problems)};
}

void read_registers(const ConfigNode& node, ModbusReaderSettings& settings, ConfigProblems& problems) {
    settings.sequence_at = place(node.require("sequence_at", problems), settings.count, problems).value_or(0);
    settings.text_at = place(node.require("text_at", problems), settings.count, problems).value_or(0);
    settings.length_at = place(node.find("length_at"), settings.count, problems);
    settings.confidence_at = place(node.find("confidence_at"), settings.count, problems);
    settings.confidence_scale =
        node.find("confidence_scale") != nullptr ? word(node.find("confidence_scale"), 1, last_address, problems) : 100;
    if (const auto* acknowledge = node.find("acknowledge")) {
        settings.acknowledge = word(acknowledge, 0, last_address, problems);
    }
    const auto* registers = node.require("text_registers", problems);
    settings.text_registers = word(registers, 1, most_registers, problems);
    if (registers != nullptr && settings.text_at + settings.text_registers > settings.count) {
        registers->report(problems, "the text goes beyond the " + std::to_string(settings.count) + " registers read");
    }
}

}  // namespace

ModbusReaderSettings read_modbus_reader_settings(const ConfigNode& options, const ConfigNode& profile,
                                                 ConfigProblems& problems) {
    const auto* registers = profile.require("registers", problems);
    ModbusReaderSettings settings;
    static_cast<RegisterBlock&>(settings) =
        read_register_block(options, profile, registers, {"registers"}, std::chrono::milliseconds{100}, problems);
    if (registers != nullptr) {
        read_registers(*registers, settings, problems);
    }
    if (const auto* order = profile.require("byte_order", problems)) {
        settings.byte_order = order->word<ByteOrder>(problems).value_or(ByteOrder::high_first);
    }
    if (const auto* encoding = profile.require("encoding", problems)) {
        settings.encoding = encoding->word<Encoding>(problems).value_or(Encoding::utf8);
    }
    if (const auto* kind = profile.require("kind", problems)) {
        settings.kind = kind->word<ReadingKind>(problems).value_or(ReadingKind::container);
    }
    const auto* profile_face = profile.find("face");
    const auto* face = options.find("face");
    if (face = face != nullptr ? face : profile_face; face != nullptr) {
        settings.face = face->word<Face>(problems).value_or(Face::not_applicable);
    }
    return settings;
}

SequenceStep step_of(std::uint16_t before, std::uint16_t now) {
    constexpr std::uint16_t near_end = 0xFF00;
    constexpr std::uint16_t near_begin = 0x0100;
    if (now == before) {
        return SequenceStep::same;
    }
    const bool wrapped = before >= near_end && now < near_begin;
    return now != 0 && (now > before || wrapped) ? SequenceStep::next : SequenceStep::restarted;
}

std::variant<Reading, std::string_view> reading_in(const ModbusReaderSettings& settings,
                                                   std::span<const std::uint16_t> registers, TextDecoder& decoder) {
    auto bytes = register_bytes(registers.subspan(settings.text_at, settings.text_registers), settings.byte_order);
    if (settings.length_at) {
        const std::size_t length = registers[*settings.length_at];
        if (length > bytes.size()) {
            return std::string_view{"text_length"};
        }
        bytes.resize(length);
    } else {
        bytes.erase(std::find(bytes.begin(), bytes.end(), std::uint8_t{0}), bytes.end());
    }
    auto text = decoder.decode(bytes);
    if (!text) {
        return std::string_view{"encoding"};
    }
    Reading reading{.kind = settings.kind,
                    .face = settings.face,
                    .raw = std::move(*text),
                    .confidence = std::nullopt,
                    .device_time = {},
                    .seal = std::nullopt};
    if (settings.confidence_at) {
        reading.confidence = confidence_of(registers[*settings.confidence_at], settings.confidence_scale);
    }
    return reading;
}

}  // namespace portcullis::drivers
