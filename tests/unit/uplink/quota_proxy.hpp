#pragma once

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace portcullis::uplink {

/// A broker whose quota is used up: stands before a real one, and while it refuses, it answers each publication of QoS
/// 1 with PUBACK and a reason code instead of passing it on. Everything else goes through.
class QuotaProxy {
    using tcp = boost::asio::ip::tcp;

public:
    QuotaProxy(boost::asio::io_context& context, std::uint16_t broker_port)
        : context_(context),
          broker_port_(broker_port),
          acceptor_(context, {boost::asio::ip::address_v4::loopback(), 0}) {
        accept();
    }
    [[nodiscard]] std::string uri() const {
        return "mqtt://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    }
    /// The reason code to refuse with; nothing = pass everything on.
    void refuse_with(std::optional<std::uint8_t> reason) { *reason_ = reason; }

private:
    /// One connection, client to broker and back.
    struct Pair : std::enable_shared_from_this<Pair> {
        Pair(tcp::socket from_client, boost::asio::io_context& context,
             std::shared_ptr<std::optional<std::uint8_t>> refusal)
            : client(std::move(from_client)), broker(context), reason(std::move(refusal)) {}

        void read_client() {
            client.async_read_some(boost::asio::buffer(up_part), [self = shared_from_this()](auto error, auto size) {
                if (error) {
                    return self->end();
                }
                self->up.append(self->up_part.data(), size);
                self->pass_packets();
                self->read_client();
            });
        }
        void read_broker() {
            broker.async_read_some(boost::asio::buffer(down_part), [self = shared_from_this()](auto error, auto size) {
                if (error) {
                    return self->end();
                }
                self->send(self->client, std::string{self->down_part.data(), size});
                self->read_broker();
            });
        }
        /// Whole packets of the client, each passed on or refused.
        void pass_packets() {
            for (;;) {
                std::size_t length = 0;
                std::size_t at = 1;
                for (unsigned shift = 0;; shift += 7, ++at) {
                    if (at >= up.size()) {
                        return;
                    }
                    length |= static_cast<std::size_t>(byte(at) & 0x7FU) << shift;
                    if ((byte(at) & 0x80U) == 0) {
                        break;
                    }
                }
                const auto body = at + 1;
                if (up.size() < body + length) {
                    return;
                }
                pass(up.substr(0, body + length), body);
                up.erase(0, body + length);
            }
        }
        void pass(const std::string& packet, std::size_t body) {
            constexpr unsigned publish_qos_1 = 0x32;
            constexpr unsigned but_retain = 0xFE;
            if (!*reason || (byte(0) & but_retain) != publish_qos_1) {
                return send(broker, packet);
            }
            const auto topic = static_cast<std::size_t>(byte(body) << 8U | byte(body + 1));
            std::string refusal{'\x40', '\x03'};
            refusal += packet.substr(body + 2 + topic, 2);
            refusal += static_cast<char>(**reason);
            send(client, refusal);
        }
        [[nodiscard]] unsigned byte(std::size_t at) const { return static_cast<unsigned char>(up[at]); }
        /// What is written here fits the socket's buffer: never more than a window of small events.
        static void send(tcp::socket& to, const std::string& bytes) {
            boost::system::error_code ignored;
            boost::asio::write(to, boost::asio::buffer(bytes), ignored);
        }
        void end() {
            client.close();
            broker.close();
        }

        tcp::socket client;
        tcp::socket broker;
        std::shared_ptr<std::optional<std::uint8_t>> reason;
        std::array<char, 4096> up_part{};
        std::array<char, 4096> down_part{};
        std::string up;
    };

    void accept() {
        acceptor_.async_accept([this](auto error, tcp::socket client) {
            if (error) {
                return;
            }
            const auto pair = std::make_shared<Pair>(std::move(client), context_, reason_);
            pair->broker.connect({boost::asio::ip::address_v4::loopback(), broker_port_});
            pair->read_client();
            pair->read_broker();
            accept();
        });
    }

    boost::asio::io_context& context_;
    std::uint16_t broker_port_;
    std::shared_ptr<std::optional<std::uint8_t>> reason_ = std::make_shared<std::optional<std::uint8_t>>();
    tcp::acceptor acceptor_;
};

}  // namespace portcullis::uplink
