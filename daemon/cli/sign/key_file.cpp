#include "cli/sign/key_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace portcullis::sign {
namespace {

namespace fs = std::filesystem;

std::string error_text(const fs::path& path, int error) {
    return path.string() + ": " + std::generic_category().message(error);
}

}  // namespace

std::string write_key_file(const fs::path& path, const trust::SigningKey& key) {
    return write_secret_file(path, key.seed_text() + "\n");
}

std::string write_secret_file(const fs::path& path, const std::string& text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) {
        return error_text(path, errno);
    }
    const auto written = ::write(file, text.data(), text.size());
    const bool kept = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int error = kept ? 0 : errno;
    ::close(file);
    if (!kept) {
        fs::remove(path);
        return error_text(path, error);
    }
    return {};
}

Result<trust::SigningKey, std::string> read_key_file(const fs::path& path) {
    std::error_code error;
    const auto status = fs::status(path, error);
    if (error) {
        return Failure{error_text(path, error.value())};
    }
    if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
        return Failure{path.string() + ": others than its owner may use it: chmod 600 " + path.string()};
    }
    std::ifstream file{path};
    std::string line;
    std::getline(file, line);
    auto key = trust::SigningKey::from_seed(line);
    if (!key) {
        return Failure{path.string() + ": is no key of portcullis-sign keygen (one line of 64 hex digits)"};
    }
    return std::move(*key);
}

}  // namespace portcullis::sign
