#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace portcullis::testing {

/// A file of the source tree (tests run in its root).
inline std::string file_text(const std::string& path) {
    std::ifstream file{path};
    if (!file) {
        throw std::runtime_error{path + " cannot be read"};
    }
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace portcullis::testing
