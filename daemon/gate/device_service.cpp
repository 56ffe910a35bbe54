#include "gate/device_service.hpp"

#include <string_view>
#include <utility>

#include "codec/canonical.hpp"
#include "codec/digest.hpp"
#include "core/value_members.hpp"

namespace portcullis::gate {

namespace {

constexpr std::string_view note_prefix = "disabled/";
constexpr std::size_t longest_actor = 128;
constexpr std::size_t longest_reason = 512;

bool is_actor(const std::string& text) {
    return !text.empty() && text.size() <= longest_actor && !codec::looks_like_digest(text);
}

std::string answer_of(const DeviceName& device, bool disabled) {
    const auto text =
        codec::canonical_text(Value{Object{{"device", device.text()}, {"disabled", disabled ? "yes" : "no"}}});
    return text ? *text : error_answer(text.error().message());
}

}  // namespace

void DeviceService::add_to(ControlDesk& desk) {
    desk.add("device_disable",
             [this](const Value& question, const ControlDesk::Reply& reply) { answer(question, true, reply); });
    desk.add("device_enable",
             [this](const Value& question, const ControlDesk::Reply& reply) { answer(question, false, reply); });
}

void DeviceService::answer(const Value& question, bool disable, const ControlDesk::Reply& reply) {
    const DeviceName device{text_member(question, "name")};
    const auto actor = text_member(question, "actor");
    const auto reason = text_member(question, "reason_text");
    if (!desk_.devices().contains(device)) {
        reply(error_answer("there is no device \"" + device.text() + "\""));
        return;
    }
    if (!is_actor(actor) || reason.size() > longest_reason || codec::looks_like_digest(reason)) {
        reply(error_answer("whoever takes a device out of service, or back, names \"actor\"; it is recorded"));
        return;
    }
    if (desk_.is_disabled(device) == disable) {
        reply(answer_of(device, disable));
        return;
    }
    Submission submission;
    submission.events.push_back({disable ? "device.disabled" : "device.enabled", "device/" + device.text(),
                                 ports_.now(),
                                 Object{{"roles", desk_.roles_of(device)},
                                        {"mode", disable ? "disabled" : "normal"},
                                        {"actor", actor},
                                        {"role", "unknown"},
                                        {"channel", "lane_console"},
                                        {"auth_method", "control_socket"},
                                        {"command_id", "none"},
                                        {"reason_code", "none"},
                                        {"reason_text", reason.empty() ? "none" : reason},
                                        {"on_shift", "unknown"}},
                                 std::nullopt});
    submission.gate_notes.push_back({std::string{note_prefix} + device.text(),
                                     disable ? std::optional{Value{Object{{"actor", actor}}}} : std::nullopt});
    submission.urgent = true;
    submission.committed = [this, device, disable, reply] {
        if (disable) {
            desk_.disable(device);
        } else {
            desk_.enable(device);
        }
        reply(answer_of(device, disable));
    };
    ports_.submit(std::move(submission));
}

void DeviceService::restore(const std::vector<lane::Memory>& notes) {
    for (const auto& note : notes) {
        if (!note.key.starts_with(note_prefix)) {
            continue;
        }
        const DeviceName device{note.key.substr(note_prefix.size())};
        if (desk_.devices().contains(device)) {
            desk_.disable(device);
        }
    }
}

}  // namespace portcullis::gate
