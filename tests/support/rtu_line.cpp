#include "tests/support/rtu_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace portcullis::testing {

namespace {

constexpr std::size_t question_size = 8;
constexpr std::size_t most_questions_kept = 4096;
constexpr std::chrono::microseconds nap{200};

std::uint16_t check_of_line(const RtuLine::Bytes& bytes) {
    unsigned crc = 0xFFFF;
    for (const auto byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xA001U : crc >> 1U;
        }
    }
    return static_cast<std::uint16_t>(crc);
}

}  // namespace

RtuLine::Bytes RtuLine::with_check(Bytes frame) {
    const auto check = check_of_line(frame);
    frame.push_back(static_cast<std::uint8_t>(check & 0xFFU));
    frame.push_back(static_cast<std::uint8_t>(check >> 8U));
    return frame;
}

RtuLine::RtuLine() {
    open();
    thread_ = std::thread{[this] { run(); }};
}

RtuLine::~RtuLine() {
    ended_ = true;
    thread_.join();
    close();
}

void RtuLine::open() {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    std::array<char, 128> name{};
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0 ||
        ::ptsname_r(master_, name.data(), name.size()) != 0) {
        throw std::runtime_error("no pty for an RTU line");
    }
    path_ = name.data();
    slave_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios line{};
    ::tcgetattr(slave_, &line);
    ::cfmakeraw(&line);
    ::tcsetattr(slave_, TCSANOW, &line);
}

void RtuLine::close() {
    for (auto* descriptor : {&master_, &slave_}) {
        if (*descriptor >= 0) {
            ::close(std::exchange(*descriptor, -1));
        }
    }
}

std::string RtuLine::path() const {
    const std::lock_guard held{mutex_};
    return path_;
}

void RtuLine::script(Script script) {
    const std::lock_guard held{mutex_};
    script_ = std::move(script);
}

void RtuLine::change(const std::function<void(simulators::RegisterBank&)>& change) {
    const std::lock_guard held{mutex_};
    change(bank_);
}

void RtuLine::say(const Bytes& bytes) {
    const std::lock_guard held{mutex_};
    send(bytes);
}

void RtuLine::babble(Bytes bytes, std::chrono::microseconds every) {
    const std::lock_guard held{mutex_};
    babbled_ = std::move(bytes);
    babble_every_ = every;
    babble_at_ = Clock::now();
}

void RtuLine::unplug() {
    const std::lock_guard held{mutex_};
    due_.clear();
    heard_.clear();
    close();
}

void RtuLine::replug() {
    const std::lock_guard held{mutex_};
    close();
    open();
}

std::vector<RtuLine::Bytes> RtuLine::questions() const {
    const std::lock_guard held{mutex_};
    return questions_;
}

void RtuLine::run() {
    while (!ended_) {
        auto wait = std::chrono::microseconds{5000};
        pollfd ready{.fd = -1, .events = POLLIN, .revents = 0};
        {
            const std::lock_guard held{mutex_};
            send_due();
            const auto until = [&wait](Clock::time_point at) {
                const auto left = std::chrono::duration_cast<std::chrono::microseconds>(at - Clock::now());
                wait = std::clamp(left, nap, wait);
            };
            if (!due_.empty()) {
                until(due_.front().at);
            }
            if (!babbled_.empty()) {
                until(babble_at_);
            }
            ready.fd = master_;
        }
        const timespec limit{.tv_sec = 0, .tv_nsec = wait.count() * 1000};
        if (::ppoll(&ready, 1, &limit, nullptr) > 0 && (ready.revents & POLLIN) != 0) {
            const std::lock_guard held{mutex_};
            take();
        }
    }
}

void RtuLine::take() {
    std::array<std::uint8_t, 512> buffer{};
    const auto count = master_ < 0 ? 0 : ::read(master_, buffer.data(), buffer.size());
    if (count <= 0) {
        return;
    }
    heard_.insert(heard_.end(), buffer.begin(), buffer.begin() + count);
    while (heard_.size() >= question_size) {
        const Bytes question{heard_.begin(), heard_.begin() + question_size};
        heard_.erase(heard_.begin(), heard_.begin() + question_size);
        if (questions_.size() < most_questions_kept) {
            questions_.push_back(question);
        }
        Bytes honest{question[0]};
        const auto pdu = bank_.answer(std::span{question}.subspan(1, question_size - 3));
        honest.insert(honest.end(), pdu.begin(), pdu.end());
        honest = with_check(std::move(honest));
        const auto pieces = script_ ? script_(question, honest) : std::vector<Piece>{{honest}};
        const auto asked = Clock::now();
        for (const auto& piece : pieces) {
            due_.push_back({.at = asked + piece.after, .bytes = piece.bytes, .pulls_out = piece.pulls_out});
        }
    }
    send_due();
}

void RtuLine::send(const Bytes& bytes) const {
    if (master_ >= 0) {
        (void)!::write(master_, bytes.data(), bytes.size());  // a full pty drops them, as a UART would
    }
}

void RtuLine::send_due() {
    while (!due_.empty() && due_.front().at <= Clock::now()) {
        const auto due = std::move(due_.front());
        due_.pop_front();
        if (due.pulls_out) {
            due_.clear();
            close();
        } else {
            send(due.bytes);
        }
    }
    while (!babbled_.empty() && babble_at_ <= Clock::now()) {
        send(babbled_);
        babble_at_ += babble_every_;
    }
}

}  // namespace portcullis::testing
