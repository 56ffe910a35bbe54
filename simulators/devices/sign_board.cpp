#include "simulators/devices/sign_board.hpp"

#include <iconv.h>

#include <stdexcept>

namespace portcullis::simulators {

namespace {

constexpr std::size_t longest_line = 128;

}  // namespace

SignBoard::SignBoard(boost::asio::io_context& context) : port_(context) {
    port_.on_bytes([this](std::string_view bytes) { heard(bytes); });
}

void SignBoard::heard(std::string_view bytes) {
    waiting_.append(bytes);
    for (auto end = waiting_.find("\r\n"); end != std::string::npos; end = waiting_.find("\r\n")) {
        line(waiting_.substr(0, end));
        waiting_.erase(0, end + 2);
    }
    if (waiting_.size() > longest_line) {
        ++refused_;
        waiting_.clear();
    }
}

void SignBoard::line(const std::string& bytes) {
    try {
        if (bytes.empty() || std::string_view{"RYG"}.find(bytes.front()) == std::string_view::npos) {
            throw std::runtime_error{"no colour"};
        }
        auto text = from_gbk(std::string_view{bytes}.substr(1));
        face_ = bytes.substr(0, 1) + " " + text;
        if ((shown_.empty() || shown_.back() != text) && shown_.size() < most_shown) {
            shown_.push_back(std::move(text));
        }
    } catch (const std::runtime_error&) {
        ++refused_;
    }
}

std::string from_gbk(std::string_view bytes) {
    const auto converter = ::iconv_open("UTF-8", "GBK");
    if (converter == reinterpret_cast<iconv_t>(-1)) {  // NOLINT: iconv's own failure value
        throw std::runtime_error{"this system has no GBK in iconv"};
    }
    std::string in{bytes};
    std::string out(bytes.size() * 3 + 4, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size();
    std::size_t room = out.size();
    const auto done = ::iconv(converter, &from, &left, &to, &room);
    ::iconv_close(converter);
    if (done == static_cast<std::size_t>(-1)) {
        throw std::runtime_error{"this is no GBK"};
    }
    out.resize(out.size() - room);
    return out;
}

}  // namespace portcullis::simulators
