#include "tests/fault/link/cutting_proxy.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

namespace portcullis::fault {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

/// One byte in this time, for so many bytes: a link of one byte a second, a thousand times faster than life.
constexpr std::chrono::milliseconds slow_pause{1};
constexpr std::size_t slow_bytes = 300;

}  // namespace

/// One connection and its way on to the broker.
class CuttingProxy::Pair : public std::enable_shared_from_this<Pair> {
public:
    Pair(Tcp::socket client, std::optional<CutPlan> plan, std::shared_ptr<std::size_t> cuts)
        : up_(std::move(client)),
          down_(Tcp::socket{up_.from.get_executor()}),
          timer_(up_.from.get_executor()),
          plan_(plan),
          cuts_(std::move(cuts)) {}

    void begin(std::uint16_t broker_port) {
        down_.from.async_connect({asio::ip::address_v4::loopback(), broker_port},
                                 [self = shared_from_this()](error_code error) {
                                     if (error) {
                                         return self->end(Cut::close);
                                     }
                                     self->up_.from.set_option(Tcp::no_delay{true}, error);
                                     self->down_.from.set_option(Tcp::no_delay{true}, error);
                                     if (self->due(Way::up) || self->due(Way::down)) {
                                         return self->cut();  // after no byte at all
                                     }
                                     self->read(Way::up);
                                     self->read(Way::down);
                                 });
    }
    void end(Cut how) {
        over_ = true;
        timer_.cancel();
        for (auto* socket : {&up_.from, &down_.from}) {
            error_code ignored;
            if (how == Cut::reset) {
                socket->set_option(asio::socket_base::linger{true, 0}, ignored);
            }
            socket->close(ignored);
        }
    }
    [[nodiscard]] std::size_t carried(Way way) const { return way == Way::up ? up_.carried : down_.carried; }
    [[nodiscard]] bool plan_is_over() const { return over_ || !plan_; }
    void let_go() { stalled_.reset(); }

private:
    /// What comes from one end and goes to the other.
    struct Lane {
        explicit Lane(Tcp::socket socket) : from(std::move(socket)) {}
        Tcp::socket from;
        std::array<char, 16384> bytes{};
        std::size_t carried = 0;
    };
    Lane& lane(Way way) { return way == Way::up ? up_ : down_; }
    Tcp::socket& target(Way way) { return way == Way::up ? down_.from : up_.from; }

    /// The plan's moment has come on this way.
    [[nodiscard]] bool due(Way way) const { return plan_ && plan_->way == way && carried(way) >= plan_->after; }

    void read(Way way) {
        auto& from = lane(way);
        auto most = from.bytes.size();
        if (plan_ && plan_->way == way) {
            most = std::min(most, plan_->after - from.carried);
        } else if (slow_ == way) {
            most = 1;
        }
        from.from.async_read_some(asio::buffer(from.bytes.data(), most),
                                  [self = shared_from_this(), way](error_code error, std::size_t count) {
                                      if (error) {
                                          return self->over_ ? void() : self->end(Cut::close);
                                      }
                                      self->pass_on(way, count);
                                  });
    }

    void pass_on(Way way, std::size_t count) {
        auto& from = lane(way);
        asio::async_write(target(way), asio::buffer(from.bytes.data(), count),
                          [self = shared_from_this(), way, count](error_code error, std::size_t) {
                              if (error) {
                                  return self->over_ ? void() : self->end(Cut::close);
                              }
                              self->passed(way, count);
                          });
    }

    void passed(Way way, std::size_t count) {
        lane(way).carried += count;
        if (due(way)) {
            return cut();
        }
        if (slow_ == way) {
            if (++slowed_ >= slow_bytes) {
                slow_.reset();
            } else {
                timer_.expires_after(slow_pause);
                timer_.async_wait([self = shared_from_this(), way](error_code error) {
                    if (!error) {
                        self->read(way);
                    }
                });
                return;
            }
        }
        read(way);
    }

    void cut() {
        const auto plan = *std::exchange(plan_, std::nullopt);
        ++*cuts_;
        switch (plan.cut) {
            case Cut::close:
            case Cut::reset:
                return end(plan.cut);
            case Cut::half_close: {
                error_code ignored;
                target(plan.way).shutdown(Tcp::socket::shutdown_send, ignored);
                return resume_unless_begun(plan.way, false);
            }
            case Cut::stall: {
                error_code ignored;
                over_ = true;  // both sockets stay open; what waits in them is read by nobody
                stalled_ = shared_from_this();
                up_.from.cancel(ignored);
                down_.from.cancel(ignored);
                return;
            }
            case Cut::slow:
                slow_ = plan.way;
                return resume_unless_begun(plan.way, true);
        }
    }

    /// After a cut that leaves the connection there: reading goes on where it had begun; before the first byte it had
    /// not.
    void resume_unless_begun(Way way, bool this_way) {
        const bool begun = up_.carried + down_.carried > 0;
        if (this_way) {
            read(way);
        }
        if (!begun) {
            read(way == Way::up ? Way::down : Way::up);
        }
    }

    Lane up_;
    Lane down_;
    asio::steady_timer timer_;
    std::optional<CutPlan> plan_;
    std::shared_ptr<std::size_t> cuts_;
    std::optional<Way> slow_;
    std::size_t slowed_ = 0;
    bool over_ = false;
    std::shared_ptr<Pair> stalled_;  ///< keeps itself: nothing else does while it is silent
};

CuttingProxy::CuttingProxy(asio::io_context& context, std::uint16_t broker_port)
    : context_(context),
      acceptor_(context, {asio::ip::address_v4::loopback(), 0}),
      broker_port_(broker_port),
      port_(acceptor_.local_endpoint().port()) {
    accept();
}

CuttingProxy::~CuttingProxy() {
    error_code ignored;
    acceptor_.close(ignored);
    cut_all();
}

void CuttingProxy::accept() {
    acceptor_.async_accept([this](error_code error, Tcp::socket client) {
        if (error == asio::error::operation_aborted) {
            return;
        }
        if (!error && !refuse_) {
            std::erase_if(pairs_, [](const auto& pair) { return pair.expired(); });
            auto pair = std::make_shared<Pair>(std::move(client), std::exchange(plan_, std::nullopt), cuts_);
            pairs_.push_back(pair);
            ++connections_;
            pair->begin(broker_port_);
        }
        accept();
    });
}

bool CuttingProxy::plan_is_over() const {
    if (plan_) {
        return false;
    }
    const auto newest = pairs_.empty() ? nullptr : pairs_.back().lock();
    return !newest || newest->plan_is_over();
}

void CuttingProxy::cut_all() {
    for (const auto& weak : pairs_) {
        if (const auto pair = weak.lock()) {
            pair->end(Cut::reset);
            pair->let_go();
        }
    }
    pairs_.clear();
}

std::size_t CuttingProxy::carried(Way way) const {
    const auto newest = pairs_.empty() ? nullptr : pairs_.back().lock();
    return newest ? newest->carried(way) : 0;
}

}  // namespace portcullis::fault
