// Of the gate: what it answers at its control socket.
#include <utility>

#include "codec/canonical.hpp"
#include "gate/gate.hpp"

namespace portcullis::gate {

void Gate::answer_questions() {
    control_desk_.add("status", [this](const Value&, const ControlDesk::Reply& reply) { reply(status_answer()); });
    control_desk_.add("zones", [this](const Value&, const ControlDesk::Reply& reply) {
        const auto text = codec::canonical_text(Value{zone_desk_.view(surroundings_.clock.now())});
        reply(text ? *text : error_answer(text.error().message()));
    });
    journal_questions_.add_to(control_desk_);
    order_viewing_.add_to(control_desk_);
    device_service_.add_to(control_desk_);
    device_viewing_.add_to(control_desk_);
    device_testing_.add_to(control_desk_);
    radiation_desk_.add_to(control_desk_);
}

DeviceTesting::Ports Gate::testing_ports() {
    return {.now = [this] { return surroundings_.clock.now(); },
            .lane =
                [this](std::size_t lane) {
                    const auto view = lanes_.at(lane).runner->view();
                    return DeviceTesting::Lane{.mode = view.mode, .has_vehicle = !view.passages.empty()};
                },
            .submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); }};
}

JournalQuestions::Ports Gate::question_ports() {
    JournalQuestions::Ports ports;
    ports.on_journal = [this](JournalQuestions::Work work) { journal_.on_journal(std::move(work)); };
    ports.submit = [this](Submission submission) { journal_desk_.submit(std::move(submission)); };
    ports.now = [this] { return surroundings_.clock.now(); };
    ports.stored_by_all = [this] { return stored_by_all().through; };
    ports.replay = [this](const std::string& destination, std::int64_t from) { return replay(destination, from); };
    ports.erase_pictures = [this](const std::vector<std::string>& hashes) { evidence_desk_.erase_on_request(hashes); };
    ports.erased = [this] { journal_erased(); };
    ports.fatal = [this](const std::string& why) { fatal(why); };
    return ports;
}

std::optional<std::string> Gate::replay(const std::string& name, std::int64_t from) {
    bool known = false;
    for (auto& destination : destinations_) {
        if (!name.empty() && destination.channel != name) {
            continue;
        }
        known = true;
        switch (destination.uplink->replay_from(from)) {
            case uplink::ReplayOutcome::served:
            case uplink::ReplayOutcome::deferred:
            case uplink::ReplayOutcome::nothing_to_repeat:
                break;
            case uplink::ReplayOutcome::beyond_last:
            case uplink::ReplayOutcome::other_stream:
                return "there is no entry " + std::to_string(from) + " to send again";
        }
    }
    return known ? std::nullopt : std::optional{"there is no destination \"" + name + "\""};
}

}  // namespace portcullis::gate
