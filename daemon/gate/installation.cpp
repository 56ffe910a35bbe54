#include "gate/installation.hpp"

#include <system_error>

namespace portcullis::gate {

std::filesystem::path installed_profiles() {
    std::error_code ignored;  // without /proc no profile is found there, and loading says so
    const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return (program.parent_path() / PORTCULLIS_PROFILES_FROM_PROGRAMS).lexically_normal();
}

}  // namespace portcullis::gate
