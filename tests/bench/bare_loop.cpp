#include "tests/bench/bare_loop.hpp"

#include <fcntl.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <sqlite3.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace portcullis::bench {

namespace {

constexpr int coil = 16;
constexpr long poll_ns = 20'000'000;

void must(int code, sqlite3* database, const char* what) {
    if (code != SQLITE_OK && code != SQLITE_DONE) {
        throw std::runtime_error{std::string{what} + ": " + sqlite3_errmsg(database)};
    }
}

}  // namespace

struct BareLoop::Handles {
    sqlite3* database = nullptr;
    sqlite3_stmt* insert = nullptr;
    modbus_t* modbus = nullptr;
    int line = -1;
    int timer = -1;

    Handles() = default;
    Handles(const Handles&) = delete;
    Handles& operator=(const Handles&) = delete;
    ~Handles() {
        sqlite3_finalize(insert);
        sqlite3_close(database);
        if (modbus != nullptr) {
            modbus_close(modbus);
            modbus_free(modbus);
        }
        for (const int handle : {line, timer}) {
            if (handle >= 0) {
                ::close(handle);
            }
        }
    }
};

BareLoop::BareLoop(boost::asio::io_context& context, const runtime::Clock& clock, const std::filesystem::path& folder,
                   bool pushed)
    : clock_(clock),
      pushed_(pushed),
      io_(context, 0, {}),
      line_(context),
      handles_(std::make_unique<Handles>()),
      worker_({"floor", 1, std::chrono::hours{24}}, clock) {
    auto& h = *handles_;
    must(sqlite3_open((folder / (pushed ? "floor-pushed.db" : "floor-polled.db")).c_str(), &h.database), h.database,
         "the floor's database");
    must(sqlite3_exec(h.database,
                      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE event(sequence INTEGER PRIMARY KEY, body BLOB) STRICT;",
                      nullptr, nullptr, nullptr),
         h.database, "the floor's table");
    must(sqlite3_prepare_v2(h.database, "INSERT INTO event(body) VALUES (?)", -1, &h.insert, nullptr), h.database,
         "the floor's insert");
    h.line = ::open(line_.path().c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    h.modbus = modbus_new_tcp("127.0.0.1", io_.port());
    h.timer = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const itimerspec rhythm{{0, poll_ns}, {0, poll_ns}};
    if (h.modbus == nullptr || h.line < 0 || ::timerfd_settime(h.timer, 0, &rhythm, nullptr) != 0) {
        throw std::runtime_error{"the floor's line and module"};
    }
    modbus_set_slave(h.modbus, 1);
    io_.before_write([this](std::size_t, bool high) {
        if (high && measured_) {
            const auto took = clock_.now().instant - began_;
            std::exchange(measured_, nullptr)(std::chrono::duration<double, std::milli>(took).count());
        }
    });
    if (!worker_.post([this] { run(); })) {
        throw std::runtime_error{"the floor's thread"};
    }
}

BareLoop::~BareLoop() {
    stop_ = true;
    worker_.stop();
}

void BareLoop::edge(Measured measured) {
    measured_ = std::move(measured);
    began_ = clock_.now().instant;
    if (pushed_) {
        line_.send("D12345,96\r\n");
    } else {
        io_.set_input(0, !io_.input(0));
    }
}

void BareLoop::run() {
    if (modbus_connect(handles_->modbus) != 0) {
        return;  // the context's end has cut it; nothing is measured then
    }
    while (!stop_) {
        pushed_ ? wait_for_line() : poll_for_edge();
    }
}

void BareLoop::poll_for_edge() {
    std::uint8_t before = 0;
    modbus_read_bits(handles_->modbus, 0, 1, &before);
    while (!stop_) {
        std::uint64_t rung = 0;
        if (::read(handles_->timer, &rung, sizeof rung) != sizeof rung) {
            return;
        }
        std::uint8_t now = 0;
        if (modbus_read_bits(handles_->modbus, 0, 1, &now) == 1 && now != std::exchange(before, now)) {
            act();
        }
    }
}

void BareLoop::wait_for_line() {
    pollfd waiting{handles_->line, POLLIN, 0};
    if (::poll(&waiting, 1, 100) == 1 && line_came()) {
        act();
    }
}

bool BareLoop::line_came() const {
    char bytes[64];
    const auto got = ::read(handles_->line, bytes, sizeof bytes);
    return got > 0 && bytes[got - 1] == '\n';
}

void BareLoop::act() {
    auto& h = *handles_;
    const std::string body(commit_bytes_, 'x');
    sqlite3_bind_blob(h.insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_TRANSIENT);
    must(sqlite3_step(h.insert), h.database, "the floor's commit");
    sqlite3_reset(h.insert);
    modbus_write_bit(h.modbus, coil, 1);
    modbus_write_bit(h.modbus, coil, 0);
}

}  // namespace portcullis::bench
