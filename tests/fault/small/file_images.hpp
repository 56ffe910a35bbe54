#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/fault/small/traced_files.hpp"

namespace portcullis::fault {

/// A directory as a cut leaves it.
struct FilesImage {
    std::map<int, std::string> contents;  ///< by file
    std::map<std::string, int> names;

    /// Makes `directory` hold it and nothing else.
    void lay_out(const std::filesystem::path& directory) const;
};

/// Every state in which a power cut, or a kill, can leave the files of a directory. Contents that were not synced may
/// be there, in part, or not; names that were not synced are there up to some point, since file systems keep their
/// order.
class FileImages {
public:
    /// `random`: states with a random part of what was not synced, at each cut point.
    FileImages(int random, std::uint32_t seed) : random_(random), dice_(seed) {}

    using State = std::function<void(std::size_t cut_point, const FilesImage&)>;
    void each(const std::vector<FileOperation>& operations, const State& state);

private:
    void states_at(std::size_t cut_point, const State& state);
    [[nodiscard]] FilesImage with(std::size_t names,
                                  const std::function<std::string(const FileOperation&)>& part) const;

    int random_;
    std::mt19937 dice_;
    FilesImage lasting_;
    std::vector<FileOperation> contents_;  ///< not synced
    std::vector<FileOperation> names_;     ///< not synced
};

}  // namespace portcullis::fault
