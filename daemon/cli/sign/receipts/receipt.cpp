#include "cli/sign/receipts/receipt.hpp"

#include <algorithm>

#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

/// One gate has at most 16 lanes with a few vehicles each; a file of many gates has more.
constexpr std::size_t most_open = 10'000;

std::string raw_text(const Value& data, std::string_view name) {
    const auto* const value = data.find(name);
    const auto* const text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

void add_once(std::vector<std::string>& list, std::string text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end()) {
        list.push_back(std::move(text));
    }
}

std::optional<std::int64_t> integer(const Value& data, std::string_view name) {
    const auto* const value = data.find(name);
    const auto* const number = value == nullptr ? nullptr : value->get<std::int64_t>();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

ArmUp arm_of(std::string_view cause) {
    if (cause == "commanded") {
        return ArmUp::automatic;
    }
    if (cause == "key_switch") {
        return ArmUp::person;
    }
    return cause == "emergency" ? ArmUp::emergency : ArmUp::other;
}

/// An order's, not that of a zone result, of a targeting order that acts once (docs/zones.md) or of a pass.
bool is_orders(const Value& place) {
    const auto authority = raw_text(place, "authority");
    return authority != "zone_result" && authority != "targeting" && authority != "passes";
}

}  // namespace

std::string_view fullness_of(const Receipt& receipt) {
    const bool empty = receipt.fullness == "empty" || receipt.movement.starts_with("empty_");
    const bool full = receipt.fullness == "full" || receipt.movement.ends_with("_laden");
    if (empty == full) {
        return "";
    }
    return empty ? "empty" : "full";
}

std::string ReceiptMaker::said(const std::string& text) {
    if (text.starts_with("sha256:")) {
        ++withheld_;
        return {};
    }
    return text == "unknown" || text == "none" ? std::string{} : text;
}

std::string ReceiptMaker::text(const Value& data, std::string_view name) {
    return said(raw_text(data, name));
}

std::vector<std::string> ReceiptMaker::texts(const Value& data, std::string_view name) {
    std::vector<std::string> texts;
    const auto* const value = data.find(name);
    const auto* const list = value == nullptr ? nullptr : value->get<List>();
    if (list == nullptr) {
        static_cast<void>(text(data, name));  // a whole list that was withheld
        return texts;
    }
    for (const auto& item : *list) {
        const auto* const held = item.get<std::string>();
        add_once(texts, held == nullptr ? std::string{} : said(*held));
    }
    return texts;
}

void ReceiptMaker::note_identity(const Value& data, Receipt& receipt) {
    receipt.boxes.clear();
    const auto* const containers = data.find("containers");
    if (const auto* const list = containers == nullptr ? nullptr : containers->get<List>()) {
        for (const auto& box : *list) {
            receipt.boxes.push_back({text(box, "number"), text(box, "size_type")});
        }
    }
    receipt.plates.clear();
    for (const auto* const name : {"tractor", "trailer"}) {
        receipt.plates.push_back(text(data, name));
    }
    receipt.tags = texts(data, "tags");
    receipt.documents = texts(data, "documents");
}

void ReceiptMaker::note_verdict(const Value& data, Receipt& receipt) {
    receipt.declarations = texts(data, "declarations");
    receipt.zone = text(data, "zone");
    receipt.reasons.clear();
    const auto* const reasons = data.find("reasons");
    if (const auto* const list = reasons == nullptr ? nullptr : reasons->get<List>()) {
        for (const auto& reason : *list) {
            add_once(receipt.reasons, text(reason, "code"));
        }
    }
}

void ReceiptMaker::note(std::string_view type, const Value& data, Receipt& receipt) {
    if (type == "passage.detected") {
        receipt.whole = true;
    } else if (type == "passage.identified") {
        note_identity(data, receipt);
    } else if (type == "load.judged") {
        receipt.fullness = text(data, "fullness");
    } else if (type == "verdict.issued") {
        note_verdict(data, receipt);
    } else if (type == "weight.taken") {
        receipt.gross_kg = integer(data, "gross_vehicle_kg");
    } else if (type == "seal.read") {
        add_once(receipt.seals, text(data, "seal_no"));
    } else if (type == "reading.taken" && raw_text(data, "kind") == "seal" && raw_text(data, "accepted") == "yes") {
        add_once(receipt.seals, text(data, "normalised"));
    } else if (type == "arm.moved" && raw_text(data, "to") == "up") {
        receipt.arm = arm_of(raw_text(data, "cause"));
    } else if (type.starts_with("authorisation.")) {
        receipt.person = text(data, "actor");
    }
}

