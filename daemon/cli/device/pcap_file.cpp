#include "cli/device/pcap_file.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address_v4.hpp>

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t magic = 0xA1B2C3D4;  // microseconds
constexpr std::uint32_t longest_packet = 65'535;
constexpr std::uint32_t ethernet = 1;
constexpr std::uint32_t user0 = 147;
constexpr std::size_t record_head = 16;
constexpr std::size_t ethernet_head = 14;
constexpr std::size_t ip_head = 20;
constexpr std::size_t tcp_head = 20;
constexpr std::uint32_t daemon_address = 0xC6336401;          // 198.51.100.1
constexpr std::uint32_t unknown_device_address = 0xC0000202;  // 192.0.2.2
constexpr std::uint16_t modbus_port = 502;
constexpr std::uint16_t daemon_port = 49'152;
constexpr std::size_t most_payload = 60'000;

void put_low_first(Bytes& bytes, std::uint32_t value, int width) {
    for (int i = 0; i < width; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
    }
}

void put_high_first(Bytes& bytes, std::uint32_t value, int width) {
    for (int i = width - 1; i >= 0; --i) {
        bytes.push_back(static_cast<std::uint8_t>(value >> (8U * static_cast<unsigned>(i))));
    }
}

/// RFC 1071.
std::uint16_t internet_checksum(std::span<const std::uint8_t> bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        sum += unsigned{bytes[i]} << 8U | (i + 1 < bytes.size() ? bytes[i + 1] : 0U);
    }
    while (sum >> 16U != 0) {
        sum = (sum & 0xFFFFU) + (sum >> 16U);
    }
    return static_cast<std::uint16_t>(~sum);
}

void set_word(Bytes& bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8U);
    bytes[at + 1] = static_cast<std::uint8_t>(value & 0xFFU);
}

struct Segment {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint16_t from_port = 0;
    std::uint16_t to_port = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint16_t packet = 0;
};

Bytes ip_header(const Segment& segment, std::size_t payload) {
    constexpr std::uint8_t version_and_length = 0x45;
    constexpr std::uint32_t do_not_fragment = 0x4000;
    constexpr std::uint8_t hops = 64;
    constexpr std::uint8_t tcp = 6;
    Bytes ip{version_and_length, 0};
    put_high_first(ip, static_cast<std::uint32_t>(ip_head + tcp_head + payload), 2);
    put_high_first(ip, segment.packet, 2);
    put_high_first(ip, do_not_fragment, 2);
    ip.insert(ip.end(), {hops, tcp, 0, 0});
    put_high_first(ip, segment.from, 4);
    put_high_first(ip, segment.to, 4);
    set_word(ip, 10, internet_checksum(ip));
    return ip;
}

Bytes tcp_segment(const Segment& segment, std::span<const std::uint8_t> payload) {
    constexpr std::uint8_t header_words = 0x50;
    constexpr std::uint8_t push_and_acknowledge = 0x18;
    constexpr std::uint32_t window = 0xFFFF;
    constexpr std::size_t checksum_at = 16;
    Bytes tcp;
    put_high_first(tcp, segment.from_port, 2);
    put_high_first(tcp, segment.to_port, 2);
    put_high_first(tcp, segment.sequence, 4);
    put_high_first(tcp, segment.acknowledged, 4);
    tcp.insert(tcp.end(), {header_words, push_and_acknowledge});
    put_high_first(tcp, window, 2);
    put_high_first(tcp, 0, 4);
    tcp.insert(tcp.end(), payload.begin(), payload.end());
    Bytes summed;
    put_high_first(summed, segment.from, 4);
    put_high_first(summed, segment.to, 4);
    summed.insert(summed.end(), {0, 6});
    put_high_first(summed, static_cast<std::uint32_t>(tcp.size()), 2);
    summed.insert(summed.end(), tcp.begin(), tcp.end());
    set_word(tcp, checksum_at, internet_checksum(summed));
    return tcp;
}

