#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "cli/sign/receipts/receipt_writer.hpp"

namespace portcullis::sign {
namespace {

/// `text` with what takes a message apart released by a question mark.
std::string released(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '+' || c == ':' || c == '\'' || c == '?') {
            out.push_back('?');
        }
        out.push_back(c);
    }
    return out;
}

struct Clock {
    std::chrono::year_month_day date;
    std::chrono::hh_mm_ss<std::chrono::seconds> time;
};
std::optional<Clock> clock_of(const TimeZone& zone, WallTime time) {
    const auto local = zone.to_local(time);
    if (!local) {
        return std::nullopt;
    }
    const auto day = std::chrono::floor<std::chrono::days>(*local);
    return Clock{std::chrono::year_month_day{std::chrono::sys_days{day}}, std::chrono::hh_mm_ss{*local - day}};
}

/// 8249: 2 export, 3 import, 6 transhipment.
std::string_view equipment_status(std::string_view movement) {
    if (movement == "export_laden" || movement == "withdrawn_export") {
        return "2";
    }
    if (movement == "import_laden") {
        return "3";
    }
    return movement == "transhipment" ? "6" : "";
}

/// 8169: 5 full, 4 empty.
std::string_view fullness_code(const Receipt& receipt) {
    const auto fullness = fullness_of(receipt);
    if (fullness.empty()) {
        return "";
    }
    return fullness == "empty" ? "4" : "5";
}

class CodecoReceipts final : public ReceiptWriter {
public:
    CodecoReceipts(const TimeZone& zone, CodecoSettings settings) : zone_(zone), settings_(std::move(settings)) {}

    [[nodiscard]] std::string begin() override {
        const auto now = clock_of(zone_, settings_.prepared);
        return fmt::format("UNB+{}+{}+{}+{}+{}'\n", settings_.syntax, released(settings_.sender),
                           released(settings_.recipient), now ? unb_time(*now) : "", released(settings_.reference));
    }
    [[nodiscard]] std::string write(const Receipt& receipt) override {
        const auto when = clock_of(zone_, receipt.ended);
        if (receipt.outcome != "cleared" || receipt.boxes.empty() || !when) {
            return {};
        }
        ++messages_;
        segments_ = 0;
        text_.clear();
        add("UNH+{}+CODECO:D:95B:UN:ITG14", messages_);
        // 34 gate-in, 36 gate-out.
        add("BGM+{}+{}+9", receipt.way == "in" ? "34" : "36", released(receipt.id));
        add("NAD+MS+{}", released(settings_.sender));
        add("NAD+MR+{}", released(settings_.recipient));
        for (const auto& box : receipt.boxes) {
            write_box(receipt, box, *when);
        }
        add("CNT+16:{}", receipt.boxes.size());
        add("UNT+{}+{}", segments_ + 1, messages_);
        return text_;
    }
    [[nodiscard]] std::string end() override {
        return fmt::format("UNZ+{}+{}'\n", messages_, released(settings_.reference));
    }

private:
    template <class... Values>
    void add(fmt::format_string<Values...> form, Values&&... values) {
        text_ += fmt::format(form, std::forward<Values>(values)...) + "'\n";
        ++segments_;
    }
    static std::string unb_time(const Clock& now) {
        return fmt::format("{:02}{:02}{:02}:{:02}{:02}", static_cast<int>(now.date.year()) % 100,
                           static_cast<unsigned>(now.date.month()), static_cast<unsigned>(now.date.day()),
                           now.time.hours().count(), now.time.minutes().count());
    }
    void write_box(const Receipt& receipt, const ReceiptBox& box, const Clock& when) {
        const auto type = box.size_type.empty() ? std::string{} : box.size_type + ":102:5";
        add("EQD+CN+{}+{}++{}+{}", released(box.number), type, equipment_status(receipt.movement),
            fullness_code(receipt));
        // With two boxes nothing says which order or declaration is whose.
        if (receipt.boxes.size() == 1) {
            for (const auto& order : receipt.orders) {
                add("RFF+RE:{}", released(order));
            }
            for (const auto& declaration : receipt.declarations) {
                add("RFF+AAE:{}", released(declaration));
            }
        }
        add("DTM+7:{:04}{:02}{:02}{:02}{:02}:203", static_cast<int>(when.date.year()),
            static_cast<unsigned>(when.date.month()), static_cast<unsigned>(when.date.day()), when.time.hours().count(),
            when.time.minutes().count());
        add("LOC+165+{}", released(receipt.terminal));
        if (receipt.boxes.size() == 1) {
            for (const auto& seal : receipt.seals) {
                add("SEL+{}", released(seal));
            }
        }
        if (!receipt.plates.empty() && !receipt.plates.front().empty()) {
            add("TDT+1++3+31++++{}", released(receipt.plates.front()));
        }
    }

    const TimeZone& zone_;
    CodecoSettings settings_;
    std::int64_t messages_ = 0;
    std::int64_t segments_ = 0;
    std::string text_;
};

}  // namespace

std::unique_ptr<ReceiptWriter> codeco_receipts(const TimeZone& zone, CodecoSettings settings) {
    return std::make_unique<CodecoReceipts>(zone, std::move(settings));
}

}  // namespace portcullis::sign
