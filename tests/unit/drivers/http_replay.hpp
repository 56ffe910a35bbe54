#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "device_rig.hpp"
#include "simulators/devices/json_pusher.hpp"

namespace portcullis::testing {

/// What a camera answered, one a connection and in that order; the last again.
class RecordedCamera {
public:
    struct Answer {
        unsigned status = 200;
        std::string type;
        std::string body;
    };

    RecordedCamera(boost::asio::io_context& context, std::deque<Answer> answers)
        : acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}), answers_(std::move(answers)) {
        accept();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    struct Client {
        explicit Client(boost::asio::ip::tcp::socket taken) : socket(std::move(taken)) {}
        boost::asio::ip::tcp::socket socket;
        boost::beast::flat_buffer buffer;
        boost::beast::http::request<boost::beast::http::empty_body> request;
        boost::beast::http::response<boost::beast::http::string_body> response;
    };

    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& error, boost::asio::ip::tcp::socket socket) {
            if (!error) {
                answer(std::make_shared<Client>(std::move(socket)));
                accept();
            }
        });
    }
    void answer(const std::shared_ptr<Client>& client) {
        namespace http = boost::beast::http;
        http::async_read(client->socket, client->buffer, client->request,
                         [this, client](const boost::system::error_code& error, std::size_t) {
                             if (error) {
                                 return;
                             }
                             const auto next = answers_.front();
                             if (answers_.size() > 1) {
                                 answers_.pop_front();
                             }
                             client->response.version(11);
                             client->response.result(next.status);
                             client->response.set(http::field::content_type, next.type);
                             client->response.body() = next.body;
                             client->response.prepare_payload();
                             http::async_write(client->socket, client->response,
                                               [client](const boost::system::error_code&, std::size_t) {});
                         });
    }

    boost::asio::ip::tcp::acceptor acceptor_;
    std::deque<Answer> answers_;
};

/// Until `count` pictures, or the lack of them, were told.
inline void wait_for_pictures(DeviceRig& rig, std::size_t count) {
    rig.until([&] { return rig.all<Picture>("device").size() >= count; });
}

/// The first answer is the still at the start; each further one is a passage's.
inline void play_answers(DeviceRig& rig, std::deque<RecordedCamera::Answer> answers, const ConfigNode& options,
                         const ConfigNode& profile) {
    const auto count = answers.size();
    const RecordedCamera camera{rig.main, std::move(answers)};
    auto& device = rig.add_node("device", "{ http: http://127.0.0.1:" + std::to_string(camera.port()) + " }", options,
                                profile, {});
    rig.start();
    rig.until([&] { return device.view().state.has_value(); });
    for (std::size_t passage = 1; passage < count; ++passage) {
        device.capture({PassageId{}, rig.clock.now().instant + std::chrono::seconds{10}});
        wait_for_pictures(rig, passage);
    }
    rig.stop();
}

inline void play_pushes(DeviceRig& rig, const std::vector<std::string>& pushes, const ConfigNode& options,
                        const ConfigNode& profile) {
    std::uint16_t port = 0;
    {
        const boost::asio::ip::tcp::acceptor taken{rig.main, {boost::asio::ip::address_v4::loopback(), 0}};
        port = taken.local_endpoint().port();
    }
    const auto bus = "{ http_listen: 127.0.0.1:" + std::to_string(port) + " }";
    rig.add_node("device", bus, options, profile, {});
    rig.start();
    rig.until([&] { return rig.buses.push_server(BusName{bus}).port() != 0; });
    ConfigProblems problems;
    for (const auto& body : pushes) {
        simulators::Push push;
        push.path = options.find("path")->text(problems);
        push.body = body;
        bool answered = false;
        simulators::JsonPusher{rig.main, port}.push(push, [&answered](unsigned) { answered = true; });
        rig.until([&answered] { return answered; });
    }
    rig.stop();
}

}  // namespace portcullis::testing
