#include "simulators/run/teller.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace portcullis::run {

namespace {

std::string time_column(double seconds) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%6.1f s", seconds);
    return text.data();
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) {
        text.resize(width, ' ');
    }
    return text;
}

}  // namespace

std::string Teller::toned(const std::string& text, Tone tone) const {
    if (!colours_) {
        return text;
    }
    switch (tone) {
        case Tone::plain:
            return text;
        case Tone::good:
            return "\033[32m" + text + "\033[0m";
        case Tone::bad:
            return "\033[31m" + text + "\033[0m";
        case Tone::quiet:
            return "\033[2m" + text + "\033[0m";
        case Tone::title:
            return "\033[1m" + text + "\033[0m";
    }
    return text;
}

std::shared_ptr<Tale> Teller::begin(const std::string& title, const std::string& tells, const std::string& lane) {
    auto tale = std::make_shared<Tale>();
    if (!quiet_) {
        stage_.push_back(tale);
        add(*tale, "");
        add(*tale, toned(title, Tone::title) + toned("  (" + lane + ")", Tone::quiet));
        if (!tells.empty()) {
            add(*tale, toned(tells, Tone::quiet));
        }
    }
    return tale;
}

void Teller::say(Tale& tale, double seconds, const std::string& who, const std::string& what, Tone tone) {
    if (!quiet_) {
        add(tale, toned(time_column(seconds), Tone::quiet) + "  " + padded(who, 9) + " " + toned(what, tone));
    }
}

void Teller::end(Tale& tale, const std::string& what, Tone tone) {
    tale.over_ = true;
    add(tale, toned(what, tone));
    if (quiet_) {
        for (const auto& line : std::exchange(tale.waiting_, {})) {
            out_ << line << std::endl;
        }
    }
}

void Teller::remark(const std::string& what, Tone tone) {
    out_ << toned(what, tone) << std::endl;
}

void Teller::add(Tale& tale, std::string line) {
    tale.waiting_.push_back(std::move(line));
    tell();
}

void Teller::tell() {
    while (!stage_.empty()) {
        auto& tale = *stage_.front();
        for (const auto& line : std::exchange(tale.waiting_, {})) {
            out_ << line << std::endl;
        }
        if (!tale.over_) {
            return;
        }
        stage_.pop_front();
    }
}

}  // namespace portcullis::run
