#include "cli/trust_command.hpp"

#include <fstream>
#include <ostream>
#include <sstream>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "codec/canonical.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "gate/installation.hpp"
#include "gate/load_plan.hpp"
#include "gate/trust_floors.hpp"
#include "gate/trust_state.hpp"
#include "store/journal.hpp"
#include "store/state_directory.hpp"

namespace portcullis::cli {

namespace {

std::optional<std::string> text_of_file(const std::filesystem::path& file, std::ostream& errors) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty()) {
        errors << file.string() << ": cannot be read\n";
        return std::nullopt;
    }
    return text.str();
}

int done_or_error(const std::optional<std::string>& answer, const char* said, std::ostream& out, std::ostream& errors) {
    if (!answer || !read_answer(*answer, errors)) {
        return 1;
    }
    out << said << '\n';
    return 0;
}

/// Asks the daemon to take what is in a file.
int import_file(const std::filesystem::path& control_socket, Object question, const std::filesystem::path& file,
                std::ostream& out, std::ostream& errors) {
    auto text = text_of_file(file, errors);
    if (!text) {
        return 1;
    }
    question.push_back({"ask", "trust_import"});
    question.push_back({"documents", std::move(*text)});
    const auto asked = codec::canonical_text(Value{std::move(question)});
    if (!asked) {
        errors << file.string() << ": " << asked.error().message() << '\n';
        return 1;
    }
    return done_or_error(ask_daemon(control_socket, *asked, errors), "in force, or it was already", out, errors);
}

void show_ruleset_line(const Value& trust, std::ostream& out) {
    if (number_in(trust, "ruleset_version").value_or(0) == 0) {
        out << "ruleset: none, so that nothing is released";
    } else {
        out << "ruleset: " << shown(trust, "ruleset_version") << " " << shown(trust, "ruleset_state") << ", "
            << shown(trust, "ruleset_age_s") << " s old (expires " << shown(trust, "ruleset_expires") << ")";
    }
    if (number_in(trust, "ruleset_waiting").value_or(0) != 0) {
        out << ", " << shown(trust, "ruleset_waiting") << " acts from " << shown(trust, "ruleset_effective");
    }
    out << '\n';
}

void show_passes_line(const Value& trust, std::ostream& out) {
    if (number_in(trust, "passes_version").value_or(0) == 0) {
        out << "pass list: none, so that nobody has a pass\n";
        return;
    }
    out << "pass list: " << shown(trust, "passes_version") << " " << shown(trust, "passes_state") << ", "
        << shown(trust, "passes_count") << " passes, " << shown(trust, "passes_age_s") << " s old (expires "
        << shown(trust, "passes_expires") << ")\n";
}

void show_vehicles_line(const Value& trust, std::ostream& out) {
    if (number_in(trust, "vehicles_version").value_or(0) == 0) {
        out << "vehicle list: none, so that no vehicle's tare is known\n";
        return;
    }
    out << "vehicle list: " << shown(trust, "vehicles_version") << " " << shown(trust, "vehicles_state") << ", "
        << shown(trust, "vehicles_count") << " vehicles, " << shown(trust, "vehicles_age_s") << " s old (expires "
        << shown(trust, "vehicles_expires") << ")\n";
}

/// Of one kind of document: what a gate without a root says of it, and what it says with one.
struct ShownKind {
    const char* without_root;
    void (*line)(const Value& trust, std::ostream& out);
};

int show_of_trust(const std::filesystem::path& control_socket, bool json, const ShownKind& kind, std::ostream& out,
                  std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, "trust", errors);
    const auto trust = answer ? read_answer(*answer, errors) : std::nullopt;
    if (!trust) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
    } else if (shown(*trust, "state") == "orders_key") {
        out << kind.without_root << '\n';
    } else {
        kind.line(*trust, out);
    }
    return 0;
}

}  // namespace

void show_trust_line(const Value& trust, std::ostream& out) {
    const auto state = shown(trust, "state");
    if (state == "orders_key") {
        out << "trust: one key signs all orders\n";
        return;
    }
    out << "trust: " << state << ", root " << shown(trust, "root_version") << " " << shown(trust, "root_state")
        << " (expires " << shown(trust, "root_expires") << "), timestamp " << shown(trust, "timestamp_version") << " "
        << shown(trust, "timestamp_state") << " (expires " << shown(trust, "timestamp_expires") << ")";
    if (state == "unprovisioned") {
        out << ": nothing is believed until `portcullis trust init`";
    }
    out << '\n';
    show_ruleset_line(trust, out);
    show_passes_line(trust, out);
    show_vehicles_line(trust, out);
}

