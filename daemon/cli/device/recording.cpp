#include "cli/device/recording.hpp"

#include <string_view>
#include <utility>

#include "drivers/framing/framing.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::cli {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view transaction = "TT TT";
constexpr std::string_view sent_word = "sent ";
constexpr std::string_view wait_word = "wait ";
constexpr std::string_view show_word = "show ";

std::optional<Bytes> frame_of(const ConfigNode& node, std::string_view text, ConfigProblems& problems) {
    std::string hex{text};
    if (text.starts_with(transaction)) {
        hex.replace(0, transaction.size(), "00 00");
    }
    auto bytes = drivers::hex_bytes(hex);
    if (!bytes || bytes->empty()) {
        node.report(problems, "'" + std::string{text} + "' is no run of bytes",
                    "write two hex digits a byte with spaces between, like \"02 41 03\"");
        return std::nullopt;
    }
    return bytes;
}

std::optional<RecordedExchange> read_exchange(const ConfigNode& node, ConfigProblems& problems) {
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    const auto* ask = node.require("ask", problems);
    const auto* answer = node.require("answer", problems);
    if (ask == nullptr || answer == nullptr) {
        return std::nullopt;
    }
    RecordedExchange exchange;
    const auto asked = ask->text(problems);
    exchange.over_tcp = asked.starts_with(transaction);
    auto asked_bytes = frame_of(*ask, asked, problems);
    const auto answered = answer->text(problems);
    auto answer_bytes = answered == "silence" ? std::optional{Bytes{}} : frame_of(*answer, answered, problems);
    if (!asked_bytes || !answer_bytes) {
        return std::nullopt;
    }
    exchange.ask = std::move(*asked_bytes);
    exchange.answer = std::move(*answer_bytes);
    return exchange;
}

std::optional<std::chrono::milliseconds> read_wait(const ConfigNode& node, std::string_view text,
                                                   ConfigProblems& problems) {
    constexpr std::chrono::milliseconds longest{std::chrono::minutes{2}};
    const auto wait = ConfigNode::scalar(node.mark(), node.path(), std::string{text});
    ConfigProblems own;
    const auto duration = wait.duration(own, std::chrono::milliseconds{1}, longest);
    for (const auto& problem : own.all()) {
        problems.add(problem);
    }
    return own.empty() ? std::optional{duration} : std::nullopt;
}

std::optional<SignFace> read_face(const ConfigNode& node, std::string_view text, ConfigProblems& problems) {
    const auto end = text.find(' ');
    const auto colour = enum_from<SignColour>(text.substr(0, end));
    if (!colour || end == std::string_view::npos) {
        node.report(problems, "'show " + std::string{text} + "' names no colour and words",
                    "write it like \"show red STOP\"");
        return std::nullopt;
    }
    return SignFace{std::string{text.substr(end + 1)}, *colour};
}

std::optional<RecordedPiece> read_piece(const ConfigNode& node, ConfigProblems& problems) {
    const auto text = node.text(problems);
    const std::string_view word{text};
    RecordedPiece piece;
    if (word == "silence" || word == "damaged") {
        piece.what = word == "silence" ? RecordedPiece::What::silence : RecordedPiece::What::damaged;
        return piece;
    }
    if (word.starts_with(wait_word)) {
        piece.what = RecordedPiece::What::wait;
        const auto wait = read_wait(node, word.substr(wait_word.size()), problems);
        piece.wait = wait.value_or(std::chrono::milliseconds{0});
        return wait ? std::optional{piece} : std::nullopt;
    }
    if (word.starts_with(show_word)) {
        piece.what = RecordedPiece::What::show;
        const auto face = read_face(node, word.substr(show_word.size()), problems);
        piece.face = face.value_or(SignFace{});
        return face ? std::optional{piece} : std::nullopt;
    }
    const bool sent = word.starts_with(sent_word);
    piece.what = sent ? RecordedPiece::What::sent : RecordedPiece::What::bytes;
    auto bytes = frame_of(node, sent ? word.substr(sent_word.size()) : word, problems);
    if (!bytes) {
        return std::nullopt;
    }
    piece.bytes = std::move(*bytes);
    return piece;
}

std::vector<PointSetup> read_points(const ConfigNode& node, ConfigProblems& problems) {
    std::vector<PointSetup> setups;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return setups;
    }
    for (const auto& [name, options] : node.members()) {
        PointSetup setup{.point = PointName{name},
                         .direction = name.starts_with("di") ? Direction::input : Direction::output};
        if (const auto* open = options.find("wire_open_means")) {
            setup.wire_open_means = open->word<WireOpen>(problems).value_or(setup.wire_open_means);
        }
        if (const auto* safe = options.find("safe")) {
            setup.safe = safe->word<SafeOutput>(problems).value_or(setup.safe);
        }
        setups.push_back(setup);
    }
    return setups;
}

