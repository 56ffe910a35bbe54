#include "console/control_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

namespace portcullis::console {

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

constexpr std::size_t most_clients = 8;
constexpr std::size_t longest_question = 4096;
constexpr std::chrono::seconds patience{5};

}  // namespace

/// One client: a question, an answer, the end.
class ControlSocket::Client : public std::enable_shared_from_this<Client> {
public:
    Client(stream_protocol::socket socket, ControlSocket& owner)
        : socket_(std::move(socket)), timer_(socket_.get_executor()), owner_(&owner) {}

    void start() {
        timer_.expires_after(patience);
        timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) {
                self->leave();
            }
        });
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
    void asked(const boost::system::error_code& error, std::size_t size) {
        if (owner_ == nullptr || error) {
            leave();
            return;
        }
        text_ = owner_->answer_(std::string_view{question_}.substr(0, size - 1)) + "\n";
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

ControlSocket::ControlSocket(asio::io_context& context, std::filesystem::path path, Answer answer)
    : acceptor_(context), path_(std::move(path)), answer_(std::move(answer)) {
    std::filesystem::remove(path_);
    acceptor_.open();
    acceptor_.bind(stream_protocol::endpoint{path_.string()});
    using std::filesystem::perms;
    std::filesystem::permissions(path_,
                                 perms::owner_read | perms::owner_write | perms::group_read | perms::group_write);
    acceptor_.listen();
    accept();
}

ControlSocket::~ControlSocket() {
    stop();
}

void ControlSocket::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, stream_protocol::socket socket) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (!error && clients_.size() < most_clients) {
            const auto client = std::make_shared<Client>(std::move(socket), *this);
            clients_.insert(client);
            client->start();
        }
        accept();
    });
}

void ControlSocket::stop() {
    if (!acceptor_.is_open()) {
        return;
    }
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& client : std::exchange(clients_, {})) {
        client->stop();
    }
    std::error_code gone;
    std::filesystem::remove(path_, gone);
}

std::string ask_control_socket(const std::filesystem::path& path, std::string_view question) {
    asio::io_context context;
    stream_protocol::socket socket{context};
    socket.connect(stream_protocol::endpoint{path.string()});
    asio::write(socket, asio::buffer(std::string{question} + "\n"));
    std::string answer;
    boost::system::error_code end;
    asio::read(socket, asio::dynamic_buffer(answer), end);
    if (end && end != asio::error::eof) {
        throw boost::system::system_error{end, "control socket " + path.string()};
    }
    if (!answer.empty() && answer.back() == '\n') {
        answer.pop_back();
    }
    return answer;
}

}  // namespace portcullis::console
