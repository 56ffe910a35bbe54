#include "tests/fault/kill/traced_day.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <system_error>
#include <utility>

namespace portcullis::fault {
namespace {

constexpr std::array changing_calls{
    SYS_pwrite64, SYS_write,     SYS_fsync,     SYS_fdatasync, SYS_ftruncate,
    SYS_unlinkat, SYS_renameat2, SYS_fallocate, SYS_openat,
#ifdef SYS_unlink
    SYS_unlink,   SYS_rename,    SYS_open,
#endif
};
/// What the kernel adds to SIGTRAP at a system call (PTRACE_O_TRACESYSGOOD).
constexpr int system_call_mark = 0x80;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

[[noreturn]] void play(DayPlan plan, int channel) {
    int code = 1;
    try {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 && ::raise(SIGSTOP) == 0) {
            plan.tell = [channel](const Word& word) {
                if (::write(channel, &word, sizeof word) != sizeof word) {
                    ::_exit(2);
                }
            };
            Day day{std::move(plan)};
            code = day.run() == DayEnd::ordered ? 0 : 3;
            if (code != 0) {
                std::cerr << "fault_kill: the day stopped: " << day.why() << '\n';
            }
        }
    } catch (const std::exception& error) {
        std::cerr << "fault_kill: " << error.what() << '\n';
    }
    ::_exit(code);
}

/// The call that the stopped process begins changes the disk; what it tells the world goes through `channel`.
bool begins_change(pid_t process, int channel) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, process, sizeof info, &info) <= 0) {
        fail("cannot look at a system call");
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) {
        return false;
    }
    const auto number = static_cast<long>(info.entry.nr);
    if (number == SYS_write && static_cast<int>(info.entry.args[0]) == channel) {
        return false;
    }
    return std::find(changing_calls.begin(), changing_calls.end(), number) != changing_calls.end();
}

void read_words(int channel, std::vector<Word>& words) {
    Word word;
    while (::read(channel, &word, sizeof word) == sizeof word) {
        words.push_back(word);
    }
}

void follow(pid_t process, int channel, std::int64_t kill_at, TracedDay& day) {
    int status = 0;
    if (::waitpid(process, &status, 0) != process ||
        ::ptrace(PTRACE_SETOPTIONS, process, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) {
        fail("cannot trace the day");
    }
    while (!WIFEXITED(status) && !WIFSIGNALED(status)) {
        if (WSTOPSIG(status) == (SIGTRAP | system_call_mark) && begins_change(process, channel) &&
            ++day.writing_calls == kill_at) {
            ::kill(process, SIGKILL);
        }
        // A process that was just killed is gone: the wait below says so.
        if (::ptrace(PTRACE_SYSCALL, process, nullptr, nullptr) != 0 && errno != ESRCH) {
            fail("cannot go on with the day");
        }
        if (::waitpid(process, &status, 0) != process) {
            fail("cannot wait for the day");
        }
    }
    day.killed = WIFSIGNALED(status);
    day.ordered = WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TracedDay run_traced(DayPlan plan, std::int64_t kill_at) {
    std::array<int, 2> channel{};
    if (::pipe2(channel.data(), O_CLOEXEC) != 0) {
        fail("cannot make a pipe");
    }
    const pid_t process = ::fork();
    if (process < 0) {
        fail("cannot start a process");
    }
    if (process == 0) {
        play(std::move(plan), channel[1]);
    }
    TracedDay day;
    follow(process, channel[1], kill_at, day);
    ::close(channel[1]);
    // All of a day's words have room in the pipe, so that it never waits for us.
    read_words(channel[0], day.words);
    ::close(channel[0]);
    return day;
}

}  // namespace portcullis::fault