void ReceiptMaker::end(const Value& event, const Value& data, Receipt& receipt) {
    // `/portcullis/{terminal}/{gate}`
    const auto source = raw_text(event, "source");
    const auto last = source.rfind('/');
    if (last != std::string::npos && last > 0) {
        const auto before = source.rfind('/', last - 1);
        receipt.gate = source.substr(last + 1);
        receipt.terminal = source.substr(before == std::string::npos ? 0 : before + 1,
                                         last - (before == std::string::npos ? 0 : before + 1));
    }
    const auto sequence = raw_text(event, "sequence");
    receipt.id = receipt.gate + "-" + sequence.substr(std::min(sequence.find_first_not_of('0'), sequence.size()));
    receipt.ended = time_from_text(raw_text(event, "time")).value_or(WallTime{});
    receipt.lane = text(data, "lane");
    receipt.way = text(data, "way");
    receipt.outcome = text(data, "outcome");
    receipt.movement = text(data, "movement");
    receipt.verdict = text(data, "verdict");
    receipt.test = raw_text(data, "test") == "yes";
    receipt.evidence = texts(data, "evidence");
    if (auto zone = text(data, "zone"); !zone.empty()) {
        receipt.zone = std::move(zone);
    }
    // What was frozen at the stop line knows sizes and which plate is whose; the end alone knows numbers.
    if (receipt.boxes.empty()) {
        for (auto& number : texts(data, "containers")) {
            receipt.boxes.push_back({std::move(number), {}});
        }
    }
    if (receipt.plates.empty()) {
        receipt.plates = texts(data, "plates");
    }
    const auto* const used = data.find("orders_used");
    if (const auto* const list = used == nullptr ? nullptr : used->get<List>()) {
        for (const auto& place : *list) {
            if (is_orders(place)) {
                add_once(receipt.orders, text(place, "order_id"));
            }
        }
    }
    const bool authorised = integer(data, "authorisation_sequence").has_value();
    const bool permitted = raw_text(data, "permission_id") != "none";
    if (receipt.arm == ArmUp::none && permitted && receipt.outcome == "cleared") {
        receipt.arm = ArmUp::automatic;
    }
    if (receipt.arm == ArmUp::automatic && authorised) {
        receipt.arm = ArmUp::person;
    }
    if (raw_text(data, "lane_mode") == "emergency" && receipt.arm != ArmUp::none) {
        receipt.arm = ArmUp::emergency;
    }
}

std::optional<Receipt> ReceiptMaker::take(const Value& event) {
    auto type = raw_text(event, "type");
    constexpr std::string_view prefix = "portcullis.";
    constexpr std::string_view suffix = ".v1";
    const auto* const data = event.find("data");
    if (data == nullptr || !type.starts_with(prefix) || !type.ends_with(suffix)) {
        return std::nullopt;
    }
    type = type.substr(prefix.size(), type.size() - prefix.size() - suffix.size());
    const auto passage = raw_text(*data, "passage");
    // What happens in a zone names the passage that led there, which has ended.
    if (passage.empty() || passage == "none" || passage == "unassigned" || type.starts_with("zone.")) {
        return std::nullopt;
    }
    if (!open_.contains(passage) && open_.size() >= most_open) {
        open_.erase(open_.begin());
        ++given_up_;
    }
    auto& receipt = open_[passage];
    if (type != "passage.ended") {
        note(type, *data, receipt);
        return std::nullopt;
    }
    end(event, *data, receipt);
    auto ended = std::move(receipt);
    open_.erase(passage);
    return ended;
}

}  // namespace portcullis::sign
