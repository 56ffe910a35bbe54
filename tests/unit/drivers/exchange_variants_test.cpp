// Every recorded answer of every Modbus profile, and every pushed body, cut short, changed, doubled and glued: what is
// taken for an answer must say what the device said.
#include <filesystem>
#include <set>
#include <sstream>

#include "drivers/http_push/profile.hpp"
#include "drivers/observation_text.hpp"
#include "drivers/transport/modbus_frame.hpp"
#include "drivers/transport/modbus_rtu_frame.hpp"
#include "tests/support/catch.hpp"
#include "yaml.hpp"

using namespace portcullis;
using namespace portcullis::drivers;
using portcullis::testing::yaml;
using portcullis::testing::yaml_file;

namespace {

namespace fs = std::filesystem;
using Octets = std::vector<std::uint8_t>;

constexpr unsigned bits = 8;

Octets octets_of(const std::string& hex) {
    Octets bytes;
    std::istringstream in{hex};
    for (std::string pair; in >> pair;) {
        bytes.push_back(pair == "TT" ? std::uint8_t{0} : static_cast<std::uint8_t>(std::stoul(pair, nullptr, 16)));
    }
    return bytes;
}

struct Exchange {
    std::string profile;
    ModbusRequest request;
    Octets answer;  ///< as over TCP
};

std::uint16_t word_at(const Octets& bytes, std::size_t at) {
    return static_cast<std::uint16_t>((unsigned{bytes.at(at)} << bits) | bytes.at(at + 1));
}

/// What was asked, from its bytes.
ModbusRequest request_of(const Octets& ask) {
    const auto function = static_cast<ModbusFunction>(ask.at(mbap_length));
    ModbusRequest request{.unit = ask.at(mbap_length - 1),
                          .function = function,
                          .address = word_at(ask, mbap_length + 1),
                          .operand = word_at(ask, mbap_length + 3)};
    if (encode(request, 0) != ask) {
        request = raw_request(request.unit, {ask.begin() + mbap_length, ask.end()});
    }
    REQUIRE(encode(request, 0) == ask);
    return request;
}

std::vector<Exchange> recorded_exchanges() {
    std::vector<Exchange> all;
    ConfigProblems problems;
    for (const auto& file : fs::recursive_directory_iterator("tests/recordings")) {
        const auto recording = file.path().extension() == ".yaml" ? yaml_file(file.path().string()) : yaml("{}");
        const auto* exchanges = recording.find("exchanges");
        if (exchanges == nullptr) {
            continue;
        }
        for (const auto& exchange : exchanges->items()) {
            all.push_back({file.path().parent_path().filename().string(),
                           request_of(octets_of(exchange.find("ask")->text(problems))),
                           octets_of(exchange.find("answer")->text(problems))});
        }
    }
    return all;
}

/// What an answer says, comparable; a refusal of our own says nothing.
std::optional<std::string> said(const AnswerRead& read) {
    std::ostringstream text;
    if (const auto* values = std::get_if<ModbusValues>(&read)) {
        for (const bool bit : values->bits) {
            text << (bit ? '1' : '0');
        }
        for (const auto word : values->registers) {
            text << ' ' << word;
        }
        return text.str();
    }
    if (const auto* exception = std::get_if<ModbusException>(&read)) {
        text << "exception " << int{exception->code};
        return text.str();
    }
    return std::nullopt;
}

std::vector<Octets> cut_or_changed(const Octets& frame, std::size_t changed_up_to) {
    std::vector<Octets> all;
    for (std::size_t at = 0; at < frame.size(); ++at) {
        const auto here = static_cast<std::ptrdiff_t>(at);
        all.emplace_back(frame.begin(), frame.begin() + here);
        all.emplace_back(frame.begin() + here + 1, frame.end());
        auto missing = frame;
        missing.erase(missing.begin() + here);
        all.push_back(std::move(missing));
        auto twice = frame;
        twice.insert(twice.begin() + here, frame[at]);
        all.push_back(std::move(twice));
        for (unsigned bit = 0; bit < bits && at < changed_up_to; ++bit) {
            auto flipped = frame;
            flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ (1U << bit));
            all.push_back(std::move(flipped));
        }
    }
    return all;
}

struct Tally {
    int variants = 0;
    int refused = 0;  ///< a fault, noise or a rest was seen: a link counts each
    int wrong = 0;
};

void on_a_line(const ModbusRequest& request, const Octets& bytes, const std::optional<std::string>& true_answer,
               Tally& tally) {
    RtuAnswerSearch search{request};
    search.take(bytes);
    bool refused = false;
    while (const auto found = search.next()) {
        const auto says = said(found->read);
        refused = refused || !says || !found->noise.empty();
        tally.wrong += says && says != true_answer ? 1 : 0;
    }
    refused = refused || !search.rest().empty();
    ++tally.variants;
    tally.refused += refused ? 1 : 0;
}

}  // namespace

