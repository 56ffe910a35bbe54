#include "cli/own_name.hpp"

#include <unistd.h>

#include <cstdlib>

namespace portcullis::cli {

std::string own_name() {
    for (const auto* variable : {"SUDO_USER", "USER"}) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): before anything else has begun
        if (const char* const name = std::getenv(variable); name != nullptr && *name != '\0') {
            return name;
        }
    }
    return "uid-" + std::to_string(::getuid());
}

}  // namespace portcullis::cli
