#include "cli/daemon_answer.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <ostream>
#include <utility>

#include "codec/canonical.hpp"
#include "console/control_socket.hpp"

namespace portcullis::cli {

namespace {

constexpr std::size_t largest_answer = std::size_t{2} * 1024 * 1024;

}  // namespace

std::optional<std::string> ask_daemon(const std::filesystem::path& control_socket, std::string_view question,
                                      std::ostream& errors) {
    try {
        return console::ask_control_socket(control_socket, question);
    } catch (const boost::system::system_error& error) {
        if (error.code() == boost::asio::error::timed_out) {
            errors << "the daemon at " << control_socket.string()
                   << " keeps silent: it is stopped or stuck; see `systemctl status portcullisd`\n";
        } else {
            errors << "no daemon answers at " << control_socket.string() << " (" << error.code().message()
                   << "); is portcullisd running, and may you use its socket?\n";
        }
        return std::nullopt;
    }
}

std::optional<Value> read_answer(std::string_view answer, std::ostream& errors) {
    auto read = codec::parse_value(answer, {largest_answer, 32});
    if (!read) {
        errors << "the daemon's answer cannot be read: " << read.error().message() << '\n';
        return std::nullopt;
    }
    if (read->find("error") != nullptr) {
        errors << shown(*read, "error") << '\n';
        return std::nullopt;
    }
    return std::move(read).value();
}

std::string shown(const Value& from, std::string_view member) {
    const auto* value = from.find(member);
    if (value == nullptr) {
        return "-";
    }
    if (const auto* number = value->get<std::int64_t>()) {
        return std::to_string(*number);
    }
    const auto* text = value->get<std::string>();
    return text == nullptr ? "-" : *text;
}

std::optional<std::int64_t> number_in(const Value& from, std::string_view member) {
    const auto* value = from.find(member);
    const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

const List& list_in(const Value& from, std::string_view member) {
    static const List none;
    const auto* value = from.find(member);
    const auto* list = value == nullptr ? nullptr : value->get<List>();
    return list == nullptr ? none : *list;
}

}  // namespace portcullis::cli
