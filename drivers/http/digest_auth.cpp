#include "drivers/http/digest_auth.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/detail/base64.hpp>
#include <cctype>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>

#include "core/hash256.hpp"

namespace portcullis::drivers {

namespace {

constexpr std::size_t longest_field = 4096;

std::string lower(std::string_view text) {
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return out;
}

bool is_token(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

/// Reads one field from its front: `Digest realm="a", nonce="b", Basic realm="c"`.
class FieldReader {
public:
    explicit FieldReader(std::string_view text) : rest_(text) {}

    void skip() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t' || rest_.front() == ',')) {
            rest_.remove_prefix(1);
        }
    }
    [[nodiscard]] bool done() const { return rest_.empty(); }
    std::string_view token() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token);
        const auto found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(found.size());
        return found;
    }
    /// The value behind `=`; nothing when there is no `=` here: the token before it was a scheme.
    std::optional<std::string> value() {
        auto ahead = rest_;
        while (!ahead.empty() && ahead.front() == ' ') {
            ahead.remove_prefix(1);
        }
        if (ahead.empty() || ahead.front() != '=') {
            return std::nullopt;
        }
        rest_ = ahead.substr(1);
        while (!rest_.empty() && rest_.front() == ' ') {
            rest_.remove_prefix(1);
        }
        return !rest_.empty() && rest_.front() == '"' ? quoted() : std::optional{std::string{token()}};
    }

private:
    std::optional<std::string> quoted() {
        std::string out;
        for (rest_.remove_prefix(1); !rest_.empty(); rest_.remove_prefix(1)) {
            if (rest_.front() == '"') {
                rest_.remove_prefix(1);
                return out;
            }
            if (rest_.front() == '\\' && rest_.size() > 1) {
                rest_.remove_prefix(1);
            }
            // What is repeated to the camera must not end a line of our request.
            if (std::iscntrl(static_cast<unsigned char>(rest_.front())) != 0) {
                return std::nullopt;
            }
            out.push_back(rest_.front());
        }
        return std::nullopt;
    }

    std::string_view rest_;
};

using Parameters = std::map<std::string, std::string>;

std::optional<Challenge> challenge_of(const std::string& scheme, const Parameters& parameters) {
    const auto get = [&](const char* name) {
        const auto found = parameters.find(name);
        return found == parameters.end() ? std::string{} : found->second;
    };
    Challenge challenge;
    challenge.realm = get("realm");
    if (scheme == "basic") {
        return challenge;
    }
    if (scheme != "digest") {
        return std::nullopt;
    }
    challenge.digest = true;
    challenge.nonce = get("nonce");
    challenge.opaque = get("opaque");
    challenge.stale = lower(get("stale")) == "true";
    const auto algorithm = lower(get("algorithm"));
    if (challenge.nonce.empty() || (!algorithm.empty() && algorithm != "md5" && algorithm != "sha-256")) {
        return std::nullopt;
    }
    challenge.algorithm = algorithm == "sha-256" ? DigestAlgorithm::sha256 : DigestAlgorithm::md5;
    if (const auto qop = lower(get("qop")); !qop.empty()) {
        FieldReader words{qop};
        for (words.skip(); !words.done() && !challenge.qop_auth; words.skip()) {
            const auto word = words.token();
            challenge.qop_auth = word == "auth";
            if (word.empty()) {
                break;
            }
        }
        if (!challenge.qop_auth) {
            return std::nullopt;
        }
    }
    return challenge;
}

/// All that stand in one field. One that is not formed ends the reading.
void read_challenges(std::string_view field, std::vector<Challenge>& found) {
    FieldReader reader{field.substr(0, longest_field)};
    std::string scheme;
    Parameters parameters;
    const auto take = [&] {
        if (auto challenge = scheme.empty() ? std::nullopt : challenge_of(scheme, parameters)) {
            found.push_back(std::move(*challenge));
        }
        parameters.clear();
    };
    for (reader.skip(); !reader.done(); reader.skip()) {
        const auto name = lower(reader.token());
        if (name.empty()) {
            break;
        }
        if (auto value = reader.value()) {
            parameters.emplace(name, std::move(*value));
        } else {
            take();
            scheme = name;
        }
    }
    take();
}

int strength(const Challenge& challenge) {
    if (!challenge.digest) {
        return 0;
    }
    return challenge.algorithm == DigestAlgorithm::sha256 ? 2 : 1;
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out.push_back('\\');
        }
        out.push_back(c);
    }
    return out + "\"";
}

std::string count_text(std::uint32_t count) {
    const std::array<std::uint8_t, 4> bytes{static_cast<std::uint8_t>(count >> 24U),
                                            static_cast<std::uint8_t>(count >> 16U),
                                            static_cast<std::uint8_t>(count >> 8U), static_cast<std::uint8_t>(count)};
    return hex_text(bytes);
}

}  // namespace

std::string digest_hex(DigestAlgorithm algorithm, std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    const auto* const type = algorithm == DigestAlgorithm::sha256 ? EVP_sha256() : EVP_md5();
    if (EVP_Digest(text.data(), text.size(), out.data(), &length, type, nullptr) != 1) {
        throw std::runtime_error{"the system computes no " +
                                 std::string{algorithm == DigestAlgorithm::md5 ? "MD5" : "SHA-256"}};
    }
    return hex_text(std::span{out}.first(length));
}

std::optional<Challenge> best_challenge(const std::vector<std::string>& fields) {
    std::vector<Challenge> found;
    for (const auto& field : fields) {
        read_challenges(field, found);
    }
    const auto best = std::max_element(
        found.begin(), found.end(), [](const Challenge& a, const Challenge& b) { return strength(a) < strength(b); });
    return best == found.end() ? std::nullopt : std::optional{*best};
}

std::string basic_authorization(const Credential& credential) {
    const auto plain = credential.user + ":" + credential.password;
    std::string coded(boost::beast::detail::base64::encoded_size(plain.size()), '\0');
    coded.resize(boost::beast::detail::base64::encode(coded.data(), plain.data(), plain.size()));
    return "Basic " + coded;
}

std::string authorization(const Challenge& challenge, const Credential& credential, const AuthorizedRequest& request) {
    if (!challenge.digest) {
        return basic_authorization(credential);
    }
    const auto hash = [&](const std::string& text) { return digest_hex(challenge.algorithm, text); };
    const auto secret = hash(credential.user + ":" + challenge.realm + ":" + credential.password);
    const auto what = hash(std::string{request.method} + ":" + std::string{request.target});
    const auto count = count_text(request.count);
    const auto between = challenge.qop_auth ? ":" + count + ":" + std::string{request.cnonce} + ":auth:" : ":";
    std::string out = "Digest username=" + quoted(credential.user) + ", realm=" + quoted(challenge.realm) +
                      ", nonce=" + quoted(challenge.nonce) + ", uri=" + quoted(request.target) + ", response=\"" +
                      hash(secret + ":" + challenge.nonce + between + what) + "\"";
    out += challenge.algorithm == DigestAlgorithm::sha256 ? ", algorithm=SHA-256" : ", algorithm=MD5";
    if (challenge.qop_auth) {
        out += ", qop=auth, nc=" + count + ", cnonce=" + quoted(request.cnonce);
    }
    if (!challenge.opaque.empty()) {
        out += ", opaque=" + quoted(challenge.opaque);
    }
    return out;
}

}  // namespace portcullis::drivers
