#include "gate/control_desk.hpp"

#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"

namespace portcullis::gate {

namespace {

/// What the socket lets through.
constexpr std::size_t longest_question = std::size_t{12} * 1024 * 1024;

}  // namespace

std::string error_answer(std::string_view why) {
    const auto text = codec::canonical_text(Value{Object{{"error", why}}});
    return text ? *text : R"({"error":"the answer cannot be written"})";
}

void ControlDesk::add(const std::string& name, Handler handler) {
    if (!handlers_.emplace(name, std::move(handler)).second) {
        throw std::logic_error{"the control socket's question " + name + " has two handlers"};
    }
}

void ControlDesk::answer(std::string_view question, const Reply& reply) const {
    Value asked{Object{{"ask", question}}};
    if (question.starts_with('{')) {
        auto read = codec::parse_value(question, {.bytes = longest_question});
        if (!read) {
            reply(error_answer("the question cannot be read: " + read.error().message()));
            return;
        }
        asked = std::move(read).value();
    }
    const auto* named = asked.find("ask");
    const auto* name = named == nullptr ? nullptr : named->get<std::string>();
    const auto handler = name == nullptr ? handlers_.end() : handlers_.find(*name);
    if (handler == handlers_.end()) {
        std::string known;
        for (const auto& [each, unused] : handlers_) {
            known += (known.empty() ? "" : ", ") + each;
        }
        reply(error_answer("this daemon answers: " + known));
        return;
    }
    handler->second(asked, reply);
}

}  // namespace portcullis::gate
