#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>

#include "cli/sign/receipts/receipt_writer.hpp"

namespace portcullis::sign {
namespace {

constexpr std::string_view head =
    "回执号,卡口号,通道号,进出标志,过卡时间,车牌号,挂车号,车牌颜色,电子车牌号,司机卡号,箱号1,箱型1,箱号2,箱型2,"
    "空重标志,毛重kg,封志号,关锁号,关锁状态,放行单号,判定结果,判定原因,抬杆方式,操作员,图像索引,过闸结果\r\n";

struct Word {
    std::string_view ours;
    std::string_view theirs;
};
constexpr std::array verdict_words{Word{"release", "放行"}, Word{"inspect", "查验"}, Word{"hold", "不放行"}};
constexpr std::array way_words{Word{"in", "I"}, Word{"out", "E"}};
constexpr std::array fullness_words{Word{"full", "F"}, Word{"empty", "E"}};

template <std::size_t Size>
std::string word_of(const std::array<Word, Size>& words, std::string_view ours) {
    for (const auto& word : words) {
        if (word.ours == ours) {
            return std::string{word.theirs};
        }
    }
    return {};
}

std::string_view arm_word(ArmUp arm) {
    switch (arm) {
        case ArmUp::none:
            return "";
        case ArmUp::automatic:
            return "自动";
        case ArmUp::person:
            return "人工";
        case ArmUp::emergency:
            return "应急";
        case ArmUp::other:
            return "其他";
    }
    return "";
}

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& text : texts) {
        out += (out.empty() ? "" : ";") + text;
    }
    return out;
}

std::string field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        return std::string{text};
    }
    std::string out = "\"";
    for (const char c : text) {
        out.append(c == '"' ? 2 : 1, c);
    }
    return out + "\"";
}

std::string local_text(const TimeZone& zone, WallTime time) {
    const auto local = zone.to_local(time);
    if (!local) {
        return {};
    }
    const auto day = std::chrono::floor<std::chrono::days>(*local);
    const std::chrono::year_month_day date{std::chrono::sys_days{day}};
    const std::chrono::hh_mm_ss clock{*local - day};
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

class CsvReceipts final : public ReceiptWriter {
public:
    explicit CsvReceipts(const TimeZone& zone) : zone_(zone) {}

    [[nodiscard]] std::string begin() override { return std::string{head}; }
    [[nodiscard]] std::string write(const Receipt& receipt) override {
        const auto plate = [&](std::size_t i) { return i < receipt.plates.size() ? receipt.plates[i] : std::string{}; };
        const auto box = [&](std::size_t i) { return i < receipt.boxes.size() ? receipt.boxes[i] : ReceiptBox{}; };
        auto verdict = word_of(verdict_words, receipt.verdict);
        verdict += receipt.verdict == "inspect" && !receipt.zone.empty() ? ":" + receipt.zone : "";
        const std::array fields{receipt.id,
                                receipt.gate,
                                receipt.lane,
                                word_of(way_words, receipt.way),
                                local_text(zone_, receipt.ended),
                                plate(0),
                                plate(1),
                                std::string{},
                                joined(receipt.tags),
                                joined(receipt.documents),
                                box(0).number,
                                box(0).size_type,
                                box(1).number,
                                box(1).size_type,
                                word_of(fullness_words, fullness_of(receipt)),
                                receipt.gross_kg ? std::to_string(*receipt.gross_kg) : std::string{},
                                joined(receipt.seals),
                                std::string{},
                                std::string{},
                                joined(receipt.orders),
                                verdict,
                                joined(receipt.reasons),
                                std::string{arm_word(receipt.arm)},
                                receipt.person,
                                joined(receipt.evidence),
                                receipt.outcome};
        std::string line;
        for (const auto& text : fields) {
            line += field(text) + ",";
        }
        line.back() = '\r';
        return line + "\n";
    }
    [[nodiscard]] std::string end() override { return {}; }

private:
    const TimeZone& zone_;
};

}  // namespace

std::unique_ptr<ReceiptWriter> csv_receipts(const TimeZone& zone) {
    return std::make_unique<CsvReceipts>(zone);
}

}  // namespace portcullis::sign
