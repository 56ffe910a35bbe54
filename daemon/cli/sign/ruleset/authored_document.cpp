#include "cli/sign/ruleset/authored_document.hpp"

#include <fstream>

#include "cli/sign/sealing.hpp"

namespace portcullis::sign {

int refuse(std::ostream& errors, std::string_view problem) {
    errors << "portcullis-sign: " << problem << "\n";
    return 1;
}

int put_text(const AuthoredOptions& options, const std::string& text, std::ostream& out, std::ostream& errors) {
    if (options.out.empty()) {
        out << text << std::flush;
        return out.good() ? 0 : refuse(errors, "standard output cannot be written");
    }
    std::ofstream file{options.out, std::ios::binary | std::ios::trunc};
    file << text << std::flush;
    return file.good() ? 0 : refuse(errors, options.out.string() + ": cannot be written");
}

std::optional<std::string> payload_in(const std::filesystem::path& path, std::size_t most) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    std::string text(most + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return file.bad() || text.size() > most ? std::nullopt : std::optional{std::move(text)};
}

int put_sealed(const AuthoredOptions& options, std::string_view kind, const std::string& payload, std::ostream& out,
               std::ostream& errors) {
    const auto sealed = seal(kind, payload, options.keys);
    return sealed ? put_text(options, *sealed, out, errors) : refuse(errors, sealed.error());
}

}  // namespace portcullis::sign
