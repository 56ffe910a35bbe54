#include "runtime/worker.hpp"

#include <pthread.h>

#include <utility>

#include "runtime/signals_blocked.hpp"

namespace portcullis::runtime {

namespace {

constexpr std::size_t kernel_name_length = 15;

}  // namespace

Worker::Worker(Settings settings, const Clock& clock) : settings_(std::move(settings)), clock_(clock) {
    start();
}

Worker::~Worker() {
    stop();
}

void Worker::start() {
    const AllSignalsBlocked blocked;
    thread_ = std::thread{[this] { run(); }};
    pthread_setname_np(thread_.native_handle(), settings_.name.substr(0, kernel_name_length).c_str());
}

bool Worker::post(std::function<void()> work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || queue_.size() >= settings_.capacity) {
            return false;
        }
        queue_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
}

void Worker::begin_stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
}

bool Worker::ended_within(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    return end_.wait_for(lock, limit, [this] { return ended_; });
}

void Worker::stop() {
    begin_stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

WorkerProgress Worker::progress() const {
    WorkerProgress progress{.busy_since = std::nullopt, .allowed = settings_.allowed, .waiting = 0};
    {
        const std::lock_guard lock{mutex_};
        progress.waiting = queue_.size();
    }
    const auto since = busy_since_ns_.load();
    if (since != idle) {
        progress.busy_since = Instant{std::chrono::nanoseconds{since}};
    }
    return progress;
}

std::function<void()> Worker::take() {
    std::unique_lock lock{mutex_};
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) {
        return {};
    }
    auto work = std::move(queue_.front());
    queue_.pop_front();
    busy_since_ns_.store(clock_.now().instant.time_since_epoch().count());
    return work;
}

void Worker::run() {
    while (auto work = take()) {
        work();
        work = nullptr;  // what it holds ends before the worker calls itself idle
        busy_since_ns_.store(idle);
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
    end_.notify_all();
}

}  // namespace portcullis::runtime
