#include "gate/event_filter.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/time_text.hpp"

namespace portcullis::gate {
namespace {

constexpr std::array<std::pair<const char*, std::string EventFilter::*>, 7> members{
    {{"from_time", &EventFilter::from},
     {"before", &EventFilter::before},
     {"lane", &EventFilter::lane},
     {"passage", &EventFilter::passage},
     {"container", &EventFilter::container},
     {"plate", &EventFilter::plate},
     {"type", &EventFilter::type}}};

std::string_view text_in(const Value& object, std::string_view name) {
    const auto* value = object.find(name);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// A text equal to `wanted` stands somewhere in `value`.
bool holds(const Value& value, std::string_view wanted) {
    if (const auto* text = value.get<std::string>()) {
        return *text == wanted;
    }
    if (const auto* list = value.get<List>()) {
        return std::any_of(list->begin(), list->end(), [&](const Value& item) { return holds(item, wanted); });
    }
    const auto* object = value.get<Object>();
    return object != nullptr && std::any_of(object->begin(), object->end(),
                                            [&](const Member& member) { return holds(member.value, wanted); });
}

bool is_type(std::string_view published, std::string_view wanted) {
    constexpr std::string_view prefix = "portcullis.";
    published.remove_prefix(published.starts_with(prefix) ? prefix.size() : 0);
    return published.starts_with(wanted) && published.substr(wanted.size()).starts_with('.');
}

}  // namespace

bool EventFilter::takes(const Value& event) const {
    const auto* data = event.find("data");
    const auto anywhere = [&](const std::string& wanted) {
        return wanted.empty() || (data != nullptr && holds(*data, wanted));
    };
    const auto time = text_in(event, "time");
    return (from.empty() || time >= from) && (before.empty() || time < before) &&
           (lane.empty() || text_in(event, "subject") == "lane/" + lane ||
            (data != nullptr && text_in(*data, "lane") == lane)) &&
           anywhere(passage) && anywhere(container) && anywhere(plate) &&
           (type.empty() || is_type(text_in(event, "type"), type));
}

bool EventFilter::empty() const {
    return std::all_of(members.begin(), members.end(),
                       [this](const auto& each) { return (this->*each.second).empty(); });
}

Object filter_members(const EventFilter& filter) {
    Object object;
    for (const auto& [name, member] : members) {
        if (!(filter.*member).empty()) {
            object.push_back({name, filter.*member});
        }
    }
    return object;
}

Result<EventFilter, std::string> filter_of(const Value& question) {
    EventFilter filter;
    for (const auto& [name, member] : members) {
        filter.*member = text_in(question, name);
    }
    for (const auto* time : {&filter.from, &filter.before}) {
        if (!time->empty() && !time_from_text(*time)) {
            return Failure{"\"" + *time + "\" is no time; write it as 2026-11-23T01:02:03.000Z"};
        }
    }
    return filter;
}

}  // namespace portcullis::gate
