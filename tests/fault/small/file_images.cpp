#include "tests/fault/small/file_images.hpp"

#include <algorithm>
#include <fstream>

namespace portcullis::fault {
namespace {

using Kind = FileOperation::Kind;

void put(const FileOperation& operation, FilesImage& image) {
    switch (operation.kind) {
        case Kind::write: {
            auto& bytes = image.contents[operation.file];
            bytes.resize(std::max(bytes.size(), operation.offset + operation.bytes.size()));
            bytes.replace(operation.offset, operation.bytes.size(), operation.bytes);
            break;
        }
        case Kind::resize:
            image.contents[operation.file].resize(operation.offset);
            break;
        case Kind::make:
            image.names[operation.name] = operation.file;
            break;
        case Kind::rename:
            image.names[operation.to] = image.names.at(operation.name);
            image.names.erase(operation.name);
            break;
        case Kind::remove:
            image.names.erase(operation.name);
            break;
        case Kind::sync:
        case Kind::sync_directory:
            break;
    }
}

}  // namespace

void FilesImage::lay_out(const std::filesystem::path& directory) const {
    for (const auto& entry : std::filesystem::directory_iterator{directory}) {
        std::filesystem::remove(entry.path());
    }
    for (const auto& [name, file] : names) {
        std::ofstream stream{directory / name, std::ios::binary};
        if (const auto found = contents.find(file); found != contents.end()) {
            stream << found->second;
        }
    }
}

void FileImages::each(const std::vector<FileOperation>& operations, const State& state) {
    states_at(0, state);
    for (std::size_t done = 0; done < operations.size(); ++done) {
        const auto& operation = operations[done];
        switch (operation.kind) {
            case Kind::sync: {
                const auto others = std::stable_partition(contents_.begin(), contents_.end(), [&](const auto& pending) {
                    return pending.file == operation.file;
                });
                std::for_each(contents_.begin(), others, [this](const auto& pending) { put(pending, lasting_); });
                contents_.erase(contents_.begin(), others);
                break;
            }
            case Kind::sync_directory:
                std::ranges::for_each(names_, [this](const auto& pending) { put(pending, lasting_); });
                names_.clear();
                break;
            case Kind::write:
            case Kind::resize:
                contents_.push_back(operation);
                break;
            case Kind::make:
            case Kind::rename:
            case Kind::remove:
                names_.push_back(operation);
                break;
        }
        states_at(done + 1, state);
    }
}

FilesImage FileImages::with(std::size_t names, const std::function<std::string(const FileOperation&)>& part) const {
    auto image = lasting_;
    std::for_each(names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(names),
                  [&](const auto& pending) { put(pending, image); });
    for (auto pending : contents_) {
        if (pending.kind == Kind::resize || !(pending.bytes = part(pending)).empty()) {
            put(pending, image);
        }
    }
    return image;
}

void FileImages::states_at(std::size_t cut_point, const State& state) {
    const auto nothing = [](const FileOperation&) { return std::string{}; };
    const auto all = [](const FileOperation& write) { return write.bytes; };
    state(cut_point, with(names_.size(), all));  // a kill
    if (contents_.empty() && names_.empty()) {
        return;
    }
    state(cut_point, lasting_);
    state(cut_point, with(names_.size(), nothing));
    state(cut_point, with(0, all));
    for (int i = 0; i < random_; ++i) {
        const auto names = dice_() % (names_.size() + 1);
        state(cut_point, with(names, [this](const FileOperation& write) {
                  return write.bytes.substr(0, dice_() % (write.bytes.size() + 1));
              }));
    }
}

}  // namespace portcullis::fault