int show_trust(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket, "trust", errors);
    if (!answer) {
        return 1;
    }
    if (json) {
        out << *answer << '\n';
        return 0;
    }
    const auto trust = read_answer(*answer, errors);
    if (!trust) {
        return 1;
    }
    show_trust_line(*trust, out);
    out << "no time before " << shown(*trust, "time_floor") << " is believed\n";
    for (const auto& key : list_in(*trust, "keys")) {
        out << "key " << shown(key, "keyid") << ' ' << shown(key, "name") << '\n';
    }
    for (const auto& role : list_in(*trust, "roles")) {
        out << shown(role, "role") << ": " << shown(role, "signed_by") << '\n';
    }
    for (const auto& hash : list_in(*trust, "quarantined")) {
        out << "quarantined " << *hash.get<std::string>() << '\n';
    }
    return 0;
}

int begin_trust(const std::filesystem::path& control_socket, std::ostream& out, std::ostream& errors) {
    return done_or_error(ask_daemon(control_socket, R"({"ask":"trust_init"})", errors),
                         "this gate believes the root of its settings; compare `portcullis trust show` with central",
                         out, errors);
}

int begin_trust_here(const std::filesystem::path& settings, const std::string& at, std::ostream& out,
                     std::ostream& errors) {
    const auto time = time_from_text(at);
    if (!time) {
        errors << "--at takes a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z\n";
        return 1;
    }
    const auto loaded = gate::load_plan(settings, {gate::installed_profiles()});
    if (!loaded.plan || loaded.plan->root_file.empty()) {
        errors << settings.string() << ": is not good, or has no trust: { root: FILE }; try `portcullis check`\n";
        return 1;
    }
    const auto& plan = *loaded.plan;
    const auto text = text_of_file(plan.root_file, errors);
    if (!text) {
        return 1;
    }
    std::error_code error;
    std::filesystem::create_directories(plan.state, error);
    std::optional<std::string> in_database;
    if (std::filesystem::exists(plan.state / "journal.db", error)) {
        const auto journal = store::Journal::open_for_reading(plan.state);
        if (!journal) {
            errors << journal.error().message << '\n';
            return 1;
        }
        in_database = journal.value()->start().trust_floors;
    }
    const auto lock = store::StateLock::take(plan.state);
    if (!lock) {
        errors << lock.error().message << '\n';
        return 1;
    }
    const gate::TrustState state{{plan.terminal, plan.name}, gate::load_floors(plan.state, in_database).floors, {}};
    const auto step = state.begin(text->substr(0, text->find('\n')), *time);
    if (!step) {
        errors << plan.root_file.string() << ": " << step.error().detail << '\n';
        return 1;
    }
    if (const auto failed = gate::save_floors(plan.state, step->after->floors())) {
        errors << failed->message << '\n';
        return 1;
    }
    out << "root " << step->taken.head.version << " with SHA-256 " << hex_text(step->taken.payload_hash)
        << " is believed from the daemon's next start on\n";
    return 0;
}

int import_trust(const std::filesystem::path& control_socket, const std::filesystem::path& file, std::ostream& out,
                 std::ostream& errors) {
    return import_file(control_socket, {}, file, out, errors);
}

int import_document(const std::filesystem::path& control_socket, const std::string& kind,
                    const std::filesystem::path& file, std::ostream& out, std::ostream& errors) {
    return import_file(control_socket, {{"kind", kind}}, file, out, errors);
}

int show_ruleset(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    return show_of_trust(control_socket, json, {"ruleset: none, the rows of `policy:` decide", show_ruleset_line}, out,
                         errors);
}

int show_passes(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    return show_of_trust(control_socket, json,
                         {"pass list: none, a gate without a root takes no such document", show_passes_line}, out,
                         errors);
}

int show_vehicles(const std::filesystem::path& control_socket, bool json, std::ostream& out, std::ostream& errors) {
    return show_of_trust(control_socket, json,
                         {"vehicle list: none, a gate without a root takes no such document", show_vehicles_line}, out,
                         errors);
}

}  // namespace portcullis::cli