std::uint32_t address_of_device(const std::string& endpoint) {
    boost::system::error_code bad;
    const auto address = boost::asio::ip::make_address_v4(endpoint.substr(0, endpoint.rfind(':')), bad);
    return bad ? unknown_device_address : static_cast<std::uint32_t>(address.to_uint());
}

}  // namespace

PcapFile::PcapFile(std::ostream& out, Form form, const std::string& device)
    : out_(out), form_(form), device_address_(address_of_device(device)) {
    Bytes head;
    put_low_first(head, magic, 4);
    put_low_first(head, 2, 2);
    put_low_first(head, 4, 2);
    put_low_first(head, 0, 4);
    put_low_first(head, 0, 4);
    put_low_first(head, longest_packet, 4);
    put_low_first(head, form == Form::stream ? user0 : ethernet, 4);
    put(head);
}

std::uint64_t PcapFile::room_for(std::size_t bytes) const {
    const auto head = form_ == Form::stream ? std::size_t{1} : ethernet_head + ip_head + tcp_head;
    return record_head + head + std::min(bytes, most_payload);
}

Bytes PcapFile::wrapped(bool from_daemon, std::span<const std::uint8_t> bytes) {
    if (form_ == Form::stream) {
        Bytes packet{static_cast<std::uint8_t>(from_daemon ? 1 : 0)};
        packet.insert(packet.end(), bytes.begin(), bytes.end());
        return packet;
    }
    const auto device_port = form_ == Form::modbus_tcp ? modbus_port : rtu_port;
    auto& own = from_daemon ? sequence_of_daemon_ : sequence_of_device_;
    const auto other = from_daemon ? sequence_of_device_ : sequence_of_daemon_;
    const Segment segment{.from = from_daemon ? daemon_address : device_address_,
                          .to = from_daemon ? device_address_ : daemon_address,
                          .from_port = from_daemon ? daemon_port : device_port,
                          .to_port = from_daemon ? device_port : daemon_port,
                          .sequence = own,
                          .acknowledged = other,
                          .packet = ++packet_};
    own += static_cast<std::uint32_t>(bytes.size());
    constexpr std::array<std::uint8_t, 6> daemon_card{0x02, 0, 0, 0, 0, 0x01};
    constexpr std::array<std::uint8_t, 6> device_card{0x02, 0, 0, 0, 0, 0x02};
    const auto& to = from_daemon ? device_card : daemon_card;
    const auto& from = from_daemon ? daemon_card : device_card;
    Bytes packet{to.begin(), to.end()};
    packet.insert(packet.end(), from.begin(), from.end());
    packet.insert(packet.end(), {0x08, 0x00});  // IPv4
    const auto ip = ip_header(segment, bytes.size());
    packet.insert(packet.end(), ip.begin(), ip.end());
    const auto tcp = tcp_segment(segment, bytes);
    packet.insert(packet.end(), tcp.begin(), tcp.end());
    return packet;
}

void PcapFile::write(bool from_daemon, std::span<const std::uint8_t> bytes, std::chrono::microseconds at) {
    constexpr std::int64_t second = 1'000'000;
    const auto packet = wrapped(from_daemon, bytes.first(std::min(bytes.size(), most_payload)));
    Bytes record;
    put_low_first(record, static_cast<std::uint32_t>(at.count() / second), 4);
    put_low_first(record, static_cast<std::uint32_t>(at.count() % second), 4);
    put_low_first(record, static_cast<std::uint32_t>(packet.size()), 4);
    put_low_first(record, static_cast<std::uint32_t>(packet.size()), 4);
    put(record);
    put(packet);
    ++frames_;
}

void PcapFile::put(std::span<const std::uint8_t> bytes) {
    const std::string text{bytes.begin(), bytes.end()};
    out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    size_ += bytes.size();
}

}  // namespace portcullis::cli
