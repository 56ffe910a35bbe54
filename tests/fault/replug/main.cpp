// A serial reader is pulled out and put back a thousand times: each time it is found again by its name, reads what it
// is sent, and leaves nothing open behind it.
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <iostream>

#include "drivers/buses.hpp"
#include "drivers/registry.hpp"
#include "drivers/transport/serial_port.hpp"
#include "settings/yaml_reader.hpp"
#include "tests/support/figures.hpp"

namespace portcullis::fault {

namespace {

using namespace std::chrono_literals;

/// A pty under a name that stays: we hold its master, as the device would.
class Plug {
public:
    explicit Plug(std::string link) : link_(std::move(link)) {}
    ~Plug() { pull(); }
    Plug(const Plug&) = delete;
    Plug& operator=(const Plug&) = delete;

    void put() {
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        std::array<char, 64> name{};
        if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
            ::ptsname_r(master_, name.data(), name.size()) != 0 || ::symlink(name.data(), link_.c_str()) != 0) {
            throw std::runtime_error("no pty can be made here");
        }
    }
    void pull() {
        if (master_ >= 0) {
            ::close(master_);
            ::unlink(link_.c_str());
            master_ = -1;
        }
    }
    void say(std::string_view line) const {
        if (::write(master_, line.data(), line.size()) < 0) {
            throw std::runtime_error("the pty takes no bytes");
        }
    }
    [[nodiscard]] const std::string& path() const { return link_; }

private:
    std::string link_;
    int master_ = -1;
};

int open_descriptors() {
    const auto all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<int>(std::distance(begin(all), end(all)));
}

double cpu_ms() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto ms = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

ConfigNode node_of(const std::string& text, const std::string& name) {
    ConfigProblems problems;
    auto node = settings::read_yaml(text, name, problems);
    if (!node || !problems.empty()) {
        throw std::runtime_error(name + " cannot be read");
    }
    return std::move(*node);
}

/// The reader as the daemon runs it.
class Reader {
public:
    explicit Reader(const std::string& path) {
        ConfigProblems problems;
        const auto bus = drivers::read_bus(node_of("{ serial: " + path + ", line: 9600 8N1 }", "bus"), problems);
        const auto text = settings::read_text_file("config/profiles/plate-line-gbk.yaml", problems);
        if (!bus || !text) {
            throw std::runtime_error("run in the root of the source tree");
        }
        const auto plan = drivers::plan_device(node_of("{}", "device"), node_of(*text, "profile"), *bus, problems);
        const BusName name{"line"};
        buses_.add(name, *bus);
        device_ = plan->make({DeviceName{"plate"}, context_, clock_, log_, image_}, buses_, name, {});
        device_->start([this](const Observation& seen) {
            if (const auto* reading = std::get_if<Reading>(&seen.what)) {
                last_ = reading->raw;
            }
        });
    }
    ~Reader() { device_->stop(); }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    [[nodiscard]] bool until(const std::function<bool()>& so) {
        const auto give_up = clock_.now().instant + 15s;
        while (!so() && clock_.now().instant < give_up) {
            context_.restart();
            context_.run_one_for(5ms);
        }
        return so();
    }
    [[nodiscard]] bool is(DeviceState state) const { return device_->view().state == state; }
    [[nodiscard]] const std::string& last() const { return last_; }
    [[nodiscard]] std::int64_t bad_frames() const { return device_->view().bad_frames; }

private:
    boost::asio::io_context context_;
    runtime::SystemClock clock_;
    runtime::Log log_{runtime::Log::Form::plain, runtime::LogLevel::error};
    drivers::InputImage image_;
    drivers::Buses buses_{context_, clock_};
    std::unique_ptr<drivers::Device> device_;
    std::string last_;
};

struct Result {
    int reopened = 0;
    int leaked = 0;
    double cpu_ms_per_cycle = 0;
    std::int64_t bad_frames = 0;
};

Result replug(int cycles) {
    Plug plug{"/tmp/portcullis-replug-" + std::to_string(::getpid())};
    Result result;
    plug.put();
    Reader reader{plug.path()};
    const auto reads = [&](const std::string& text) {
        // What comes before the port is open is of nobody: said again until it is read.
        return reader.until([&] {
            plug.say(text + ",99\r\n");
            return reader.last() == text;
        });
    };
    if (!reads("BEGIN")) {
        throw std::runtime_error("the reader does not read at all");
    }
    const int before = open_descriptors();
    const double cpu_before = cpu_ms();
    for (int cycle = 0; cycle < cycles; ++cycle) {
        plug.pull();
        const bool lost = reader.until([&] { return reader.is(DeviceState::offline); });
        plug.put();
        const bool back = reads("CYCLE" + std::to_string(cycle)) && reader.is(DeviceState::online);
        result.reopened += lost && back ? 1 : 0;
    }
    result.leaked = std::max(0, open_descriptors() - before);
    result.cpu_ms_per_cycle = (cpu_ms() - cpu_before) / cycles;
    result.bad_frames = reader.bad_frames();
    return result;
}

/// The same count over a port that is opened again and never closed.
int leaked_when_not_closed(int cycles) {
    Plug plug{"/tmp/portcullis-replug-leak-" + std::to_string(::getpid())};
    const int before = open_descriptors();
    std::vector<int> open;
    for (int cycle = 0; cycle < cycles; ++cycle) {
        plug.put();
        if (const auto opened = drivers::open_serial(plug.path(), {})) {
            open.push_back(*opened);
        }
        plug.pull();
    }
    const int leaked = open_descriptors() - before;
    std::for_each(open.begin(), open.end(), [](int descriptor) { ::close(descriptor); });
    return leaked;
}

int run(bool is_short) {
    const int cycles = is_short ? 20 : 1000;
    const auto result = replug(cycles);
    const int leaked = leaked_when_not_closed(20);
    const auto n = static_cast<std::size_t>(cycles);
    testing::Figures figures;
    figures.print("serial.reopen_ok", result.reopened, "replugs", testing::Aim::at_least(cycles), n,
                  "a reader that was put back was not read again within 15 s");
    figures.print("serial.fd_leak", result.leaked, "descriptors", testing::Aim::at_most(0), n,
                  "something stays open behind a reader that is gone");
    figures.print("serial.cpu_ms_per_cycle", result.cpu_ms_per_cycle, "ms", testing::Aim::at_most(50), n,
                  "a dead port is read or opened again and again");
    figures.print("serial.replug_bad_frames", static_cast<double>(result.bad_frames), "frames", std::nullopt, n);
    figures.print("serial.fd_leak_when_not_closed", leaked, "descriptors", testing::Aim::at_least(20), 20,
                  "ports that stay open are not seen");
    return figures.exit_code();
}

}  // namespace

}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_replug: a serial reader is pulled out and put back"};
    bool is_short = false;
    app.add_flag("--short", is_short, "20 times instead of 1,000");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short);
    } catch (const std::exception& error) {
        std::cerr << "fault_replug stopped: " << error.what() << '\n';
        return 1;
    }
}
