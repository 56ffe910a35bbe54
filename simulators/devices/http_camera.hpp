#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace portcullis::simulators {

/// How a camera wants to be shown user and password.
enum class CameraAccess : std::uint8_t { open, basic, digest_md5, digest_sha256 };

/// Ways in which a real camera or its network misbehaves.
struct CameraFaults {
    std::chrono::milliseconds delay{};  ///< from the request to the answer; the picture is made only then
    unsigned status = 200;              ///< another one is answered without a picture
    bool mute = false;                  ///< takes requests and answers nothing
    bool text = false;                  ///< a page of HTML instead of a picture
    bool not_jpeg = false;              ///< says image/jpeg, and sends something else
    bool cut = false;                   ///< half of a picture, then the connection ends
    bool huge = false;                  ///< claims 64 MiB and begins to send them
    bool frozen = false;                ///< the same picture for ever
    bool cached = false;                ///< something on the way answers with an old one (`Age`)
    bool redirect = false;              ///< points elsewhere
};

/// A camera that gives a still over HTTP. Its pictures are the words of what stands before it between the marks of a
/// JPEG, so that a test can read who is in one. Runs on the caller's context; all calls come from there.
class HttpCameraServer {
public:
    static constexpr const char* path = "/snapshot.jpg";
    static constexpr const char* user = "gate";
    static constexpr const char* password = "secret of a gate";

    /// Listens on 127.0.0.1; port 0 takes a free one. Throws boost::system::system_error when it cannot.
    HttpCameraServer(boost::asio::io_context& context, std::uint16_t port, CameraAccess access);
    ~HttpCameraServer();
    HttpCameraServer(const HttpCameraServer&) = delete;
    HttpCameraServer& operator=(const HttpCameraServer&) = delete;
    HttpCameraServer(HttpCameraServer&&) = delete;
    HttpCameraServer& operator=(HttpCameraServer&&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// What a picture shows from now on.
    void scene(std::string what) { scene_ = std::move(what); }
    /// No password is good any more, and the nonce is an old one.
    void new_nonce() { ++nonce_; }

    struct Counts {
        int requests = 0;
        int refused = 0;   ///< 401
        int pictures = 0;  ///< whole ones
        std::size_t most_at_once = 0;
    };
    [[nodiscard]] const Counts& counts() const { return counts_; }

    CameraFaults faults;

private:
    class Session;
    void accept();
    [[nodiscard]] std::string challenge(bool stale) const;
    [[nodiscard]] bool knows(std::string_view authorization, bool& stale) const;
    [[nodiscard]] std::string hash(const std::string& text) const;
    [[nodiscard]] std::string nonce() const { return "nonce" + std::to_string(nonce_); }
    [[nodiscard]] std::string picture();

    boost::asio::io_context& context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    CameraAccess access_;
    std::string scene_ = "nothing";
    int nonce_ = 1;
    int made_ = 0;
    Counts counts_;
    std::set<std::shared_ptr<Session>> sessions_;
};

/// The words between the marks of such a picture: `truck-1 #3`.
[[nodiscard]] std::string words_of_picture(const std::vector<std::uint8_t>& jpeg);

}  // namespace portcullis::simulators