template <class Item>
std::vector<Item> read_list(const ConfigNode& node, ConfigProblems& problems,
                            std::optional<Item> (*read)(const ConfigNode&, ConfigProblems&)) {
    std::vector<Item> items;
    if (!node.expect(ConfigNode::Kind::sequence, problems)) {
        return items;
    }
    for (const auto& item : node.items()) {
        if (auto one = read(item, problems)) {
            items.push_back(std::move(*one));
        }
    }
    return items;
}

std::optional<std::string> read_line(const ConfigNode& node, ConfigProblems& problems) {
    return node.text(problems);
}

std::string joined(const std::vector<std::pair<std::string, std::string>>& options) {
    std::string text;
    for (const auto& [key, value] : options) {
        text += (text.empty() ? " " : ", ") + key + ": " + value;
    }
    return text.empty() ? text : text + " ";
}

std::string setup_text(const PointSetup& setup) {
    return setup.direction == Direction::input
               ? "{ wire_open_means: " + std::string{text_of(setup.wire_open_means)} + " }"
               : "{ safe: " + std::string{text_of(setup.safe)} + " }";
}

std::string frame_text(const Bytes& bytes, bool over_tcp) {
    if (bytes.empty()) {
        return "silence";
    }
    auto text = spaced_hex(bytes);
    if (over_tcp && bytes.size() > 2) {
        text.replace(0, transaction.size(), transaction);
    }
    return in_quotes(text);
}

std::string piece_text(const RecordedPiece& piece) {
    switch (piece.what) {
        case RecordedPiece::What::bytes:
            return in_quotes(spaced_hex(piece.bytes));
        case RecordedPiece::What::sent:
            return in_quotes(std::string{sent_word} + spaced_hex(piece.bytes));
        case RecordedPiece::What::silence:
            return "silence";
        case RecordedPiece::What::damaged:
            return "damaged";
        case RecordedPiece::What::wait:
            return std::string{wait_word} + duration_text(piece.wait);
        case RecordedPiece::What::show:
            return in_quotes(std::string{show_word} + std::string{text_of(piece.face.colour)} + " " + piece.face.words);
    }
    return {};
}

}  // namespace

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + "\"";
}

std::string spaced_hex(const Bytes& bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const auto byte : bytes) {
        text += text.empty() ? "" : " ";
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

std::optional<Recording> read_recording(const ConfigNode& root, ConfigProblems& problems) {
    Recording recording;
    const auto before = problems.all().size();
    if (!root.expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    if (const auto* about = root.require("about", problems)) {
        recording.about = about->text(problems);
    }
    if (const auto* device = root.find("device")) {
        recording.device = *device;
        device->skip();  // its driver reads it
    }
    if (const auto* points = root.find("points")) {
        recording.points = read_points(*points, problems);
    }
    const auto* exchanges = root.find("exchanges");
    if (exchanges != nullptr) {
        recording.exchanges = read_list<RecordedExchange>(*exchanges, problems, read_exchange);
    }
    const auto* bytes = root.find("bytes");
    if (bytes != nullptr) {
        recording.pieces = read_list<RecordedPiece>(*bytes, problems, read_piece);
    }
    for (const auto* key : {"answers", "pushes"}) {
        if (const auto* http = root.find(key)) {
            http->skip();
            recording.over_http = true;
        }
    }
    if (!recording.over_http && (exchanges == nullptr) == (bytes == nullptr)) {
        root.report(problems, "a recording has either `exchanges` (Modbus) or `bytes` (all else)");
    }
    if (const auto* expect = root.find("expect")) {
        recording.expect = read_list<std::string>(*expect, problems, read_line);
    }
    root.report_unread(problems);
    return problems.all().size() == before ? std::optional{std::move(recording)} : std::nullopt;
}

std::optional<Recording> read_recording_file(const std::filesystem::path& file, ConfigProblems& problems) {
    const auto text = settings::read_text_file(file, problems);
    const auto root = text ? settings::read_yaml(*text, file.string(), problems) : std::nullopt;
    return root ? read_recording(*root, problems) : std::nullopt;
}

std::string recording_text(const Recording& recording) {
    std::string text = "about: " + in_quotes(recording.about) + "\n";
    if (!recording.options.empty() || !recording.exchanges.empty()) {
        text += "device: {" + joined(recording.options) + "}\n";
    }
    if (!recording.points.empty()) {
        text += "points:\n";
        for (const auto& setup : recording.points) {
            text += "  " + setup.point.text() + ": " + setup_text(setup) + "\n";
        }
    }
    if (!recording.exchanges.empty()) {
        text += "exchanges:\n";
        for (const auto& exchange : recording.exchanges) {
            text += "  - { ask: " + frame_text(exchange.ask, exchange.over_tcp) +
                    ", answer: " + frame_text(exchange.answer, exchange.over_tcp) + " }\n";
        }
    } else {
        text += "bytes:\n";
        for (const auto& piece : recording.pieces) {
            text += "  - " + piece_text(piece) + "\n";
        }
    }
    if (recording.expect) {
        text += recording.expect->empty() ? "expect: []\n" : "expect:\n";
        for (const auto& line : *recording.expect) {
            text += "  - " + in_quotes(line) + "\n";
        }
    }
    return text;
}

}  // namespace portcullis::cli
