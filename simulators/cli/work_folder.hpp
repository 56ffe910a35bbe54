#pragma once

#include <filesystem>

namespace portcullis::simulators {

/// A new folder below the system's temporary one, gone with its object unless it is kept.
class WorkFolder {
public:
    /// Throws std::system_error.
    WorkFolder();
    ~WorkFolder();
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    WorkFolder(WorkFolder&&) = delete;
    WorkFolder& operator=(WorkFolder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    void keep() { kept_ = true; }

private:
    std::filesystem::path path_;
    bool kept_ = false;
};

}  // namespace portcullis::simulators
