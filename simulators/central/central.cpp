#include "simulators/central/central.hpp"

#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <iterator>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "simulators/central/used_places.hpp"

namespace portcullis::central {
namespace {

constexpr std::chrono::milliseconds reconnect_pause{300};

/// The whole lines of a file; a last line without its end, torn by a kill, is cut off.
std::vector<std::string> whole_lines(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::uintmax_t whole = 0;
    {
        std::ifstream file{path, std::ios::binary};
        for (std::string line; std::getline(file, line) && !file.eof();) {
            whole += line.size() + 1;
            lines.push_back(std::move(line));
        }
    }
    if (std::filesystem::exists(path)) {
        std::filesystem::resize_file(path, whole);
    }
    return lines;
}

}  // namespace

Central::Central(CentralSettings settings, const runtime::Clock& clock)
    : settings_(std::move(settings)),
      clock_(clock),
      schemas_(settings_.schemas),
      consumer_(schemas_),
      office_(settings_.key, settings_.terminal),
      work_(boost::asio::make_work_guard(context_)),
      speak_(context_, clock, [this] { say_what_is_due(); }),
      reconnect_(context_, clock, [this] { connect(); }),
      thread_({.name = "central"}, clock) {
    take_over_state();
    link_ = std::make_unique<BrokerLink>(
        settings_.broker, settings_.client_id,
        BrokerLink::Handlers{.message =
                                 [this](BrokerLink::Message message) {
                                     boost::asio::post(context_,
                                                       [this, message = std::move(message)] { arrived(message); });
                                 },
                             .lost =
                                 [this] {
                                     boost::asio::post(context_, [this] {
                                         connected_ = false;
                                         if (wanted_) {
                                             reconnect_.set(clock_.now().instant + reconnect_pause);
                                         }
                                     });
                                 }});
    std::ignore = thread_.post([this] { context_.run(); });  // an empty worker takes it
}

Central::~Central() {
    stop();
    link_.reset();  // first: Paho's threads hand over to the context
    work_.reset();
    context_.stop();
    thread_.stop();
}

void Central::take_over_state() {
    if (settings_.state.empty()) {
        return;
    }
    std::filesystem::create_directories(settings_.state);
    const auto events = settings_.state / "events.jsonl";
    const auto orders = settings_.state / "orders.jsonl";
    for (const auto& line : whole_lines(events)) {
        consumer_.event(line, true, clock_.now().instant);
    }
    for (const auto& line : whole_lines(orders)) {
        office_.take_over(line);
    }
    events_file_.open(events, std::ios::app | std::ios::binary);
    orders_file_.open(orders, std::ios::app | std::ios::binary);
    if (!events_file_ || !orders_file_) {
        throw std::runtime_error("central cannot write below " + settings_.state.string());
    }
}

void Central::run_there(const std::function<void()>& task) {
    std::promise<void> done;
    boost::asio::post(context_, [&] {
        try {
            task();
            done.set_value();
        } catch (...) {
            done.set_exception(std::current_exception());
        }
    });
    done.get_future().get();
}

void Central::start() {
    run_there([this] {
        wanted_ = true;
        reconnect_.set(clock_.now().instant);
    });
}

void Central::stop() {
    run_there([this] {
        wanted_ = false;
        connected_ = false;
        speak_.cancel();
        reconnect_.cancel();
        link_->disconnect();
    });
}

void Central::connect() {
    if (!wanted_ || connected_) {
        return;
    }
    try {
        const auto& prefix = settings_.prefix;
        const bool kept = link_->connect({prefix + "/status", prefix + "/event", prefix + "/request"});
        connected_ = true;
        consumer_.connected(kept, clock_.now().instant);
        for (const auto& envelope : std::exchange(unsent_, {})) {
            send("order", envelope);
        }
        say_what_is_due();
    } catch (const std::exception&) {
        // No broker yet, or it went away meanwhile: the next attempt shows.
        link_->disconnect();
        connected_ = false;
        reconnect_.set(clock_.now().instant + reconnect_pause);
    }
}

void Central::arrived(const BrokerLink::Message& message) {
    if (!wanted_) {
        return;  // what was on its way when the outage began
    }
    const auto now = clock_.now().instant;
    if (message.topic == settings_.prefix + "/event") {
        if (consumer_.event(message.payload, message.redelivery, now) == Consumer::Taken::stored) {
            if (events_file_.is_open()) {
                events_file_ << message.payload << '\n' << std::flush;  // stored before it is acknowledged
            }
            republish_usage(message.payload);
            if (observer_) {
                observer_(message.payload);
            }
        }
    } else if (message.topic == settings_.prefix + "/status") {
        consumer_.status(message.payload, now);
    } else {
        answer(message.payload);
    }
    say_what_is_due();
}

void Central::answer(const std::string& request) {
    boost::json::error_code error;
    const auto value = boost::json::parse(request, error);
    const auto* object = error ? nullptr : value.if_object();
    const auto* authority = object == nullptr ? nullptr : object->if_contains("authority");
    const auto* need = object == nullptr ? nullptr : object->if_contains("need");
    if (authority == nullptr || need == nullptr || !authority->is_string() || !need->is_string()) {
        return;
    }
    const std::string name{authority->get_string()};
    if (need->get_string() == "snapshot") {
        return answer_snapshot(name, *object);
    }
    const auto* from = object->if_contains("from");
    if (from == nullptr || !from->is_int64()) {
        return;
    }
    const auto envelopes = office_.from(name, from->get_int64());
    if (envelopes.empty() && office_.has_forgotten(name, from->get_int64())) {
        return answer_snapshot(name, {});
    }
    for (const auto& envelope : envelopes) {
        send("order", envelope);
    }
}

void Central::answer_snapshot(const std::string& authority, const boost::json::object& request) {
    const auto number_in = [&](const char* member) {
        const auto* value = request.if_contains(member);
        return value != nullptr && value->is_int64() ? value->get_int64() : 0;
    };
    const auto chunk = number_in("chunk");
    if (chunk == 0) {
        const auto now = clock_.now().wall;
        auto fresh = office_.snapshot(authority, now, now + settings_.orders_live);
        if (fresh) {
            snapshots_[authority] = std::move(*fresh);
            send_piece(authority, 0);
        }
        return;
    }
    const auto offered = snapshots_.find(authority);
    if (offered != snapshots_.end() && offered->second.number == number_in("number") && chunk > 0 &&
        static_cast<std::size_t>(chunk) < offered->second.pieces.size()) {
        send_piece(authority, static_cast<std::size_t>(chunk));
    }
}

void Central::send_piece(const std::string& authority, std::size_t piece) {
    const auto& snapshot = snapshots_.at(authority);
    send("order/snapshot/" + authority + "/" + std::to_string(snapshot.number) + "/" + std::to_string(piece),
         snapshot.pieces.at(piece));
}

void Central::take_over_orders(const std::string& envelope) {
    run_there([&] { office_.take_over(envelope); });
}

std::pair<std::int64_t, std::string> Central::next_place(const std::string& authority) {
    std::pair<std::int64_t, std::string> place;
    run_there([&] { place = office_.next_place(authority); });
    return place;
}

void Central::forget_orders(const std::string& authority, std::int64_t through) {
    run_there([&] { office_.forget(authority, through); });
}

void Central::say_what_is_due() {
    if (connected_) {
        const auto say = consumer_.due(clock_.now().instant);
        if (say.ack) {
            send("ack", *say.ack);
        }
        if (say.replay) {
            send("replay", *say.replay);
        }
        speak_.set(consumer_.deadline());
    }
    tell();
}

void Central::send(const std::string& topic, const std::string& payload) {
    try {
        link_->publish(settings_.prefix + "/" + topic, payload);
    } catch (const std::exception&) {
        connected_ = false;  // an ack is repeated, an order asked for: nothing is lost but time
        reconnect_.set(clock_.now().instant + reconnect_pause);
    }
}

std::int64_t Central::publish_orders(const std::string& authority, const std::vector<std::string>& orders) {
    std::int64_t number = 0;
    run_there([&] {
        send_batch(authority, orders);
        number = office_.next_place(authority).first - 1;
    });
    return number;
}

void Central::send_batch(const std::string& authority, const std::vector<std::string>& orders) {
    const auto now = clock_.now().wall;
    const auto envelope = office_.issue({authority, orders, now, now + settings_.orders_live, {"*"}});
    if (orders_file_.is_open()) {
        orders_file_ << envelope << '\n' << std::flush;
    }
    if (connected_) {
        send("order", envelope);
    } else {
        unsent_.push_back(envelope);
    }
}

void Central::tell_usage_to(Central& other) {
    run_there([&] { neighbours_.push_back(&other); });
}

void Central::republish_usage(const std::string& event) {
    const auto used = neighbours_.empty() ? std::nullopt : used_place(event);
    for (auto* neighbour : neighbours_) {
        if (used) {
            boost::asio::post(neighbour->context_,
                              [neighbour, used = *used] { neighbour->send_batch(used.authority, {used.operation}); });
        }
    }
}

bool Central::publish_document(const std::string& kind, const std::string& envelope) {
    bool sent = false;
    run_there([&] {
        if (connected_) {
            send("document/" + kind, envelope);
        }
        sent = connected_;
    });
    return sent;
}

void Central::tell() {
    const auto report = consumer_.report();
    std::erase_if(waiters_, [&](Waiter& waiter) {
        const bool met = waiter.condition(report);
        if (met) {
            waiter.met.set_value();
        }
        return met;
    });
}

CentralReport Central::report() {
    CentralReport report;
    run_there([&] {
        report = consumer_.report();
        report.connected = connected_;
    });
    return report;
}

std::vector<std::string> Central::events(std::int64_t from) {
    std::vector<std::string> found;
    run_there([&] { found = consumer_.events(from); });
    return found;
}

bool Central::wait_for(const Condition& condition, std::chrono::milliseconds patience) {
    std::future<void> met;
    std::list<Waiter>::iterator waiter;
    run_there([&] {
        waiters_.push_back({condition, {}});
        waiter = std::prev(waiters_.end());
        met = waiter->met.get_future();
        tell();
    });
    if (met.wait_for(patience) == std::future_status::ready) {
        return true;
    }
    bool late = false;
    run_there([&] {
        late = met.wait_for(std::chrono::seconds{0}) == std::future_status::ready;
        if (!late) {
            waiters_.erase(waiter);
        }
    });
    return late;
}

}  // namespace portcullis::central
