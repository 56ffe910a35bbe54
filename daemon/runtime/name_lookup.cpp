#include "runtime/name_lookup.hpp"

#include <netdb.h>
#include <pthread.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "runtime/signals_blocked.hpp"

namespace portcullis::runtime {

std::string ask_system_for(const std::string& host) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    if (failed != 0) {
        return ::gai_strerror(failed);
    }
    ::freeaddrinfo(found);
    return {};
}

std::string host_of(const std::string& uri) {
    const auto scheme = uri.find("://");
    auto rest = scheme == std::string::npos ? uri : uri.substr(scheme + 3);
    if (rest.starts_with('[')) {
        return rest.substr(1, rest.find(']') - 1);
    }
    return rest.substr(0, rest.rfind(':'));
}

/// Shared with the threads, which may outlive its owner. Everything but `context_` is of the owner's thread.
class NameLookup::Desk : public std::enable_shared_from_this<Desk> {
public:
    Desk(boost::asio::io_context& context, const Clock& clock, Ask ask)
        : clock_(clock), ask_(std::move(ask)), context_(&context) {
        alarm_.emplace(context, clock, [this] { overdue(); });
    }

    void find(const std::string& host, std::chrono::milliseconds limit, Answered answered) {
        answered_ = std::move(answered);
        host_ = host;
        limit_ = limit;
        boost::system::error_code no_address;
        boost::asio::ip::make_address(host, no_address);
        if (!no_address) {
            return answer({});
        }
        alarm_->set(clock_.now().instant + limit);
        if (asked_.insert(host).second && !begin(host)) {
            asked_.erase(host);
            answer("cannot look up " + host + ": the system gives no thread for it");
        }
    }
    void leave() {
        const std::lock_guard lock{mutex_};
        context_ = nullptr;
        answered_ = nullptr;
        alarm_.reset();  // it stands on the context, which we may outlive
    }

private:
    [[nodiscard]] bool begin(const std::string& host) {
        const AllSignalsBlocked blocked;
        try {
            std::thread thread{[self = shared_from_this(), host, ask = ask_] { self->came(host, ask(host)); }};
            pthread_setname_np(thread.native_handle(), "names");
            thread.detach();
            return true;
        } catch (const std::system_error&) {
            return false;
        }
    }
    /// On the look-up's thread.
    void came(const std::string& host, std::string problem) {
        const std::lock_guard lock{mutex_};
        if (context_ != nullptr) {
            boost::asio::post(*context_, [self = shared_from_this(), host, problem = std::move(problem)] {
                self->asked_.erase(host);
                if (self->alarm_ && host == self->host_) {
                    self->answer(problem.empty() ? problem : "cannot look up " + host + ": " + problem);
                }
            });
        }
    }
    void overdue() {
        answer("cannot look up " + host_ + ": no answer within " + std::to_string(limit_.count()) +
               " ms; the name servers of this machine are in /etc/resolv.conf");
    }
    void answer(const std::string& problem) {
        const auto self = shared_from_this();  // who is answered may leave
        alarm_->cancel();
        if (const auto answered = std::exchange(answered_, nullptr)) {
            answered(problem);
        }
    }

    const Clock& clock_;
    const Ask ask_;
    std::optional<Alarm> alarm_;
    Answered answered_;
    std::string host_;
    std::chrono::milliseconds limit_{};
    std::set<std::string> asked_;
    std::mutex mutex_;
    boost::asio::io_context* context_;  // guarded by mutex_; nullptr: nobody listens
};

NameLookup::NameLookup(boost::asio::io_context& context, const Clock& clock, Ask ask)
    : desk_(std::make_shared<Desk>(context, clock, std::move(ask))) {}

NameLookup::~NameLookup() {
    desk_->leave();
}

void NameLookup::find(const std::string& host, std::chrono::milliseconds limit, Answered answered) {
    desk_->find(host, limit, std::move(answered));
}

}  // namespace portcullis::runtime
