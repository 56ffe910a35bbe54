#include "tests/fault/link/mqtt_peer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace portcullis::fault {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// MQTT 5, 2.1.2: control packet types, with the flags that 2.1.3 asks for.
constexpr std::uint8_t connect_packet = 0x10;
constexpr std::uint8_t connack_packet = 0x20;
constexpr std::uint8_t publish_packet = 0x30;
constexpr std::uint8_t puback_packet = 0x40;
constexpr std::uint8_t subscribe_packet = 0x82;
constexpr std::uint8_t suback_packet = 0x90;
constexpr std::uint8_t pingreq_packet = 0xc0;
constexpr std::uint8_t quality_1 = 0x02;
constexpr std::uint8_t user_property = 0x26;
constexpr std::uint8_t receive_maximum = 0x21;
constexpr std::uint8_t session_expiry = 0x11;
constexpr std::uint8_t least_error = 0x80;

/// A ping in this time; a link that has carried nothing from one to the next is dead.
constexpr std::chrono::milliseconds ping_every{600};

void put_16(std::string& out, std::size_t number) {
    out.push_back(static_cast<char>(number >> 8U & 0xffU));
    out.push_back(static_cast<char>(number & 0xffU));
}

void put_text(std::string& out, std::string_view text) {
    put_16(out, text.size());
    out += text;
}

std::string packet(std::uint8_t type, const std::string& body) {
    std::string out(1, static_cast<char>(type));
    auto left = body.size();
    do {
        const auto digit = left % 128;
        left /= 128;
        out.push_back(static_cast<char>(digit | (left > 0 ? 0x80U : 0U)));
    } while (left > 0);
    return out + body;
}

/// Reads the parts of a packet from the front; throws std::out_of_range where there is less than it asks for.
class Cursor {
public:
    explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
    std::size_t number_8() { return static_cast<std::uint8_t>(take(1)[0]); }
    std::size_t number_16() {
        const auto high = number_8();
        return high * 256 + number_8();
    }
    std::size_t length() {
        std::size_t value = 0;
        for (std::size_t factor = 1;; factor *= 128) {
            const auto digit = number_8();
            value += (digit & 0x7fU) * factor;
            if ((digit & 0x80U) == 0) {
                return value;
            }
        }
    }
    std::string_view text() { return take(number_16()); }
    std::string_view take(std::size_t count) {
        if (count > bytes_.size()) {
            throw std::out_of_range{"a packet is cut short"};
        }
        const auto taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return bytes_; }

private:
    std::string_view bytes_;
};

bool says_redelivery(std::string_view properties) {
    Cursor cursor{properties};
    while (!cursor.rest().empty() && cursor.number_8() == user_property) {  // the gate sends no other
        const auto name = cursor.text();
        const auto value = cursor.text();
        if (name == "redelivery") {
            return value == "1";
        }
    }
    return false;
}

}  // namespace

class MqttPeer::Connection : public std::enable_shared_from_this<Connection> {
public:
    Connection(asio::io_context& context, std::shared_ptr<Handlers> handlers, std::vector<std::string> subscriptions)
        : socket_(context), ping_(context), handlers_(std::move(handlers)), subscriptions_(std::move(subscriptions)) {}

    void begin(std::uint16_t port, const std::string& client_id, bool keep_session) {
        watch();
        socket_.async_connect({asio::ip::address_v4::loopback(), port},
                              [self = shared_from_this(), client_id, keep_session](error_code error) {
                                  if (error) {
                                      return self->end();
                                  }
                                  self->socket_.set_option(asio::ip::tcp::no_delay{true}, error);
                                  self->send_connect(client_id, keep_session);
                                  self->read();
                              });
    }
    void publish(const std::string& topic, std::string_view payload) {
        if (!online_) {
            return;
        }
        std::string body;
        put_text(body, topic);
        put_16(body, next_id());
        body.push_back(0);
        body += payload;
        send(packet(publish_packet | quality_1, body));
    }
    void forget() {
        handlers_.reset();
        online_ = false;
        ping_.cancel();
        error_code ignored;
        socket_.close(ignored);
    }
    [[nodiscard]] bool online() const { return online_; }

private:
    void watch() {
        ping_.expires_after(ping_every);
        ping_.async_wait([self = shared_from_this()](error_code error) {
            if (error) {
                return;
            }
            if (!std::exchange(self->heard_, false)) {
                return self->end();
            }
            self->send(packet(pingreq_packet, {}));
            self->watch();
        });
    }

    void send_connect(const std::string& client_id, bool keep_session) {
        std::string body;
        put_text(body, "MQTT");
        body.push_back(5);
        body.push_back(keep_session ? 0 : 2);  // clean start
        put_16(body, 0);                       // no keep-alive
        std::string properties;
        properties.push_back(static_cast<char>(receive_maximum));
        put_16(properties, 1000);
        if (keep_session) {
            properties.push_back(static_cast<char>(session_expiry));
            put_16(properties, 0);
            put_16(properties, 3600);
        }
        body.push_back(static_cast<char>(properties.size()));
        body += properties;
        put_text(body, client_id);
        send(packet(connect_packet, body));
    }

