#include "tests/integration/daemon_status.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "console/control_socket.hpp"

namespace portcullis::testing {

std::optional<DaemonStatus> DaemonStatus::ask(const std::filesystem::path& control_socket) {
    try {
        return DaemonStatus{boost::json::parse(console::ask_control_socket(control_socket, "status")).as_object()};
    } catch (const boost::system::system_error&) {
        return std::nullopt;  // not there yet, or killed while it answered
    }
}

const boost::json::object& DaemonStatus::named(const char* list, const char* key, const std::string& name) const {
    for (const auto& one : body_.at(list).as_array()) {
        if (one.at(key).as_string() == name) {
            return one.as_object();
        }
    }
    throw std::out_of_range{"the daemon's status has no " + name};
}

bool DaemonStatus::in_service() const {
    const auto& lanes = body_.at("lanes").as_array();
    const auto& devices = body_.at("devices").as_array();
    const auto works = [](const auto& device) {
        // A reader of plates or seals talks by itself, and is unknown until it has said something.
        const auto& name = device.at("device").as_string();
        const bool talks = name.starts_with("plate") || name.starts_with("seal");
        return device.at("state") == "online" || (talks && device.at("state") == "unknown" && device.at("errors") == 0);
    };
    return std::all_of(lanes.begin(), lanes.end(), [](const auto& lane) { return lane.at("mode") == "automatic"; }) &&
           std::all_of(devices.begin(), devices.end(), works);
}

std::vector<std::string> DaemonStatus::states(const std::string& lane) const {
    std::vector<std::string> states;
    for (const auto& passage : named("lanes", "lane", lane).at("passages").as_array()) {
        states.emplace_back(passage.at("state").as_string());
    }
    return states;
}

std::string DaemonStatus::verdict(const std::string& lane) const {
    const auto& passages = named("lanes", "lane", lane).at("passages").as_array();
    return passages.empty() ? "none" : std::string{passages[0].at("verdict").as_string()};
}

std::string DaemonStatus::arm(const std::string& lane) const {
    return std::string{named("lanes", "lane", lane).at("arm").as_string()};
}

std::int64_t DaemonStatus::polls(const std::string& device) const {
    return named("devices", "device", device).at("polls").as_int64();
}

std::int64_t DaemonStatus::bad_frames(const std::string& device) const {
    return named("devices", "device", device).at("bad_frames").as_int64();
}

std::int64_t DaemonStatus::last() const {
    return body_.at("gate").at("last").as_int64();
}

std::int64_t DaemonStatus::order_cursor() const {
    return body_.at("gate").at("order_cursor").as_int64();
}

std::string DaemonStatus::box_key() const {
    return std::string{body_.at("gate").at("box_key").as_string()};
}

bool DaemonStatus::online() const {
    return body_.at("uplinks").at(0).at("online") == "yes";
}

std::string DaemonStatus::text() const {
    return boost::json::serialize(body_);
}

}  // namespace portcullis::testing
