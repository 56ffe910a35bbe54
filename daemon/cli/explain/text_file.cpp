#include "cli/explain/text_file.hpp"

#include <fstream>

namespace portcullis::cli {

std::optional<std::string> bytes_of(const std::filesystem::path& path, std::size_t most) {
    std::ifstream file{path, std::ios::binary};
    std::string text(most + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (file.bad() || text.empty() || text.size() > most) {
        return std::nullopt;
    }
    return text;
}

}  // namespace portcullis::cli
