#include "simulators/devices/http_camera.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <sstream>
#include <utility>

namespace portcullis::simulators {

namespace {

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr const char* realm = "camera";
constexpr std::string_view begin_mark{"\xFF\xD8\xFF\xE0", 4};
constexpr std::string_view end_mark{"\xFF\xD9", 2};

/// `name="value"` or `name=value` of an `Authorization: Digest`.
std::string parameter(std::string_view field, std::string_view name) {
    for (std::size_t at = field.find(name); at != std::string_view::npos; at = field.find(name, at + 1)) {
        const bool whole = at > 0 && (field[at - 1] == ' ' || field[at - 1] == ',');
        const auto equals = at + name.size();
        if (!whole || equals >= field.size() || field[equals] != '=') {
            continue;
        }
        auto value = field.substr(equals + 1);
        if (value.starts_with('"')) {
            value.remove_prefix(1);
            return std::string{value.substr(0, value.find('"'))};
        }
        return std::string{value.substr(0, value.find_first_of(", "))};
    }
    return {};
}

std::string base64(const std::string& text) {
    std::string out(4 * ((text.size() + 2) / 3), '\0');
    std::vector<unsigned char> coded(out.size() + 1);
    const int length = EVP_EncodeBlock(coded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    return {coded.begin(), coded.begin() + length};
}

}  // namespace

/// One request, its answer, the end.
class HttpCameraServer::Session : public std::enable_shared_from_this<HttpCameraServer::Session> {
public:
    Session(tcp::socket socket, HttpCameraServer& owner)
        : socket_(std::move(socket)), wait_(owner.context_), owner_(&owner) {}

    void start() {
        http::async_read(socket_, buffer_, request_, [self = shared_from_this()](const error_code& error, std::size_t) {
            if (self->owner_ != nullptr) {
                error ? self->leave() : self->asked();
            }
        });
    }
    void stop() {
        owner_ = nullptr;
        wait_.cancel();
        error_code ignored;
        socket_.close(ignored);
    }

private:
    void asked() {
        ++owner_->counts_.requests;
        owner_->counts_.most_at_once = std::max(owner_->counts_.most_at_once, owner_->sessions_.size());
        if (owner_->faults.mute) {
            return;
        }
        wait_.expires_after(owner_->faults.delay);
        wait_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && self->owner_ != nullptr) {
                self->answer();
            }
        });
    }

    void answer() {
        const auto& faults = owner_->faults;
        http::response<http::string_body> answer{http::status::ok, 11};
        answer.set(http::field::connection, "close");
        bool stale = false;
        const auto field = request_[http::field::authorization];
        if (request_.target() != path) {
            answer.result(http::status::not_found);
        } else if (!owner_->knows({field.data(), field.size()}, stale)) {
            ++owner_->counts_.refused;
            answer.result(http::status::unauthorized);
            answer.set(http::field::www_authenticate, owner_->challenge(stale));
        } else if (faults.redirect) {
            answer.result(http::status::found);
            answer.set(http::field::location, "http://127.0.0.1:1/elsewhere.jpg");
        } else if (faults.status != 200) {
            answer.result(faults.status);
        } else {
            fill(answer);
        }
        if (!faults.huge) {
            answer.prepare_payload();
        }
        send(answer);
    }

    void fill(http::response<http::string_body>& answer) {
        const auto& faults = owner_->faults;
        answer.set(http::field::content_type, faults.text ? "text/html; charset=utf-8" : "image/jpeg");
        if (faults.cached) {
            answer.set(http::field::age, "30");
        }
        if (faults.huge) {
            answer.set(http::field::content_length, std::to_string(std::size_t{64} * 1024 * 1024));
        }
        if (faults.text || faults.not_jpeg) {
            answer.body() = "<html><body>please log in</body></html>";
            return;
        }
        answer.body() = owner_->picture();
        owner_->counts_.pictures += faults.cut || faults.huge ? 0 : 1;
    }

    void send(const http::response<http::string_body>& answer) {
        std::ostringstream text;
        text << answer;
        bytes_ = text.str();
        if (owner_->faults.cut && answer.result() == http::status::ok) {
            bytes_.resize(bytes_.size() - answer.body().size() / 2);
        }
        boost::asio::async_write(socket_, boost::asio::buffer(bytes_),
                                 [self = shared_from_this()](const error_code&, std::size_t) { self->leave(); });
    }

    void leave() {
        if (auto* owner = owner_; owner != nullptr) {
            const auto keep = shared_from_this();
            error_code ignored;
            socket_.shutdown(tcp::socket::shutdown_both, ignored);
            stop();
            owner->sessions_.erase(keep);
        }
    }

    tcp::socket socket_;
    boost::asio::steady_timer wait_;
    HttpCameraServer* owner_;
    boost::beast::flat_buffer buffer_;
    http::request<http::empty_body> request_;
    std::string bytes_;
};

