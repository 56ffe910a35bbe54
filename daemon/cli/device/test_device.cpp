#include "cli/device/test_device.hpp"

#include <ostream>
#include <vector>

#include "cli/daemon_answer.hpp"
#include "cli/device/frame_text.hpp"
#include "cli/device/interruptible.hpp"
#include "cli/device/wire_question.hpp"
#include "cli/own_name.hpp"

namespace portcullis::cli {

namespace {

std::string safe_to_show(const std::string& text) {
    return printable(std::vector<std::uint8_t>{text.begin(), text.end()});
}

class Test {
public:
    Test(const TestOptions& options, std::ostream& out, std::ostream& errors)
        : options_(options), out_(out), errors_(errors), wire_(options.control_socket, options.name) {}

    int run() {
        const auto begun = say("begin");
        if (!begun) {
            return 1;
        }
        out_ << options_.name << " is in test: its lanes do not use it. Arms are "
             << (shown(*begun, "arms") == "by_hand" ? "moved by hand with --arms only" : "locked")
             << ". Ctrl-C gives it back.\n";
        Interruptible until{options_.seconds};
        bool good = look(true) && move();
        while (good && !until.over()) {
            until.wait(WireQuestion::pause);
            good = look(false) && say("go_on").has_value();
        }
        const bool ended = good ? say("end").has_value() : (void(quiet_end()), false);
        out_ << options_.name << (ended ? " is with its lanes again\n" : ": the test did not end as it should\n");
        return ended ? 0 : 1;
    }

private:
    std::optional<Value> ask(Object question, std::ostream& errors) {
        const auto answer = ask_daemon(options_.control_socket, question_line(std::move(question)), errors);
        return answer ? read_answer(*answer, errors) : std::nullopt;
    }

    std::optional<Value> say(const std::string& what) {
        return ask({{"ask", "device_test"},
                    {"device", options_.name},
                    {"say", what},
                    {"actor", own_name()},
                    {"reason_text", options_.reason}},
                   errors_);
    }

    void quiet_end() { (void)ask({{"ask", "device_test"}, {"device", options_.name}, {"say", "end"}}, errors_); }

    /// What the device said since, or, at the beginning, what it is.
    bool look(bool first) {
        const auto seen = wire_.ask(errors_);
        if (!seen) {
            return false;
        }
        if (first) {
            out_ << "state " << shown(seen->device, "state") << ", " << shown(seen->device, "cause") << '\n';
            for (const auto& point : list_in(seen->device, "points")) {
                const auto direction = shown(point, "direction");
                out_ << "  " << direction << ' ' << shown(point, "point") << ' ' << shown(point, "signal") << '\n';
                if (direction == "output") {
                    outputs_.push_back(shown(point, "point"));
                }
            }
        }
        for (const auto& words : seen->said) {
            out_ << "  " << safe_to_show(words.words) << '\n';
        }
        out_.flush();
        return true;
    }

    bool move() {
        if (options_.move.empty()) {
            return true;
        }
        const auto points = options_.move == "all" ? outputs_ : std::vector<std::string>{options_.move};
        bool all = true;
        for (const auto& point : points) {
            all = move_one(point) && all;
        }
        return all;
    }

    bool move_one(const std::string& point) {
        const auto moved = ask({{"ask", "device_move"},
                                {"device", options_.name},
                                {"point", point},
                                {"act", options_.act},
                                {"pulse_ms", options_.pulse.count()},
                                {"arms", options_.arms ? "yes" : "no"}},
                               errors_);
        if (!moved) {
            return false;
        }
        out_ << "  output " << point << ' ' << options_.act << ": " << shown(*moved, "write") << ", reads back "
             << shown(*moved, "readback");
        if (const auto cause = shown(*moved, "cause"); cause != "none") {
            out_ << ": " << safe_to_show(cause);
        }
        out_ << '\n';
        out_.flush();
        return shown(*moved, "write") == "done";
    }

    const TestOptions& options_;
    std::ostream& out_;
    std::ostream& errors_;
    WireQuestion wire_;
    std::vector<std::string> outputs_;
};

}  // namespace

int test_device(const TestOptions& options, std::ostream& out, std::ostream& errors) {
    return Test{options, out, errors}.run();
}

int set_in_service(const std::filesystem::path& control_socket, const std::string& name, bool in_service,
                   const std::string& reason, std::ostream& out, std::ostream& errors) {
    const auto answer = ask_daemon(control_socket,
                                   question_line({{"ask", in_service ? "device_enable" : "device_disable"},
                                                  {"name", name},
                                                  {"actor", own_name()},
                                                  {"reason_text", reason}}),
                                   errors);
    if (!answer || !read_answer(*answer, errors)) {
        return 1;
    }
    out << name << (in_service ? " is in service\n" : " is out of service: nobody asks it anything\n");
    return 0;
}

}  // namespace portcullis::cli
