#include "drivers/tag_reader/tag_frame.hpp"

#include "drivers/hex_digits.hpp"

namespace portcullis::drivers {

namespace {

using Bytes = std::span<const std::uint8_t>;
using Read = Result<TagFrame, std::string_view>;

constexpr std::string_view wrong_command = "command";
constexpr std::string_view wrong_tags = "tags";
constexpr std::size_t shortest_epc = 4;
constexpr std::size_t longest_epc = 62;

bool is_epc(std::size_t length) {
    return length >= shortest_epc && length <= longest_epc;
}

Read refused(std::string_view kind) {
    return Failure{kind};
}

/// `A0 Len Addr Cmd Data… Check`: tag, end of round and error share one command and are told apart by their length.
Read read_a0(Bytes frame) {
    constexpr std::size_t head = 4;
    constexpr std::size_t overhead = 9;  // of a tag: A0 Len Addr Cmd antenna PC PC … RSSI check
    constexpr std::size_t error_size = 6;
    constexpr std::size_t end_size = 12;
    constexpr std::uint8_t antenna_bits = 0x03;
    constexpr std::uint8_t inventory = 0x89;
    constexpr std::uint8_t inventory_of_session = 0x8B;
    if (frame.size() < error_size || (frame[3] != inventory && frame[3] != inventory_of_session)) {
        return refused(wrong_command);
    }
    TagFrame read;
    if (frame.size() == error_size || frame.size() == end_size) {
        read.ends_round = true;
        if (frame.size() == error_size) {
            read.error = frame[head];
        }
        return read;
    }
    if (frame.size() < overhead || !is_epc(frame.size() - overhead)) {
        return refused(wrong_tags);
    }
    read.tags.push_back({hex_digits(frame.subspan(head + 3, frame.size() - overhead)), frame[head] & antenna_bits});
    return read;
}

/// Tags one behind the other, each `len EPC` and `after` bytes; nothing when they do not fill `bytes`.
std::optional<std::vector<TagSeen>> read_tags(Bytes bytes, std::size_t count, std::size_t after,
                                              std::optional<int> antenna) {
    std::vector<TagSeen> tags;
    for (; count > 0; --count) {
        const std::size_t length = bytes.empty() ? 0 : bytes[0];
        if (!is_epc(length) || bytes.size() < 1 + length + after) {
            return std::nullopt;
        }
        tags.push_back({hex_digits(bytes.subspan(1, length)), antenna});
        bytes = bytes.subspan(1 + length + after);
    }
    return bytes.empty() ? std::optional{std::move(tags)} : std::nullopt;
}

constexpr std::uint8_t chafon_inventory = 0x01;
constexpr std::uint8_t chafon_active = 0xEE;

/// What a status says, and whether tags stand behind it.
struct Status {
    TagFrame says;
    bool with_tags = false;
};

Status status_of(std::uint8_t status) {
    constexpr std::uint8_t complete = 0x01;
    constexpr std::uint8_t timed_out = 0x02;
    constexpr std::uint8_t more_follow = 0x03;
    constexpr std::uint8_t memory_full = 0x04;
    constexpr std::uint8_t antenna_fault = 0xF8;
    Status read;
    read.with_tags = status == complete || status == timed_out || status == more_follow || status == memory_full;
    read.says.ends_round = status != more_follow;
    read.says.antenna_fault = status == antenna_fault;
    if (!read.with_tags && status != antenna_fault) {
        read.says.error = status;
    }
    return read;
}

/// A reader that sends by itself: `Len Adr EE Status Ant (len EPC RSSI) CRC`, or a sign of life.
Read read_active(Bytes frame) {
    constexpr std::uint8_t tag = 0x00;
    constexpr std::uint8_t alive = 0x28;
    constexpr std::size_t least = 7;
    constexpr std::size_t crc = 2;
    TagFrame read;
    if (frame.size() < least) {
        return refused(wrong_tags);
    }
    if (frame[3] == alive) {
        return read;
    }
    if (frame[3] != tag) {
        auto status = status_of(frame[3]);
        status.says.ends_round = false;
        return status.with_tags ? refused(wrong_tags) : Read{std::move(status.says)};
    }
    auto tags = read_tags(frame.subspan(5, frame.size() - 5 - crc), 1, 1, frame[4]);
    if (!tags) {
        return refused(wrong_tags);
    }
    read.tags = std::move(*tags);
    return read;
}

/// `Len Adr Cmd Status …CRC`; with an antenna before the number of tags, and a strength behind each.
Read read_chafon(Bytes frame, bool with_antenna) {
    constexpr std::size_t crc = 2;
    constexpr std::size_t head = 4;
    if (frame.size() < head + crc) {
        return refused(wrong_tags);
    }
    if (with_antenna && frame[2] == chafon_active) {
        return read_active(frame);
    }
    if (frame[2] != chafon_inventory) {
        return refused(wrong_command);
    }
    auto status = status_of(frame[3]);
    const auto data = frame.subspan(head, frame.size() - head - crc);
    if (!status.with_tags) {
        return status.says;
    }
    const std::size_t before = with_antenna ? 2 : 1;
    if (data.size() < before) {
        return refused(wrong_tags);
    }
    const auto antenna = with_antenna ? std::optional<int>{data[0]} : std::nullopt;
    auto tags = read_tags(data.subspan(before), data[before - 1], with_antenna ? 1 : 0, antenna);
    if (!tags) {
        return refused(wrong_tags);
    }
    status.says.tags = std::move(*tags);
    return status.says;
}

/// `CF Addr CmdHi CmdLo Len Status RSSI RSSI antenna channel len EPC CRC CRC`.
Read read_cf(Bytes frame) {
    constexpr std::size_t head = 6;  // up to the status
    constexpr std::size_t crc = 2;
    constexpr std::size_t before_tag = 4;
    constexpr std::uint8_t tag = 0x00;
    constexpr std::uint8_t nothing_more = 0x12;
    if (frame.size() < head + crc || frame[2] != 0 || frame[3] != chafon_inventory) {
        return refused(wrong_command);
    }
    TagFrame read;
    const auto data = frame.subspan(head, frame.size() - head - crc);
    if (frame[head - 1] == tag) {
        auto tags = data.size() < before_tag ? std::nullopt : read_tags(data.subspan(before_tag), 1, 0, data[2]);
        if (!tags) {
            return refused(wrong_tags);
        }
        read.tags = std::move(*tags);
        return read;
    }
    read.ends_round = true;
    if (frame[head - 1] != nothing_more) {
        read.error = frame[head - 1];
    }
    return read;
}

}  // namespace

Read read_tag_frame(TagProtocol protocol, Bytes frame) {
    switch (protocol) {
        case TagProtocol::a0:
            return read_a0(frame);
        case TagProtocol::reader18:
            return read_chafon(frame, false);
        case TagProtocol::reader288m:
            return read_chafon(frame, true);
        case TagProtocol::cf:
            return read_cf(frame);
    }
    return refused(wrong_command);
}

}  // namespace portcullis::drivers