HttpCameraServer::HttpCameraServer(boost::asio::io_context& context, std::uint16_t port, CameraAccess access)
    : context_(context),
      acceptor_(context, tcp::endpoint{boost::asio::ip::address_v4::loopback(), port}),
      port_(acceptor_.local_endpoint().port()),
      access_(access) {
    accept();
}

HttpCameraServer::~HttpCameraServer() {
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& session : std::exchange(sessions_, {})) {
        session->stop();
    }
}

void HttpCameraServer::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
        if (error) {
            return;
        }
        const auto session = std::make_shared<Session>(std::move(socket), *this);
        sessions_.insert(session);
        session->start();
        accept();
    });
}

std::string HttpCameraServer::hash(const std::string& text) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned int length = 0;
    EVP_Digest(text.data(), text.size(), out.data(), &length,
               access_ == CameraAccess::digest_sha256 ? EVP_sha256() : EVP_md5(), nullptr);
    std::string hex;
    for (unsigned int i = 0; i < length; ++i) {
        hex += "0123456789abcdef"[out.at(i) >> 4U];
        hex += "0123456789abcdef"[out.at(i) & 15U];
    }
    return hex;
}

std::string HttpCameraServer::challenge(bool stale) const {
    if (access_ == CameraAccess::basic) {
        return std::string{"Basic realm=\""} + realm + "\"";
    }
    return std::string{"Digest realm=\""} + realm + "\", qop=\"auth\", nonce=\"" + nonce() +
           "\", algorithm=" + (access_ == CameraAccess::digest_sha256 ? "SHA-256" : "MD5") +
           (stale ? ", stale=true" : "");
}

bool HttpCameraServer::knows(std::string_view authorization, bool& stale) const {
    if (access_ == CameraAccess::open) {
        return true;
    }
    if (access_ == CameraAccess::basic) {
        return authorization == "Basic " + base64(std::string{user} + ":" + password);
    }
    if (!authorization.starts_with("Digest ")) {
        return false;
    }
    const auto get = [&](std::string_view name) { return parameter(authorization, name); };
    const auto secret = hash(std::string{user} + ":" + realm + ":" + password);
    const auto wanted = hash(secret + ":" + get("nonce") + ":" + get("nc") + ":" + get("cnonce") + ":" + get("qop") +
                             ":" + hash("GET:" + get("uri")));
    const bool right = get("response") == wanted && get("uri") == path && get("username") == user;
    stale = right && get("nonce") != nonce();
    return right && !stale;
}

std::string HttpCameraServer::picture() {
    made_ += faults.frozen && made_ > 0 ? 0 : 1;
    return std::string{begin_mark} + scene_ + " #" + std::to_string(made_) + std::string{end_mark};
}

std::string words_of_picture(const std::vector<std::uint8_t>& jpeg) {
    if (jpeg.size() < begin_mark.size() + end_mark.size()) {
        return {};
    }
    return {jpeg.begin() + begin_mark.size(), jpeg.end() - end_mark.size()};
}

}  // namespace portcullis::simulators
