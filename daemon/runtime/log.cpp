#include "runtime/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace portcullis::runtime {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
        case LogLevel::notice:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

/// sd-daemon(3): the kernel's levels.
std::string_view journal_prefix(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "<7>";
        case LogLevel::info:
            return "<6>";
        case LogLevel::notice:
            return "<5>";
        case LogLevel::warning:
            return "<4>";
        case LogLevel::error:
            return "<3>";
    }
    return "<3>";
}

bool is_plain(std::string_view value) {
    return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f';
    });
}

void append_escaped(std::string& line, std::string_view value) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            line += '\\';
            line += c;
        } else if (byte < 0x20U || byte == 0x7fU) {
            line += "\\x";
            line += digits[byte >> 4U];
            line += digits[byte & 15U];
        } else {
            line += c;
        }
    }
}

}  // namespace

std::string log_line(std::string_view message, LogFields fields) {
    std::string line;
    append_escaped(line, message);
    for (const auto& field : fields) {
        line += ' ';
        line += field.key;
        line += '=';
        if (is_plain(field.value)) {
            line += field.value;
        } else {
            line += '"';
            append_escaped(line, field.value);
            line += '"';
        }
    }
    return line;
}

Log::Log(Form form, LogLevel least)
    : logger_(std::make_shared<spdlog::logger>("portcullis", std::make_shared<spdlog::sinks::stderr_sink_mt>())),
      form_(form) {
    logger_->set_level(spdlog_level(least));
    logger_->set_pattern(form == Form::journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

Log::Log(std::shared_ptr<spdlog::logger> logger) : logger_(std::move(logger)) {}

void Log::write(LogLevel level, std::string_view message, LogFields fields) const {
    const auto spd = spdlog_level(level);
    if (!logger_->should_log(spd)) {
        return;
    }
    const auto line = log_line(message, fields);
    if (form_ == Form::journal) {
        logger_->log(spd, "{}{}", journal_prefix(level), line);
    } else {
        logger_->log(spd, "{}", line);
    }
}

Log::Form log_form_of_environment() {
    // Read once at start, before there is a second thread.
    return std::getenv("JOURNAL_STREAM") != nullptr ? Log::Form::journal
                                                    : Log::Form::plain;  // NOLINT(concurrency-mt-unsafe)
}

std::optional<std::uint64_t> RepeatBound::finish() {
    const auto count = std::exchange(count_, 0);
    return count > 1 ? std::optional{count} : std::nullopt;
}

}  // namespace portcullis::runtime
