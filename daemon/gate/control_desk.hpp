#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace portcullis::gate {

/// What the control socket may be asked: a table of questions by name. A question is one line, a canonical JSON object
/// whose member `ask` names it (`{"ask":"journal","from":1}`), or the bare name where nothing else is to be said
/// (`status`). An answer is one line of JSON; `{"error":"why"}` for what cannot be answered.
class ControlDesk {
public:
    /// Takes the answer, now or later, on the deciding context.
    using Reply = std::function<void(std::string answer)>;
    /// Answers by calling `reply` once; `question` has the member `ask`. Called on the deciding context, where nothing
    /// may wait.
    using Handler = std::function<void(const Value& question, Reply reply)>;

    /// Throws std::logic_error when the name is taken.
    void add(const std::string& name, Handler handler);
    void answer(std::string_view question, const Reply& reply) const;

private:
    std::map<std::string, Handler, std::less<>> handlers_;
};

/// `{"error":"why"}`
[[nodiscard]] std::string error_answer(std::string_view why);

}  // namespace portcullis::gate
