#include "tests/fault/small/traced_files.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace portcullis::fault {
namespace {

/// What the kernel adds to SIGTRAP at a system call (PTRACE_O_TRACESYSGOOD).
constexpr int system_call_mark = 0x80;
constexpr std::size_t longest_path = 4096;

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error{errno, std::generic_category(), what};
}

[[noreturn]] void play(const std::function<void(const TellFileWord&)>& work, int channel) {
    int code = 1;
    try {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 && ::raise(SIGSTOP) == 0) {
            work([channel](const FileWord& word) {
                if (::write(channel, &word, sizeof word) != sizeof word) {
                    ::_exit(2);
                }
            });
            code = 0;
        }
    } catch (const std::exception& error) {
        std::cerr << "fault_small: " << error.what() << '\n';
    }
    ::_exit(code);
}

/// Follows one process from stop to stop.
class Tracer {
public:
    Tracer(pid_t process, std::filesystem::path directory, int channel)
        : process_(process), directory_(std::move(directory)), channel_(channel) {}

    FilesTrace run() {
        int status = 0;
        if (::waitpid(process_, &status, 0) != process_ ||
            ::ptrace(PTRACE_SETOPTIONS, process_, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) {
            fail("cannot trace the process");
        }
        memory_ = ::open(("/proc/" + std::to_string(process_) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
        if (memory_ < 0) {
            fail("cannot read the process's memory");
        }
        while (!WIFEXITED(status) && !WIFSIGNALED(status)) {
            if (WSTOPSIG(status) == (SIGTRAP | system_call_mark)) {
                look();
            }
            if (::ptrace(PTRACE_SYSCALL, process_, nullptr, nullptr) != 0 ||
                ::waitpid(process_, &status, 0) != process_) {
                fail("cannot go on with the process");
            }
        }
        ::close(memory_);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            throw std::runtime_error{"the process that was traced did not end well"};
        }
        return std::move(trace_);
    }

private:
    using Kind = FileOperation::Kind;
    struct Open {
        int file = 0;
        bool is_directory = false;
        std::size_t place = 0;
    };

    void look() {
        __ptrace_syscall_info info{};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, process_, sizeof info, &info) <= 0) {
            fail("cannot look at a system call");
        }
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
            call_ = static_cast<long>(info.entry.nr);
            std::copy(std::begin(info.entry.args), std::end(info.entry.args), arguments_.begin());
        } else if (info.op == PTRACE_SYSCALL_INFO_EXIT && info.exit.rval >= 0) {
            done(info.exit.rval);
        }
    }

    void done(std::int64_t result) {
        switch (call_) {
#ifdef SYS_open
            case SYS_open:
                return opened(arguments_[0], arguments_[1], static_cast<int>(result));
            case SYS_unlink:
                return removed(arguments_[0]);
            case SYS_rename:
                return renamed(arguments_[0], arguments_[1]);
#endif
            case SYS_openat:
                return opened(arguments_[1], arguments_[2], static_cast<int>(result));
            case SYS_unlinkat:
                return removed(arguments_[1]);
            case SYS_renameat:
            case SYS_renameat2:
                return renamed(arguments_[1], arguments_[3]);
            case SYS_close:
                open_.erase(static_cast<int>(arguments_[0]));
                return;
            case SYS_write:
            case SYS_pwrite64:
                return written(static_cast<std::size_t>(result));
            case SYS_ftruncate:
                return resized(arguments_[1]);
            case SYS_fallocate:
                return resized(arguments_[2] + arguments_[3]);
            case SYS_fsync:
            case SYS_fdatasync:
                return synced();
            default:
                return;
        }
    }

    void opened(std::uint64_t path, std::uint64_t flags, int descriptor) {
        const auto text = text_at(path);
        if (text == directory_) {
            open_[descriptor] = {0, true, 0};
            return;
        }
        const auto name = name_of(text);
        if (!name) {
            return;
        }
        if (!names_.contains(*name)) {
            names_[*name] = ++files_;
            add({Kind::make, files_, 0, {}, *name, {}});
        } else if ((flags & O_TRUNC) != 0) {
            add({Kind::resize, names_[*name], 0, {}, {}, {}});
        }
        open_[descriptor] = {names_[*name], false, 0};
    }
    void removed(std::uint64_t path) {
        if (const auto name = name_of(text_at(path)); name && names_.erase(*name) > 0) {
            add({Kind::remove, 0, 0, {}, *name, {}});
        }
    }
    void renamed(std::uint64_t from, std::uint64_t to) {
        const auto name = name_of(text_at(from));
        const auto target = name_of(text_at(to));
        if (name && target) {
            names_[*target] = names_.at(*name);
            names_.erase(*name);
            add({Kind::rename, 0, 0, {}, *name, *target});
        }
    }
    void written(std::size_t size) {
        const auto descriptor = static_cast<int>(arguments_[0]);
        if (descriptor == channel_) {
            FileWord word;
            const auto bytes = bytes_at(arguments_[1], size);
            std::memcpy(&word, bytes.data(), std::min(sizeof word, bytes.size()));
            trace_.words.push_back({word, trace_.operations.size()});
        } else if (const auto found = open_.find(descriptor); found != open_.end()) {
            const auto at = call_ == SYS_pwrite64 ? arguments_[3] : found->second.place;
            found->second.place += call_ == SYS_pwrite64 ? 0 : size;
            add({Kind::write, found->second.file, at, bytes_at(arguments_[1], size), {}, {}});
        }
    }
    void resized(std::size_t size) {
        if (const auto found = open_.find(static_cast<int>(arguments_[0])); found != open_.end()) {
            add({Kind::resize, found->second.file, size, {}, {}, {}});
        }
    }
    void synced() {
        if (const auto found = open_.find(static_cast<int>(arguments_[0])); found != open_.end()) {
            add({found->second.is_directory ? Kind::sync_directory : Kind::sync, found->second.file, 0, {}, {}, {}});
        }
    }

    void add(FileOperation operation) {
        trace_.operations.push_back(std::move(operation));
    }

    /// The name of a file that lies in the directory itself.
    [[nodiscard]] std::optional<std::string> name_of(const std::filesystem::path& path) const {
        return path.parent_path() == directory_ ? std::optional{path.filename().string()} : std::nullopt;
    }
    [[nodiscard]] std::string bytes_at(std::uint64_t address, std::size_t size) const {
        std::string bytes(size, '\0');
        const auto count = ::pread(memory_, bytes.data(), size, static_cast<off_t>(address));
        bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
        return bytes;
    }
    [[nodiscard]] std::string text_at(std::uint64_t address) const {
        const auto bytes = bytes_at(address, longest_path);
        return bytes.substr(0, bytes.find('\0'));
    }

    pid_t process_;
    std::filesystem::path directory_;
    int channel_;
    int memory_ = -1;
    long call_ = 0;
    std::array<std::uint64_t, 6> arguments_{};
    std::map<int, Open> open_;
    std::map<std::string, int> names_;
    int files_ = 0;
    FilesTrace trace_;
};

}  // namespace

FilesTrace trace_files(const std::filesystem::path& directory, const std::function<void(const TellFileWord&)>& work) {
    std::array<int, 2> channel{};
    if (::pipe2(channel.data(), O_CLOEXEC) != 0) {
        fail("cannot make a pipe");
    }
    const pid_t process = ::fork();
    if (process < 0) {
        fail("cannot start a process");
    }
    if (process == 0) {
        play(work, channel[1]);
    }
    auto trace = Tracer{process, directory, channel[1]}.run();
    ::close(channel[0]);
    ::close(channel[1]);
    return trace;
}

}  // namespace portcullis::fault
