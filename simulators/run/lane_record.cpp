#include "simulators/run/lane_record.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

namespace portcullis::run {

namespace {

constexpr std::string_view prefix = "portcullis.";
constexpr std::string_view version = ".v1";
constexpr std::string_view lane_subject = "lane/";
constexpr std::string_view device_subject = "device/";

std::string member(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : "";
}

}  // namespace

SeenEvent read_event(std::string_view published) {
    auto event = boost::json::parse(published).as_object();
    SeenEvent seen;
    seen.sequence = std::stoll(member(event, "sequence"));
    const auto type = member(event, "type");
    seen.name = type.substr(prefix.size(), type.size() - prefix.size() - version.size());
    seen.data = std::move(event.at("data").as_object());
    const auto subject = member(event, "subject");
    seen.lane = subject.starts_with(lane_subject) ? subject.substr(lane_subject.size()) : member(seen.data, "lane");
    seen.device = subject.starts_with(device_subject) ? subject.substr(device_subject.size()) : "";
    seen.passage = member(seen.data, "passage");
    if (seen.passage == "none" || seen.passage == "unassigned") {
        seen.passage.clear();
    }
    return seen;
}

std::string text_of(const SeenEvent& event, std::string_view name) {
    return member(event.data, name);
}

PassageRecord& LaneRecord::passage(const std::string& id) {
    const auto found =
        std::find_if(passages_.begin(), passages_.end(), [&](const PassageRecord& record) { return record.id == id; });
    if (found != passages_.end()) {
        return *found;
    }
    passages_.push_back({});
    passages_.back().id = id;
    return passages_.back();
}

void LaneRecord::take(const SeenEvent& event) {
    events_.push_back(event.name);
    if (event.passage.empty()) {
        for (auto& open : passages_) {
            if (open.outcome.empty()) {
                open.events.push_back(event.name);
            }
        }
        return;
    }
    auto& record = passage(event.passage);
    record.events.push_back(event.name);
    if (event.name == "verdict.issued") {
        record.verdict = text_of(event, "outcome");
        record.reasons.clear();
        const auto* version = event.data.if_contains("ruleset_version");
        const auto number = version != nullptr && version->is_int64() ? version->get_int64() : 0;
        if (std::find(record.rulesets.begin(), record.rulesets.end(), number) == record.rulesets.end()) {
            record.rulesets.push_back(number);
        }
        for (const auto& reason : event.data.at("reasons").as_array()) {
            record.reasons.emplace_back(reason.at("code").as_string());
        }
    } else if (event.name == "arm.commanded" && text_of(event, "command") == "up") {
        ++record.arm_ups;
    } else if (event.name == "lane.light" && text_of(event, "head") == "light_go" &&
               text_of(event, "colour") == "green") {
        ++record.greens;
    } else if (event.name == "passage.ended") {
        record.outcome = text_of(event, "outcome");
        if (record.outcome == "merged") {  // it was another vehicle's axles: no vehicle of its own
            std::erase_if(passages_, [&](const PassageRecord& one) { return one.id == event.passage; });
            return;
        }
        for (const auto& order : event.data.at("orders_used").as_array()) {
            record.orders_used.emplace_back(order.at("container").as_string());
        }
    }
}

std::size_t LaneRecord::ended() const {
    return static_cast<std::size_t>(std::count_if(passages_.begin(), passages_.end(),
                                                  [](const PassageRecord& one) { return !one.outcome.empty(); }));
}

}  // namespace portcullis::run
