#include "tests/fault/hostile/cases.hpp"

#include <cstdint>
#include <string_view>

namespace portcullis::fault {
namespace {

using Stage = HostileCase::Stage;
using namespace std::string_literals;

std::string bytes_16(std::size_t number) {
    return {static_cast<char>(number >> 8U & 0xffU), static_cast<char>(number & 0xffU)};
}

std::string variable_length(std::size_t left) {
    std::string out;
    do {
        out.push_back(static_cast<char>((left % 128) | (left >= 128 ? 0x80U : 0U)));
        left /= 128;
    } while (left > 0);
    return out;
}

std::string packet(std::uint8_t type, const std::string& body) {
    return std::string(1, static_cast<char>(type)) + variable_length(body.size()) + body;
}

/// MQTT 5, 3.3: `flags` are the low four bits; 0x02 is QoS 1, 0x04 QoS 2, 0x01 retained.
std::string publish(const std::string& topic, const std::string& payload, std::uint8_t flags = 0,
                    const std::string& properties = {}) {
    return packet(static_cast<std::uint8_t>(0x30U | flags),
                  bytes_16(topic.size()) + topic + ((flags & 0x06U) != 0 ? bytes_16(7) : "") +
                      variable_length(properties.size()) + properties + payload);
}

std::string connack(const std::string& properties, char reason = 0) {
    return packet(0x20, "\0"s + reason + variable_length(properties.size()) + properties);
}

std::string property_flood() {
    std::string flood;
    for (int i = 0; i < 20'000; ++i) {
        flood += "\x26\0\x01k\0\x01v"s;  // a user property
    }
    return flood;
}

std::vector<std::string> small_flood(const std::string& prefix) {
    std::string together;
    for (int i = 0; i < 500; ++i) {
        together += publish(prefix + "/ack", "{}") + publish(prefix + "/order", "no order", 0x02);
    }
    return {together};
}

/// Reason codes of MQTT 5, 3.14.2.1 that a broker may send, and some that no table has.
std::vector<HostileCase> goodbyes() {
    constexpr std::string_view codes =
        "\x04\x80\x81\x82\x83\x87\x89\x8b\x8d\x8e\x8f\x90\x93\x94\x95\x96\x97\x98\x99"
        "\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1\xa2\x01\x7f\xff";
    std::vector<HostileCase> cases;
    for (const char code : codes) {
        const auto number = static_cast<unsigned>(static_cast<std::uint8_t>(code));
        cases.push_back(
            {"DISCONNECT " + std::to_string(number), Stage::online, {packet(0xe0, code + "\0"s)}, 1, number == 0x8e});
    }
    return cases;
}

/// Answers to CONNECT and SUBSCRIBE.
std::vector<HostileCase> bad_answers(const std::string& order) {
    return {
        {"CONNACK: Receive Maximum 0", Stage::connack, {connack("\x21\0\0"s)}, 1, true},
        {"CONNACK: Maximum Packet Size 1", Stage::connack, {connack("\x27\0\0\0\x01"s)}, 1, true},
        {"CONNACK: Maximum QoS 0, no retain", Stage::connack, {connack("\x24\0\x25\0"s)}},
        {"CONNACK: property of no table", Stage::connack, {connack("\x7f\x01\x02"s)}},
        {"CONNACK: properties longer than it", Stage::connack, {packet(0x20, "\0\0\x7f\x21"s)}},
        {"CONNACK: empty", Stage::connack, {"\x20\0"s}},
        {"CONNACK: reason 0x9d", Stage::connack, {connack({}, '\x9d')}},
        {"CONNACK: garbage", Stage::connack, {std::string(4096, '\xa5')}},
        {"CONNACK: another packet", Stage::connack, {publish(order, "{}")}},
        {"SUBACK: refused", Stage::suback, {packet(0x90, "\0\x01\0\x87"s)}},
        {"SUBACK: without a code", Stage::suback, {packet(0x90, "\0\x01\0"s)}},
        {"SUBACK: empty", Stage::suback, {"\x90\0"s}},
    };
}

}  // namespace

std::vector<HostileCase> hostile_cases(const std::string& prefix) {
    const std::string order = prefix + "/order";
    const std::string garbage = "{\"stream\":\xff\xfe\0[[[[[[["s;
    const std::string bad_utf8 = prefix + "/\xc3\x28\xed\xa0\x80";
    const std::string whole = publish(order, std::string(1000, 'x'), 0x02);
    auto cases = bad_answers(order);
    std::vector<HostileCase> in_session{
        {"announces 256 MB",
         Stage::online,
         {"\x30\xff\xff\xff\x7f"s + bytes_16(order.size()) + order + "\0"s, std::string(1'000'000, 'x')},
         1,
         true},
        {"length of five bytes", Stage::online, {"\x30\xff\xff\xff\xff\x7f"s}},
        {"payload of 8 MB", Stage::online, {publish(order, std::string(8'000'000, '['), 0x02)}, 3, true},
        {"bad UTF-8", Stage::online, {publish(bad_utf8, garbage), publish(order, garbage, 0x02)}, 20, true},
        {"property flood", Stage::online, {publish(order, "{}", 0x02, property_flood())}, 20, true},
        {"property of no table", Stage::online, {publish(order, "{}", 0, "\x7f\x01"s)}},
        {"properties longer than the packet", Stage::online, {packet(0x30, bytes_16(1) + "a\xff\x7f"s)}},
        {"topic longer than the packet", Stage::online, {packet(0x30, "\xff\xff"s + "a")}},
        {"retained garbage",
         Stage::online,
         {publish(prefix + "/ack", garbage, 0x03), publish(prefix + "/replay", garbage, 0x03),
          publish(prefix + "/command", garbage, 0x03)},
         50,
         true},
        {"wrong topics",
         Stage::online,
         {publish("other", "{}"), publish("#", "{}"), publish(prefix + "/event", "{}")},
         20},
        {"empty topic", Stage::online, {publish("", "{}")}},
        {"alias never announced", Stage::online, {publish("", "{}", 0, "\x23\0\x09"s)}},
        {"QoS 2", Stage::online, {publish(order, "{}", 0x04)}, 50},
        {"QoS 3", Stage::online, {publish(order, "{}", 0x06)}},
        {"acknowledges what was never sent",
         Stage::online,
         {"\x40\x02\xff\xf0"s, "\x50\x02\xff\xf0"s, "\x70\x02\xff\xf0"s, "\x90\x04\xff\xf0\0\0"s},
         50,
         true},
        {"PUBACK: empty", Stage::online, {"\x40\0"s}},
        {"reserved bits", Stage::online, {"\x4f\x02\0\x01"s, "\xdf\0"s}},
        {"packet type 0", Stage::online, {"\0\0"s}},
        {"packets of a client", Stage::online, {packet(0x10, "\0\x04MQTT\x05\0\0\0\0\0\0"s), "\xc0\0"s}},
        {"second CONNACK", Stage::online, {connack({}), connack("\x21\0\x01"s)}},
        {std::string{flood_name}, Stage::online, small_flood(prefix), 100, true},
    };
    cases.insert(cases.end(), in_session.begin(), in_session.end());
    for (const std::size_t length : {1U, 2U, 3U, 20U, 500U}) {
        cases.push_back({"cut after " + std::to_string(length) + " bytes",
                         Stage::online,
                         {whole.substr(0, length)},
                         1,
                         length == 20});
    }
    for (int i = 0; i < 3; ++i) {  // as a broker does with what nobody acknowledges
        cases.push_back({"poison again", Stage::online, {publish(prefix + "/replay", garbage, 0x0b)}});
    }
    const auto ends = goodbyes();
    cases.insert(cases.end(), ends.begin(), ends.end());
    return cases;
}

}  // namespace portcullis::fault
