// Stands before a program (LD_PRELOAD). Once the file HANG_WHEN is there, the program's thread HANG_THREAD never comes
// back from the call that its work waits in: a disk that does not answer, a socket, a lock inside the MQTT library.
#include <dlfcn.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

namespace {

void hang_if_asked() {
    const char* thread = std::getenv("HANG_THREAD");
    const char* when = std::getenv("HANG_WHEN");
    std::array<char, 16> name{};
    if (thread == nullptr || when == nullptr || ::pthread_getname_np(::pthread_self(), name.data(), name.size()) != 0 ||
        !std::string_view{name.data()}.starts_with(thread) || ::access(when, F_OK) != 0) {
        return;
    }
    for (;;) {
        ::pause();
    }
}

template <typename Call>
Call next(const char* name) {
    return reinterpret_cast<Call>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fdatasync(int file) {
    static const auto call = next<int (*)(int)>("fdatasync");
    hang_if_asked();
    return call(file);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t offset) {
    static const auto call = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
    hang_if_asked();
    return call(file, bytes, size, offset);
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
    static const auto call = next<ssize_t (*)(int, const void*, size_t, int)>("send");
    hang_if_asked();
    return call(socket, bytes, size, flags);
}

// NOLINTNEXTLINE(readability-identifier-naming): the name of Paho's own, which it stands before
int MQTTAsync_sendMessage(void* client, const char* topic, const void* message, void* options) {
    static const auto call = next<int (*)(void*, const char*, const void*, void*)>("MQTTAsync_sendMessage");
    hang_if_asked();
    return call(client, topic, message, options);
}
}
