// Of the gate: orders that come by file.
#include "codec/canonical.hpp"
#include "gate/gate.hpp"

namespace portcullis::gate {

void Gate::answer_order_questions() {
    control_desk_.add("orders_import", [this](const Value& question, const ControlDesk::Reply& reply) {
        const auto* const member = question.find("file");
        const auto* const file = member == nullptr ? nullptr : member->get<std::string>();
        if (file == nullptr) {
            return reply(error_answer("which file?"));
        }
        if (const auto problem = order_import_.begin(*file)) {
            return reply(error_answer(*problem));
        }
        reply(R"({"state":"running"})");
    });
    control_desk_.add("orders_import_state", [this](const Value&, const ControlDesk::Reply& reply) {
        order_import_.when_over([reply](const Object& view) {
            const auto text = codec::canonical_text(Value{view});
            reply(text ? *text : error_answer(text.error().message()));
        });
    });
}

}  // namespace portcullis::gate