    void subscribe_next() {
        if (granted_ == subscriptions_.size()) {
            online_ = true;
            if (const auto handlers = handlers_) {
                handlers->connected();
            }
            return;
        }
        std::string body;
        put_16(body, next_id());
        body.push_back(0);
        put_text(body, subscriptions_[granted_++]);
        body.push_back(1);
        send(packet(subscribe_packet, body));
    }

    void read() {
        socket_.async_read_some(asio::buffer(chunk_), [self = shared_from_this()](error_code error, std::size_t count) {
            if (error) {
                return self->end();
            }
            self->heard_ = true;
            self->received_.append(self->chunk_.data(), count);
            if (self->take_packets()) {
                self->read();
            }
        });
    }

    /// False: the connection is over.
    bool take_packets() {
        while (auto size = whole_packet()) {
            const auto bytes = received_.substr(0, *size);
            received_.erase(0, *size);
            try {
                Cursor cursor{bytes};
                const auto type = static_cast<std::uint8_t>(cursor.number_8());
                cursor.length();
                take(type, cursor);
            } catch (const std::out_of_range&) {
                end();
            }
            if (!handlers_) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::optional<std::size_t> whole_packet() const {
        std::size_t left = 0;
        std::size_t factor = 1;
        for (std::size_t i = 1; i < received_.size(); ++i) {
            const auto digit = static_cast<std::uint8_t>(received_[i]);
            left += (digit & 0x7fU) * factor;
            factor *= 128;
            if ((digit & 0x80U) == 0) {
                return received_.size() > i + left ? std::optional{i + 1 + left} : std::nullopt;
            }
        }
        return std::nullopt;
    }

    void take(std::uint8_t type, Cursor& cursor) {
        switch (type & 0xf0U) {
            case connack_packet:
            case suback_packet:
                if ((type & 0xf0U) == connack_packet) {
                    cursor.take(1);
                    if (cursor.number_8() >= least_error) {
                        return end();
                    }
                }
                return subscribe_next();
            case publish_packet:
                return take_publish(type, cursor);
            default:
                return;
        }
    }

    void take_publish(std::uint8_t type, Cursor& cursor) {
        Message message;
        message.topic = cursor.text();
        if ((type & quality_1) != 0) {
            std::string id;
            put_16(id, cursor.number_16());
            send(packet(puback_packet, id));
        }
        message.redelivery = says_redelivery(cursor.take(cursor.length()));
        message.payload = cursor.rest();
        if (const auto handlers = handlers_) {
            handlers->message(std::move(message));
        }
    }

    void send(std::string bytes) {
        outbound_.push_back(std::move(bytes));
        if (outbound_.size() == 1) {
            write();
        }
    }
    void write() {
        asio::async_write(socket_, asio::buffer(outbound_.front()),
                          [self = shared_from_this()](error_code error, std::size_t) {
                              if (error) {
                                  return self->end();
                              }
                              self->outbound_.pop_front();
                              if (!self->outbound_.empty()) {
                                  self->write();
                              }
                          });
    }

    void end() {
        if (const auto handlers = handlers_) {
            forget();
            handlers->lost();
        }
    }
    std::size_t next_id() {
        id_ = id_ % 65535 + 1;
        return id_;
    }

    asio::ip::tcp::socket socket_;
    asio::steady_timer ping_;
    bool heard_ = false;
    std::shared_ptr<Handlers> handlers_;  ///< none: nobody listens any more
    std::vector<std::string> subscriptions_;
    std::size_t granted_ = 0;
    std::array<char, 16384> chunk_{};
    std::string received_;
    std::deque<std::string> outbound_;
    std::size_t id_ = 0;
    bool online_ = false;
};

MqttPeer::MqttPeer(asio::io_context& context, std::string client_id, Handlers handlers)
    : context_(context), client_id_(std::move(client_id)), handlers_(std::make_shared<Handlers>(std::move(handlers))) {}

MqttPeer::~MqttPeer() {
    drop();
}

void MqttPeer::connect(std::uint16_t port, std::vector<std::string> subscriptions, bool keep_session) {
    drop();
    connection_ = std::make_shared<Connection>(context_, handlers_, std::move(subscriptions));
    connection_->begin(port, client_id_, keep_session);
}

void MqttPeer::publish(const std::string& topic, std::string_view payload) {
    if (connection_) {
        connection_->publish(topic, payload);
    }
}

void MqttPeer::drop() {
    if (connection_) {
        connection_->forget();
        connection_.reset();
    }
}

bool MqttPeer::online() const {
    return connection_ && connection_->online();
}

}  // namespace portcullis::fault
