#include "cli/device/listen.hpp"

#include <boost/asio/io_context.hpp>
#include <memory>
#include <ostream>
#include <sstream>
#include <system_error>
#include <utility>

#include "cli/daemon_answer.hpp"
#include "cli/device/interruptible.hpp"
#include "drivers/transport/serial_port.hpp"
#include "drivers/transport/tcp_stream.hpp"
#include "runtime/clock.hpp"

namespace portcullis::cli {

namespace {

constexpr std::chrono::milliseconds frame_gap{50};  ///< longer than any gap inside a frame at 1,200 baud
constexpr std::size_t most_bytes = std::size_t{256} * 1024;

std::filesystem::path real_path(const std::filesystem::path& path) {
    std::error_code failed;
    auto real = std::filesystem::weakly_canonical(path, failed);
    return failed ? path : real;
}

/// Bytes and pauses of one stream, bounded.
class Ear {
public:
    Ear(std::unique_ptr<drivers::ByteStream> stream, std::ostream& errors)
        : stream_(std::move(stream)), errors_(errors) {
        stream_->start({.opened = [this](Instant) { ever_open_ = true; },
                        .bytes = [this](std::span<const std::uint8_t> bytes, Instant at) { heard(bytes, at); },
                        .damaged =
                            [this](Instant at) {
                                pause_before(at);
                                pieces_.push_back({RecordedPiece::What::damaged, {}, {}});
                            },
                        .lost = [this](const std::string& cause, Instant) { lost(cause); }});
    }
    ~Ear() { stream_->stop(); }
    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;

    [[nodiscard]] bool full() const { return bytes_ >= most_bytes; }
    [[nodiscard]] bool ever_open() const { return ever_open_; }
    [[nodiscard]] std::vector<RecordedPiece> take() { return std::move(pieces_); }

private:
    void pause_before(Instant at) {
        if (last_ && at - *last_ >= frame_gap) {
            pieces_.push_back({RecordedPiece::What::silence, {}, {}});
        }
        last_ = at;
    }

    void heard(std::span<const std::uint8_t> bytes, Instant at) {
        const bool goes_on =
            last_ && at - *last_ < frame_gap && !pieces_.empty() && pieces_.back().what == RecordedPiece::What::bytes;
        pause_before(at);
        if (!goes_on) {
            pieces_.push_back({RecordedPiece::What::bytes, {}, {}});
        }
        auto& piece = pieces_.back().bytes;
        piece.insert(piece.end(), bytes.begin(), bytes.end());
        bytes_ += bytes.size();
    }

    void lost(const std::string& cause) {
        if (cause != told_) {
            errors_ << cause << '\n';
            told_ = cause;
        }
    }

    std::unique_ptr<drivers::ByteStream> stream_;
    std::ostream& errors_;
    std::vector<RecordedPiece> pieces_;
    std::optional<Instant> last_;
    std::size_t bytes_ = 0;
    bool ever_open_ = false;
    std::string told_;
};

}  // namespace

bool is_place(const std::string& where) {
    return where.find('/') != std::string::npos || drivers::parse_endpoint(where).has_value();
}

std::optional<std::string> owned_by_daemon(const std::filesystem::path& control_socket, const std::string& where,
                                           std::ostream& errors) {
    std::ostringstream why;
    const auto answer = ask_daemon(control_socket, "devices", why);
    const auto read = answer ? read_answer(*answer, why) : std::nullopt;
    if (!read) {
        errors << "no daemon could be asked whether it has " << where << ": taken for free\n";
        return std::nullopt;
    }
    const bool is_path = where.find('/') != std::string::npos;
    for (const auto& bus : list_in(*read, "buses")) {
        const auto address = shown(bus, "address");
        if (is_path ? real_path(address) == real_path(where) : address == where) {
            return "the daemon has " + where + " as its bus " + shown(bus, "bus");
        }
    }
    return std::nullopt;
}

std::optional<std::vector<RecordedPiece>> listen(const ListenOptions& options, std::ostream& errors) {
    const auto endpoint = drivers::parse_endpoint(options.where);
    const auto line = drivers::parse_line_settings(options.line);
    if (!line) {
        errors << "'" << options.line << "' is no setting of a line: write it like 9600 8N1\n";
        return std::nullopt;
    }
    if (const auto owned = owned_by_daemon(options.control_socket, options.where, errors)) {
        errors << *owned << ": record its device by name\n";
        return std::nullopt;
    }
    boost::asio::io_context context;
    const runtime::SystemClock clock;
    std::unique_ptr<drivers::ByteStream> stream;
    if (endpoint) {
        stream = std::make_unique<drivers::TcpStream>(*endpoint, context, clock);
    } else {
        stream = std::make_unique<drivers::SerialPort>(options.where, *line, context, clock);
    }
    Ear ear{std::move(stream), errors};
    Interruptible until{options.seconds};
    while (!until.over() && !ear.full()) {
        context.restart();
        context.run_for(std::chrono::milliseconds{20});
    }
    if (!ear.ever_open()) {
        return std::nullopt;
    }
    return ear.take();
}

}  // namespace portcullis::cli
