#include "cli/orders_command.hpp"

#include <ostream>

#include "cli/daemon_answer.hpp"
#include "codec/canonical.hpp"

namespace portcullis::cli {

namespace {

int report(const Value& state, std::ostream& out, std::ostream& errors) {
    const bool is_snapshot = shown(state, "snapshot") == "yes";
    const auto taken = number_in(state, "taken").value_or(0);
    const auto refused = number_in(state, "refused").value_or(0);
    if (is_snapshot) {
        out << (taken == 1 ? "the snapshot is in place\n" : "the snapshot was not taken\n");
    } else {
        out << taken << " batches taken, " << refused << " refused\n";
    }
    if (state.find("problem") != nullptr) {
        errors << shown(state, "problem") << '\n';
        return 1;
    }
    return 0;
}

}  // namespace

int import_orders(const std::filesystem::path& control_socket, const std::filesystem::path& file, std::ostream& out,
                  std::ostream& errors) {
    const auto question = codec::canonical_text(
        Value{Object{{"ask", "orders_import"}, {"file", std::filesystem::absolute(file).string()}}});
    if (!question) {
        errors << file.string() << ": " << question.error().message() << '\n';
        return 1;
    }
    const auto begun = ask_daemon(control_socket, *question, errors);
    if (!begun || !read_answer(*begun, errors)) {
        return 1;
    }
    for (;;) {
        // Answered when it is over, or after a while.
        const auto answer = ask_daemon(control_socket, R"({"ask":"orders_import_state"})", errors);
        const auto state = answer ? read_answer(*answer, errors) : std::nullopt;
        if (!state) {
            return 1;
        }
        if (shown(*state, "state") != "running") {
            return report(*state, out, errors);
        }
    }
}

}  // namespace portcullis::cli
