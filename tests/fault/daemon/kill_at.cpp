// Stands before a program (LD_PRELOAD) and kills it at the entry of its n-th call, of whatever thread, that changes the
// disk (n = FAULT_KILL_AT): SIGKILL, so that nothing of the program runs after it.
#include <dlfcn.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace {

long kill_at() {
    const char* text = std::getenv("FAULT_KILL_AT");
    const long at = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
    if (at <= 0) {
        std::abort();  // a test that believes in a kill must not go on without one
    }
    return at;
}

void count() {
    static const long at = kill_at();
    static std::atomic<long> calls{0};
    if (++calls == at) {
        ::kill(::getpid(), SIGKILL);
    }
}

template <typename Call>
Call next(const char* name) {
    return reinterpret_cast<Call>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t place) {
    static const auto call = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    count();
    return call(file, bytes, size, place);
}

int fdatasync(int file) {
    static const auto call = next<int (*)(int)>("fdatasync");
    count();
    return call(file);
}

int fsync(int file) {
    static const auto call = next<int (*)(int)>("fsync");
    count();
    return call(file);
}

int ftruncate64(int file, off64_t size) noexcept {
    static const auto call = next<int (*)(int, off64_t)>("ftruncate64");
    count();
    return call(file, size);
}

int rename(const char* from, const char* to) noexcept {
    static const auto call = next<int (*)(const char*, const char*)>("rename");
    count();
    return call(from, to);
}
}
