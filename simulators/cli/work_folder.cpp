#include "simulators/cli/work_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace portcullis::simulators {

WorkFolder::WorkFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "portcullis-sim-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw std::system_error{errno, std::generic_category(), "cannot make " + pattern};
    }
    path_ = pattern;
}

WorkFolder::~WorkFolder() {
    if (!kept_) {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
}

}  // namespace portcullis::simulators
