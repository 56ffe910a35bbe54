#include "runtime/worker.hpp"

#include <pthread.h>

#include <utility>

#include "runtime/signals_blocked.hpp"

namespace portcullis::runtime {

namespace {

constexpr std::size_t kernel_name_length = 15;

std::thread run_on_a_thread(const std::string& name, std::function<void()> run) {
    const AllSignalsBlocked blocked;
    std::thread thread{std::move(run)};
    pthread_setname_np(thread.native_handle(), name.substr(0, kernel_name_length).c_str());
    return thread;
}

}  // namespace

Worker::Worker(Settings settings, const Clock& clock) : Worker(std::move(settings), clock, run_on_a_thread) {}

Worker::Worker(Settings settings, const Clock& clock, const Starter& starter)
    : settings_(std::move(settings)), clock_(clock) {
    thread_ = starter(settings_.name, [this] { run(); });
}

Worker::~Worker() {
    stop();
}

bool Worker::post(std::function<void()> work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || queue_.size() >= settings_.capacity) {
            return false;
        }
        if (queue_.empty() && !busy_since_) {
            turn_since_ = instant();
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
    const std::lock_guard lock{mutex_};
    WorkerProgress progress{.busy_since = busy_since_, .allowed = settings_.allowed, .waiting = queue_.size()};
    if (!busy_since_ && !queue_.empty()) {
        progress.left_since = turn_since_;
    }
    return progress;
}

/// Comes back for more: what was taken before is over.
std::function<void()> Worker::take() {
    std::unique_lock lock{mutex_};
    if (std::exchange(busy_since_, std::nullopt)) {
        turn_since_ = instant();
    }
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) {
        return {};
    }
    auto work = std::move(queue_.front());
    queue_.pop_front();
    busy_since_ = instant();
    return work;
}

void Worker::run() {
    while (auto work = take()) {
        work();
        work = nullptr;  // what it holds ends before the worker calls itself idle
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
    end_.notify_all();
}

}  // namespace portcullis::runtime
