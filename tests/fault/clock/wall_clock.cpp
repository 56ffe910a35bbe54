// Stands before a program (LD_PRELOAD) and moves its wall clock by the seconds in a file, which may change at any time.
// The steady clocks stay. (libfaketime also shifts timers of the steady clock where the wall clock is behind the true
// one: those of Asio then never ring.) A wait that is under way keeps its length; one that begins ends by the moved
// clock, as it would by the kernel's.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

/// In shared memory with whoever moves the clock.
const volatile std::int64_t* offset_file() {
    const char* name = std::getenv("FAULT_WALL_CLOCK");
    const int file = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        std::abort();  // a test that believes its clock moved must not go on
    }
    void* mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) {
        std::abort();
    }
    return static_cast<const volatile std::int64_t*>(mapped);
}

std::int64_t offset_s() {
    static const volatile std::int64_t* const offset = offset_file();
    return *offset;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
    const auto code = static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
    if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        time->tv_sec += offset_s();
    }
    return code;
}

int gettimeofday(struct timeval* __restrict time, void* __restrict) noexcept {
    timespec now{};
    const int code = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return code;
}

time_t time(time_t* into) noexcept {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (into != nullptr) {
        *into = now.tv_sec;
    }
    return now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           const struct timespec* __restrict until) {
    using Wait = int (*)(pthread_cond_t*, pthread_mutex_t*, const struct timespec*);
    static const auto wait = reinterpret_cast<Wait>(::dlsym(RTLD_NEXT, "pthread_cond_timedwait"));
    timespec moved = *until;
    moved.tv_sec -= offset_s();
    return wait(condition, mutex, &moved);
}
}