TEST_CASE("no spoilt answer on a serial line is taken for another, whatever its profile") {
    std::set<std::string> profiles;
    for (const auto& one : recorded_exchanges()) {
        const auto true_answer = said(read_answer(one.request, 0, one.answer));
        if (!true_answer) {
            continue;  // recorded as one that is refused
        }
        profiles.insert(one.profile);
        // Unit, function and data are the same on a line; only what stands around them differs.
        auto frame = Octets{one.answer.begin() + mbap_length - 1, one.answer.end()};
        frame = encode_rtu(raw_request(frame.front(), {frame.begin() + 1, frame.end()}));
        Tally tally;
        for (const auto& variant : cut_or_changed(frame, frame.size())) {
            if (!variant.empty() && variant != frame) {
                on_a_line(one.request, variant, true_answer, tally);
            }
        }
        CAPTURE(one.profile);
        CHECK(tally.variants > 0);
        CHECK(tally.refused == tally.variants);
        CHECK(tally.wrong == 0);
        Tally doubled;
        auto twice = frame;
        twice.insert(twice.end(), frame.begin(), frame.end());
        on_a_line(one.request, twice, true_answer, doubled);
        CHECK(doubled.wrong == 0);
    }
    CHECK(profiles.size() >= 8);
}

TEST_CASE("over TCP a cut, stretched or doubled answer, or one with another head, is refused") {
    for (const auto& one : recorded_exchanges()) {
        const bool refusal = (one.answer.at(mbap_length) & 0x80U) != 0;
        // Head, function and byte count. What stands behind them TCP's own check sum protects.
        const auto head = mbap_length + (refusal ? 0U : 1U);
        auto variants = cut_or_changed(one.answer, head);
        auto doubled = one.answer;
        doubled.insert(doubled.end(), one.answer.begin(), one.answer.end());
        variants.push_back(doubled);
        CAPTURE(one.profile);
        int taken = 0;
        for (const auto& variant : variants) {
            // The function with its high bit changed is the form of a refusal, and of one byte: never a value.
            const auto says = variant == one.answer ? std::nullopt : said(read_answer(one.request, 0, variant));
            taken += says ? 1 : 0;
        }
        CHECK(taken == 0);
    }
}

TEST_CASE("spoilt answers are taken where nobody looks at the check") {
    const ModbusRequest request{.function = ModbusFunction::read_holding_registers, .operand = 1};
    const Octets answer{3, 2, 0x12, 0x34};
    int taken = 0;
    for (const auto& variant : cut_or_changed(answer, answer.size())) {
        const auto says = said(read_pdu(request, variant));
        taken += says && says != said(read_pdu(request, answer)) ? 1 : 0;
    }
    CHECK(taken > 0);
}

TEST_CASE("a pushed body that is cut short or doubled is refused, and one changed byte says another text or nothing") {
    ConfigProblems problems;
    const auto profile = yaml_file("config/profiles/plate-push-json.yaml");
    int readings = 0;
    for (const auto& file : fs::directory_iterator("tests/recordings/plate-push-json")) {
        const auto recording = yaml_file(file.path().string());
        const auto settings = read_http_push_settings(*recording.find("device"), profile, problems);
        for (const auto& push : recording.find("pushes")->items()) {
            const auto body = push.text(problems);
            const auto whole = pushed_reading(body, settings.meaning);
            if (!whole || !*whole || (*whole)->raw.empty()) {
                continue;
            }
            ++readings;
            for (std::size_t length = 0; length < body.size(); ++length) {
                CHECK_FALSE(pushed_reading(body.substr(0, length), settings.meaning).ok());
                CHECK_FALSE(pushed_reading(body.substr(length + 1), settings.meaning).ok());
            }
            CHECK_FALSE(pushed_reading(body + body, settings.meaning).ok());
            // JSON has no check of its own: a byte changed in the text is another text, and grammar must see it. One
            // changed anywhere else never moves the plate.
            const auto from = body.find((*whole)->raw);
            const auto to = from + (*whole)->raw.size();
            for (std::size_t at = 0; at < body.size(); ++at) {
                auto changed = body;
                changed[at] = static_cast<char>(changed[at] ^ 1);
                const auto read = pushed_reading(changed, settings.meaning);
                const bool other = read && *read && !(*read)->raw.empty() && (*read)->raw != (*whole)->raw;
                CHECK((!other || (at >= from && at < to)));
            }
        }
    }
    CHECK(readings >= 2);
}
