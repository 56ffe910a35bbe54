#include "console/control_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <utility>

namespace portcullis::console {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

constexpr std::size_t most_clients = 8;
constexpr std::size_t longest_question = std::size_t{12} * 1024 * 1024;  ///< the largest ruleset comes this way too
constexpr std::chrono::seconds patience_to_ask{5};
constexpr std::chrono::seconds patience_to_answer{30};
constexpr std::chrono::seconds accept_pause{1};
constexpr std::size_t longest_answer = std::size_t{2} * 1024 * 1024;

}  // namespace

/// One client: a question, an answer, the end.
class ControlSocket::Client : public std::enable_shared_from_this<Client> {
public:
    Client(stream_protocol::socket socket, ControlSocket& owner)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), owner_(&owner) {}

    void start() {
        leave_after(patience_to_ask);
        asio::async_read_until(socket_, asio::dynamic_buffer(question_, longest_question), '\n',
                               [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
                                   self->asked(error, size);
                               });
    }

    void stop() {
        owner_ = nullptr;
        timer_.cancel();
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

private:
    void leave_after(std::chrono::seconds patience) {
        timer_.expires_after(patience);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) {
                self->leave();
            }
        });
    }

    void asked(const boost::system::error_code& error, std::size_t size) {
        if (owner_ == nullptr || error) {
            leave();
            return;
        }
        leave_after(patience_to_answer);
        owner_->answer_(std::string_view{question_}.substr(0, size - 1),
                        [client = weak_from_this()](std::string answer) {
                            if (const auto self = client.lock()) {
                                self->tell(std::move(answer));
                            }
                        });
    }

    void tell(std::string answer) {
        if (owner_ == nullptr || !text_.empty()) {
            return;
        }
        if (answer.size() >= longest_answer) {
            leave();
            return;
        }
        text_ = std::move(answer) + "\n";
        asio::async_write(
            socket_, asio::buffer(text_),
            [self = shared_from_this()](const boost::system::error_code&, std::size_t) { self->leave(); });
    }

    void leave() {
        if (auto* owner = owner_; owner != nullptr) {
            stop();
            owner->clients_.erase(shared_from_this());
        }
    }

    stream_protocol::socket socket_;
    asio::steady_timer timer_;
    ControlSocket* owner_;
    std::string question_;
    std::string text_;
};

ControlSocket::ControlSocket(asio::io_context& context, runtime::Log log, std::filesystem::path path, Answer answer)
    : acceptor_(context), pause_(context), log_(std::move(log)), path_(std::move(path)), answer_(std::move(answer)) {
    try {
        open();
    } catch (const std::exception& error) {
        throw ControlSocketUnusable{"cannot listen at " + path_.string() + " (" + error.what() +
                                    "); make its folder, writable for the daemon's user, or name another path as "
                                    "control_socket in the settings"};
    }
    accept();
}

void ControlSocket::open() {
    std::filesystem::remove(path_);
    acceptor_.open();
    acceptor_.bind(stream_protocol::endpoint{path_.string()});
    using std::filesystem::perms;
    std::filesystem::permissions(path_,
                                 perms::owner_read | perms::owner_write | perms::group_read | perms::group_write);
    acceptor_.listen();
}

ControlSocket::~ControlSocket() {
    stop();
}

void ControlSocket::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, stream_protocol::socket socket) {
        if (!acceptor_.is_open()) {
            return;
        }
        if (error) {
            accept_later(error.message());
            return;
        }
        (void)trouble_.finish();
        if (clients_.size() < most_clients) {
            const auto client = std::make_shared<Client>(std::move(socket), *this);
            clients_.insert(client);
            client->start();
        }
        accept();
    });
}

/// What refuses one connection refuses the next as well: asked again at once, the deciding thread would only ask.
void ControlSocket::accept_later(const std::string& why) {
    if (trouble_.admit()) {
        log_.warning("the control socket takes no connection", {{"path", path_.string()}, {"why", why}});
    }
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](const boost::system::error_code&) {
        if (acceptor_.is_open()) {
            accept();
        }
    });
}

void ControlSocket::stop() {
    if (!acceptor_.is_open()) {
        return;
    }
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& client : std::exchange(clients_, {})) {
        client->stop();
    }
    std::error_code gone;
    std::filesystem::remove(path_, gone);
}

namespace {

/// A question under way; its steps follow each other on the asker's own context.
struct Asking {
    asio::io_context context;
    stream_protocol::socket socket{context};
    std::string question;
    std::string answer;
    boost::system::error_code error = asio::error::timed_out;  ///< until it has ended

    void connected() {
        asio::async_write(socket, asio::buffer(question), [this](const boost::system::error_code& failed, std::size_t) {
            if (failed) {
                error = failed;
            } else {
                read();
            }
        });
    }

    void read() {
        asio::async_read(socket, asio::dynamic_buffer(answer, longest_answer),
                         [this](const boost::system::error_code& end, std::size_t) {
                             error = end == asio::error::eof ? boost::system::error_code{} : end;
                         });
    }
};

}  // namespace

std::string ask_control_socket(const std::filesystem::path& path, std::string_view question,
                               std::chrono::milliseconds within) {
    Asking asking;
    asking.question = std::string{question} + "\n";
    asking.socket.async_connect(stream_protocol::endpoint{path.string()},
                                [&asking](const boost::system::error_code& failed) {
                                    if (failed) {
                                        asking.error = failed;
                                    } else {
                                        asking.connected();
                                    }
                                });
    asking.context.run_for(within);
    if (asking.error) {
        throw boost::system::system_error{asking.error, "control socket " + path.string()};
    }
    if (!asking.answer.empty() && asking.answer.back() == '\n') {
        asking.answer.pop_back();
    }
    return asking.answer;
}

}  // namespace portcullis::console
