#include "tests/day/day_log.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "codec/event_schemas.hpp"
#include "trust/hash.hpp"

namespace portcullis::simulation {
namespace {

/// The end that is lost, and the one that is not counted, when something is to be broken.
constexpr std::int64_t broken_end = 30;

std::string text_at(const Value& data, std::string_view name) {
    const auto* member = data.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::string{} : *text;
}

std::int64_t number_at(const Value& data, std::string_view name) {
    const auto* member = data.find(name);
    const auto* number = member == nullptr ? nullptr : member->get<std::int64_t>();
    if (number == nullptr) {
        throw std::logic_error{"an event has no number " + std::string{name}};
    }
    return *number;
}

const List& list_at(const Value& data, std::string_view name) {
    static const List none;
    const auto* member = data.find(name);
    const auto* list = member == nullptr ? nullptr : member->get<List>();
    return list == nullptr ? none : *list;
}

WallTime hour_of(WallTime time) {
    return std::chrono::floor<std::chrono::hours>(time);
}

}  // namespace

bool adds_up(const Value& sheet) {
    std::int64_t ended = 0;
    for (const auto& outcome : *sheet.find("passages")->get<Object>()) {
        ended += *outcome.value.get<std::int64_t>();
    }
    std::int64_t vehicles = 0;
    std::int64_t boxes = 0;
    for (const auto& row : list_at(sheet, "by")) {
        vehicles += number_at(row, "vehicles");
        boxes += number_at(row, "boxes");
    }
    const auto open = static_cast<std::int64_t>(list_at(sheet, "open").size());
    const auto kinds =
        number_at(sheet, "matched") + number_at(sheet, "unmatched") + number_at(sheet, "no_order_needed");
    return number_at(sheet, "open_before") + number_at(sheet, "detected") == ended + open &&
           number_at(sheet, "vehicles") + number_at(sheet, "phantoms") + number_at(sheet, "tests") == ended &&
           number_at(sheet, "boxes") == kinds && number_at(sheet, "vehicles") == vehicles &&
           number_at(sheet, "boxes") == boxes && number_at(sheet, "unopened") == 0;
}

DayLog::DayLog(const DayTrucks& day, Break broken, std::ostream* out)
    : day_(day),
      broken_(broken),
      out_(out),
      catalogue_(codec::embedded_event_schemas()),
      writer_(catalogue_, trust::hmac_sha256),
      sheet_(1, WallTime{}) {}

void DayLog::take(const Event& event, std::int64_t sequence) {
    if (last_ == 0) {
        sheet_ = supervision::CoverageSheet{1, event.at.wall};
    } else if (hour_of(event.at.wall) != hour_of(sheet_.from())) {
        tell_sheet(event.at);
    }
    newest_ = event.at;
    const bool is_end = event.type == "passage.ended";
    if (is_end && ++ends_ == broken_end && broken_ == Break::an_end_is_lost) {
        return;
    }
    auto copy = event;
    if (auto* verdict = copy.data.find("verdict_sequence");
        verdict != nullptr && verdict->get<std::int64_t>() != nullptr) {
        *verdict = Value{numbers_.at(*verdict->get<std::int64_t>())};
    }
    numbers_[sequence] = last_ + 1;
    if (event.type == "passage.detected") {
        ++result_.vehicles;
        passages_.emplace(text_at(event.data, "passage"), 0);
    } else if (is_end) {
        judge_end(event.data);
    } else if (event.type == "verdict.issued") {
        look_at_reasons(event.data);
    }
    number(copy);
}

void DayLog::number(const Event& event) {
    ++last_;
    const bool uncounted =
        broken_ == Break::an_entry_is_uncounted && event.type == "passage.ended" && ends_ == broken_end;
    if (!uncounted) {
        sheet_.count(event, last_);
    }
    codec::EventStamp stamp;
    stamp.source = "/portcullis/xmht/g07";
    stamp.sequence = last_;
    stamp.previous = hash_;
    stamp.salt.emplace();
    const auto written = writer_.write(event, stamp);
    if (!written) {
        throw std::logic_error{event.type + " cannot be written: " + written.error().message()};
    }
    hash_ = trust::chain_hash(hash_, written->record);
    if (out_ != nullptr) {
        *out_ << written->published << '\n';
    }
}

void DayLog::tell_sheet(const Now& now) {
    auto data = sheet_.data(last_, now.wall);
    const Value sheet{data};
    ++result_.sheets;
    result_.sheets_wrong += adds_up(sheet) ? 0 : 1;
    result_.on_sheets += number_at(sheet, "vehicles");
    result_.boxes += number_at(sheet, "boxes");
    result_.matched += number_at(sheet, "matched");
    result_.unmatched += number_at(sheet, "unmatched");
    result_.no_order_needed += number_at(sheet, "no_order_needed");
    number({"coverage.hour", "gate", now, std::move(data), std::nullopt});
}

void DayLog::judge_end(const Value& ended) {
    ++passages_[text_at(ended, "passage")];
    const auto& plates = list_at(ended, "plates");
    const auto* plate = plates.empty() ? nullptr : plates.front().get<std::string>();
    const auto truck = plate == nullptr ? day_.by_plate.end() : day_.by_plate.find(*plate);
    const auto verdict = text_at(ended, "verdict");
    if (truck == day_.by_plate.end()) {
        ++result_.unexpected;
        return;
    }
    const auto expected = truck->second.expected;
    result_.unexpected += verdict == text_of(expected) ? 0 : 1;
    result_.stuck += expected != VerdictOutcome::hold && verdict == text_of(VerdictOutcome::hold) ? 1 : 0;
}

void DayLog::look_at_reasons(const Value& verdict) {
    for (const auto& reason : list_at(verdict, "reasons")) {
        const auto code = text_at(reason, "code");
        if (code == "targeting_near") {
            near_.insert(text_at(verdict, "passage"));
        }
        if (code.starts_with("targeting_")) {
            met_.insert(text_at(verdict, "passage"));
        }
    }
}

DayResult DayLog::finish() {
    tell_sheet(newest_);
    for (const auto& [passage, ends] : passages_) {
        result_.without_outcome += ends == 1 ? 0 : 1;
    }
    result_.targeting_hits = static_cast<std::int64_t>(met_.size());
    result_.near_hits = static_cast<std::int64_t>(near_.size());
    return result_;
}

}  // namespace portcullis::simulation
