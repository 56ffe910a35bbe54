#include <sys/stat.h>

#include "settings/load_context.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {
namespace {

constexpr const char* handed_help =
    "write a path, or the name of a credential that the service is handed "
    "(docs/operations.md)";

/// A path as written, from the settings' folder on; a word without `/` names a credential of the service.
std::filesystem::path file_of(const std::string& written, const LoadContext& context) {
    if (written.find('/') != std::string::npos) {
        return (context.folder / written).lexically_normal();
    }
    const auto& given = context.surroundings.credentials_folder;
    return (given.empty() ? context.folder / "credentials" : given) / written;
}

/// One file in PEM form that holds a `marker`.
std::filesystem::path read_pem(const ConfigNode& node, std::string_view marker, LoadContext& context) {
    const auto written = node.text(context.problems);
    if (written.empty()) {
        if (node.kind() == ConfigNode::Kind::scalar) {
            node.report(context.problems, "no file is named", handed_help);
        }
        return {};
    }
    auto path = file_of(written, context);
    ConfigProblems unreadable;
    const auto text = read_text_file(path, unreadable);
    if (!text) {
        node.report(context.problems, path.string() + ": " + unreadable.all().front().what, handed_help);
        return path;
    }
    const auto begin = text->find("-----BEGIN ");
    const auto found = begin == std::string::npos ? begin : text->find(marker, begin);
    if (found == std::string::npos || text->find("-----END ", found) == std::string::npos) {
        node.report(context.problems, path.string() + " holds no " + std::string{marker.substr(0, marker.find('-'))},
                    "give a file in PEM form");
    }
    return path;
}

void check_key(const ConfigNode& node, const std::filesystem::path& path, LoadContext& context) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return;  // reported by then
    }
    if ((status.st_mode & S_IRWXO) != 0) {
        node.report(context.problems, path.string() + " is open to every user of this machine",
                    "chmod o= " + path.string() + ", and take a new key if others can log in here");
    }
    ConfigProblems ignored;
    const auto text = read_text_file(path, ignored);
    if (text && (text->find("ENCRYPTED PRIVATE KEY") != std::string::npos ||
                 text->find("Proc-Type: 4,ENCRYPTED") != std::string::npos)) {
        node.report(context.problems, path.string() + " is encrypted, and nobody types its password at start",
                    "store it decrypted, for the service's eyes only (docs/operations.md)");
    }
}

}  // namespace

std::optional<TlsSettings> read_tls(const ConfigNode& node, LoadContext& context) {
    auto& problems = context.problems;
    if (!node.expect(ConfigNode::Kind::map, problems)) {
        return std::nullopt;
    }
    TlsSettings tls;
    const auto* const ca = require_because(
        node, "ca", "say whom to trust: `ca: FILE`, or `ca: system` for the authorities of this machine", problems);
    if (ca != nullptr && !(ca->kind() == ConfigNode::Kind::scalar && ca->text(problems) == "system")) {
        tls.ca = read_pem(*ca, "CERTIFICATE-----", context);
    }
    const auto* const certificate = node.find("certificate");
    const auto* const key = node.find("key");
    if (certificate != nullptr) {
        tls.certificate = read_pem(*certificate, "CERTIFICATE-----", context);
    }
    if (key != nullptr) {
        tls.key = read_pem(*key, "PRIVATE KEY-----", context);
        check_key(*key, tls.key, context);
    }
    if ((certificate == nullptr) != (key == nullptr)) {
        node.report(problems, "a certificate and its key come together",
                    key == nullptr ? "add `key: FILE`" : "add `certificate: FILE`");
    }
    return tls;
}

}  // namespace portcullis::settings
