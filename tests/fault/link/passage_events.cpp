#include "tests/fault/link/passage_events.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace portcullis::fault {
namespace {

constexpr std::array passage{"passage.detected", "reading.taken",  "passage.identified", "load.judged",
                             "verdict.issued",   "order.reserved", "permission.began",   "arm.commanded",
                             "arm.result",       "arm.moved",      "lane.light",         "permission.ended",
                             "order.used",       "passage.ended"};

Value value_of(const boost::json::value& json) {
    if (const auto* object = json.if_object()) {
        Object members;
        for (const auto& [name, value] : *object) {
            members.emplace_back(std::string{name}, value_of(value));
        }
        return members;
    }
    if (const auto* array = json.if_array()) {
        List list;
        for (const auto& value : *array) {
            list.push_back(value_of(value));
        }
        return list;
    }
    if (const auto* text = json.if_string()) {
        return std::string{*text};
    }
    return json.to_number<std::int64_t>();
}

}  // namespace

PassageEvents::PassageEvents(const std::filesystem::path& examples, const runtime::Clock& clock) : clock_(clock) {
    for (const std::string type : passage) {
        const auto file = examples / (type + ".json");
        std::ifstream in{file};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        if (text.empty()) {
            throw std::runtime_error{file.string() + " is not there: run this in the root of the source tree"};
        }
        const auto json = boost::json::parse(text);
        passage_.push_back({type, std::string{json.at("subject").as_string()}, {}, value_of(json.at("data")), {}});
    }
}

Event PassageEvents::next() {
    auto event = passage_[next_];
    event.at = clock_.now();
    next_ = (next_ + 1) % passage_.size();
    return event;
}

}  // namespace portcullis::fault
