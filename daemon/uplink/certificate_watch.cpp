#include "uplink/certificate_watch.hpp"

#include <sys/stat.h>

#include <array>
#include <fstream>
#include <utility>

namespace portcullis::uplink {
namespace {

constexpr const char* certificate_marker = "CERTIFICATE-----";
constexpr const char* key_marker = "PRIVATE KEY-----";
/// More than any chain of certificates has.
constexpr std::size_t largest_pem = std::size_t{1024} * 1024;

}  // namespace

std::string pem_problem(const std::string& path, const std::string& marker) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        return path + " cannot be read";
    }
    std::string text(largest_pem, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const auto begin = text.find("-----BEGIN ");
    const auto marked = begin == std::string::npos ? begin : text.find(marker, begin);
    const auto end = marked == std::string::npos ? marked : text.find("-----END ", marked);
    return end == std::string::npos || text.find(marker, end) == std::string::npos
               ? path + " does not hold a whole " + marker.substr(0, marker.find('-')) + " in PEM form"
               : std::string{};
}

CertificateWatch::CertificateWatch(TlsFiles files) : files_(std::move(files)) {
    taken();
}

void CertificateWatch::taken() {
    used_ = marks();
    seen_ = used_;
}

CertificateWatch::Found CertificateWatch::look() {
    auto now = marks();
    if (now == used_) {
        seen_ = std::move(now);
        return {};
    }
    if (now != seen_) {
        seen_ = std::move(now);
        return {CertificateLook::moving, {}};
    }
    auto what = problem();
    return what.empty() ? Found{CertificateLook::changed, {}} : Found{CertificateLook::unreadable, std::move(what)};
}

std::vector<CertificateWatch::Mark> CertificateWatch::marks() const {
    std::vector<Mark> found;
    for (const auto* path : {&files_.ca, &files_.certificate, &files_.key}) {
        Mark mark;
        struct stat status {};
        if (!path->empty() && ::stat(path->c_str(), &status) == 0) {
            constexpr std::int64_t second_ns = 1'000'000'000;
            mark = {status.st_dev, status.st_ino, status.st_size,
                    status.st_mtim.tv_sec * second_ns + status.st_mtim.tv_nsec};
        }
        found.push_back(mark);
    }
    return found;
}

std::string CertificateWatch::problem() const {
    const std::array<std::pair<const std::string*, const char*>, 3> needed{
        {{&files_.ca, certificate_marker}, {&files_.certificate, certificate_marker}, {&files_.key, key_marker}}};
    for (const auto& [path, marker] : needed) {
        if (path->empty()) {
            continue;
        }
        if (auto what = pem_problem(*path, marker); !what.empty()) {
            return what;
        }
    }
    return {};
}

}  // namespace portcullis::uplink
