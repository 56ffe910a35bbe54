#include "gate/device_viewing.hpp"

#include <algorithm>
#include <utility>

#include "codec/canonical.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"
#include "drivers/bus_address.hpp"
#include "drivers/observation_text.hpp"
#include "gate/views.hpp"

namespace portcullis::gate {

namespace {

constexpr std::size_t most_said = 512;
constexpr std::size_t most_bytes_an_answer = std::size_t{128} * 1024;

std::int64_t microseconds(Instant at) {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

std::string_view word_of(drivers::WireDirection direction) {
    switch (direction) {
        case drivers::WireDirection::out:
            return "out";
        case drivers::WireDirection::in:
            return "in";
        case drivers::WireDirection::note:
            return "note";
    }
    return "note";
}

Object frame_object(const drivers::WireFrame& frame) {
    Object object{{"way", word_of(frame.direction)}, {"at_us", microseconds(frame.at)}};
    if (frame.direction == drivers::WireDirection::note) {
        object.emplace_back("text", std::string{frame.bytes.begin(), frame.bytes.end()});
    } else {
        object.emplace_back("hex", hex_text(frame.bytes));
    }
    return object;
}

void give_view(const ControlDesk::Reply& reply, Object object) {
    const auto text = codec::canonical_text(Value{std::move(object)});
    reply(text ? *text : error_answer(text.error().message()));
}

std::uint64_t number_of(const Value& question, std::string_view member) {
    const auto number = number_member(question, member).value_or(0);
    return number > 0 ? static_cast<std::uint64_t>(number) : 0;
}

}  // namespace

void SaidLately::put(Instant at, std::string words) {
    if (at >= until_) {
        first_ += lines_.size();
        lines_.clear();
        return;
    }
    lines_.push_back({at, std::move(words)});
    if (lines_.size() > most_said) {
        lines_.pop_front();
        ++first_;
    }
}

SaidLately::Look SaidLately::look(std::uint64_t from) const {
    const auto next = first_ + lines_.size();
    Look look{.lines = {}, .next = next};
    if (from == 0 || from > next) {
        return look;
    }
    const auto skip = from > first_ ? from - first_ : 0;
    look.lines.assign(lines_.begin() + static_cast<std::ptrdiff_t>(skip), lines_.end());
    return look;
}

DeviceViewing::DeviceViewing(const GatePlan& plan, DeviceDesk& desk, Ports ports)
    : plan_(plan), desk_(desk), ports_(std::move(ports)) {}

void DeviceViewing::add_to(ControlDesk& desk) {
    desk.add("devices", [this](const Value&, const ControlDesk::Reply& reply) { list(reply); });
    desk.add("device_wire", [this](const Value& question, const ControlDesk::Reply& reply) { wire(question, reply); });
}

void DeviceViewing::said(const Observation& observation) {
    const auto watched = said_.find(observation.device);
    if (watched == said_.end()) {
        return;
    }
    if (auto words = drivers::words_of(observation)) {
        watched->second.put(observation.at, std::move(*words));
    }
}

const PlannedDevice* DeviceViewing::find(const std::string& name) const {
    const auto found = std::find_if(plan_.devices.begin(), plan_.devices.end(),
                                    [&name](const PlannedDevice& one) { return one.name.text() == name; });
    return found == plan_.devices.end() ? nullptr : &*found;
}

const drivers::BusSettings* DeviceViewing::bus(const BusName& name) const {
    const auto found =
        std::find_if(plan_.buses.begin(), plan_.buses.end(), [&name](const auto& one) { return one.first == name; });
    return found == plan_.buses.end() ? nullptr : &found->second;
}

Object DeviceViewing::device(const PlannedDevice& planned) const {
    const auto view = desk_.view(planned.name);
    const auto now = ports_.now();
    auto object = device_state(planned.name, view);
    object.emplace_back("profile", planned.profile);
    object.emplace_back("product", planned.plan->profile().product);
    object.emplace_back("bus", planned.bus.text());
    object.emplace_back("in_test", desk_.is_aside(planned.name) && !view.disabled ? "yes" : "no");
    const auto wall = [&now](Instant at) {
        return time_text(now.wall - std::chrono::duration_cast<std::chrono::milliseconds>(now.instant - at));
    };
    object.emplace_back("last_good", view.last_good ? wall(*view.last_good) : "none");
    object.emplace_back("since", view.since ? wall(*view.since) : "none");
    List options;
    for (const auto& [key, value] : planned.plan->options()) {
        options.emplace_back(Object{{"key", key}, {"value", value}});
        if (key == "unit") {
            object.emplace_back("unit", value);
        }
    }
    object.emplace_back("options", std::move(options));
    object.emplace_back("wired", wired(planned.name));
    List points;
    for (const auto& point : view.points) {
        points.emplace_back(Object{{"point", point.point.text()},
                                   {"direction", text_of(point.direction)},
                                   {"signal", text_of(point.signal)},
                                   {"at", point.at ? wall(*point.at) : "none"}});
    }
    object.emplace_back("points", std::move(points));
    return object;
}

/// Its points as lanes use them: what a recording of it needs.
List DeviceViewing::wired(const DeviceName& device) const {
    List points;
    for (const auto& lane : plan_.lanes) {
        for (const auto& wire : lane.points) {
            if (wire.at.device != device) {
                continue;
            }
            Object point{{"point", wire.at.point.text()}, {"direction", text_of(wire.setup.direction)}};
            if (wire.setup.direction == Direction::input) {
                point.emplace_back("wire_open_means", text_of(wire.setup.wire_open_means));
            } else {
                point.emplace_back("safe", text_of(wire.setup.safe));
            }
            points.emplace_back(std::move(point));
        }
    }
    return points;
}

void DeviceViewing::list(const ControlDesk::Reply& reply) const {
    List devices;
    for (const auto& planned : plan_.devices) {
        devices.emplace_back(device(planned));
    }
    List buses;
    for (const auto& [name, settings] : plan_.buses) {
        const auto address = drivers::address_of(settings);
        buses.emplace_back(Object{{"bus", name.text()},
                                  {"transport", address.transport},
                                  {"address", address.address},
                                  {"line", address.line}});
    }
    give_view(reply, {{"devices", std::move(devices)}, {"buses", std::move(buses)}});
}

void DeviceViewing::wire(const Value& question, const ControlDesk::Reply& reply) {
    const auto device_name = text_member(question, "device");
    const auto* planned = find(device_name);
    if (!device_name.empty() && planned == nullptr) {
        reply(error_answer("there is no device \"" + device_name + "\""));
        return;
    }
    const auto on = planned != nullptr ? planned->bus : BusName{text_member(question, "bus")};
    const auto* settings = bus(on);
    auto* tap = desk_.tap(on);
    if (settings == nullptr || tap == nullptr) {
        reply(error_answer(settings == nullptr ? "there is no bus \"" + on.text() + "\""
                                               : "bus \"" + on.text() + "\" cannot be watched"));
        return;
    }
    const auto now = ports_.now();
    tap->listen(now.instant + listens);
    const auto look = tap->look(number_of(question, "from"), most_bytes_an_answer);
    List frames;
    for (const auto& frame : look.frames) {
        frames.emplace_back(frame_object(frame));
    }
    const auto address = drivers::address_of(*settings);
    Object object{{"bus", on.text()},
                  {"transport", address.transport},
                  {"address", address.address},
                  {"first", static_cast<std::int64_t>(look.first)},
                  {"next", static_cast<std::int64_t>(look.next)},
                  {"frames", std::move(frames)},
                  {"now_us", microseconds(now.instant)},
                  {"wall_ms", now.wall.time_since_epoch().count()}};
    if (planned != nullptr) {
        auto& said = said_[planned->name];
        said.listen(now.instant + listens);
        const auto heard = said.look(number_of(question, "said_from"));
        List lines;
        for (const auto& line : heard.lines) {
            lines.emplace_back(Object{{"at_us", microseconds(line.at)}, {"words", line.words}});
        }
        object.emplace_back("said", std::move(lines));
        object.emplace_back("said_next", static_cast<std::int64_t>(heard.next));
        object.emplace_back("device", device(*planned));
    }
    give_view(reply, std::move(object));
}

}  // namespace portcullis::gate
