#include "simulators/rig/child_process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace portcullis::rig {

namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

/// In the child: only calls that are safe between fork and exec.
[[noreturn]] void become(const std::vector<char*>& arguments, const std::vector<char*>& environment, int output,
                         pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);  // Ctrl-C is for us: we end our children in order
    if (::getppid() != parent || ::dup2(output, 1) < 0 || ::dup2(output, 2) < 0) {
        ::_exit(127);
    }
    ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    std::transform(texts.begin(), texts.end(), std::back_inserter(all), [](std::string& text) { return text.data(); });
    all.push_back(nullptr);
    return all;
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> arguments, const std::filesystem::path& output,
                           const std::map<std::string, std::string>& environment) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) {
        variables.push_back(name + "=" + value);
    }
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string text{*variable};
        if (!environment.contains(text.substr(0, text.find('=')))) {
            variables.push_back(text);
        }
    }
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) {
        fail("cannot write " + output.string());
    }
    const auto argument_pointers = pointers(arguments);
    const auto variable_pointers = pointers(variables);
    const auto parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        become(argument_pointers, variable_pointers, file, parent);
    }
    ::close(file);
    if (pid_ < 0) {
        fail("cannot start " + arguments[0]);
    }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_code_(other.exit_code_) {}

ChildProcess::~ChildProcess() {
    if (pid_ > 0 && !ended()) {
        signal(SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

void ChildProcess::signal(int number) const {
    if (pid_ > 0 && !exit_code_) {
        ::kill(pid_, number);
    }
}

std::optional<int> ChildProcess::ended() {
    int status = 0;
    if (!exit_code_ && pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
        exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return exit_code_;
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds patience) {
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    if (handle >= 0) {
        pollfd waiting{handle, POLLIN, 0};
        ::poll(&waiting, 1, static_cast<int>(patience.count()));
        ::close(handle);
    }
    return ended();
}

int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (probe < 0 || ::bind(probe, generic, size) != 0 || ::getsockname(probe, generic, &size) != 0) {
        fail("no free TCP port on loopback");
    }
    ::close(probe);
    return ntohs(address.sin_port);
}

}  // namespace portcullis::rig
