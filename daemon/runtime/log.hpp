#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/enum_text.hpp"
#include "core/tagged.hpp"

namespace spdlog {
class logger;
}

namespace portcullis::runtime {

enum class LogLevel : std::uint8_t { debug, info, notice, warning, error };

/// One `key=value` of a log line.
struct LogField {
    std::string key;
    std::string value;

    LogField(std::string_view name, std::string_view text) : key(name), value(text) {}
    template <std::integral Number>
    LogField(std::string_view name, Number number) : key(name), value(std::to_string(number)) {}
    template <class Tag>
    LogField(std::string_view name, const Tagged<Tag>& text) : key(name), value(text.text()) {}
    template <HasTexts Enum>
    LogField(std::string_view name, Enum word) : key(name), value(text_of(word)) {}
};

using LogFields = std::initializer_list<LogField>;

/// `message key=value key="value with spaces"`: control characters of values are escaped, because plates and device
/// answers are text from strangers.
[[nodiscard]] std::string log_line(std::string_view message, LogFields fields);

/// Writes one line an event to stderr: with the journal's level prefix (`<6>`) under systemd, with time and level
/// elsewhere. May be used from any thread. Copies share one sink.
class Log {
public:
    enum class Form : std::uint8_t { journal, plain };

    Log(Form form, LogLevel least);
    /// The same over another sink (tests).
    explicit Log(std::shared_ptr<spdlog::logger> logger);

    void debug(std::string_view message, LogFields fields = {}) const { write(LogLevel::debug, message, fields); }
    void info(std::string_view message, LogFields fields = {}) const { write(LogLevel::info, message, fields); }
    /// Normal and worth an operator's eye: start, stop, a device back.
    void notice(std::string_view message, LogFields fields = {}) const { write(LogLevel::notice, message, fields); }
    void warning(std::string_view message, LogFields fields = {}) const { write(LogLevel::warning, message, fields); }
    void error(std::string_view message, LogFields fields = {}) const { write(LogLevel::error, message, fields); }
    void write(LogLevel level, std::string_view message, LogFields fields) const;

private:
    std::shared_ptr<spdlog::logger> logger_;
    Form form_ = Form::plain;
};

/// `journal` when systemd reads our stderr (JOURNAL_STREAM is set), else `plain`.
[[nodiscard]] Log::Form log_form_of_environment();

/// Bounds a line that may repeat for months: the first, then every Nth, and the count at the end.
class RepeatBound {
public:
    explicit RepeatBound(std::uint64_t every) : every_(every) {}

    /// Counts one; true when this one is to be written.
    [[nodiscard]] bool admit() { return count_++ % every_ == 0; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// How often it came, when more often than was written; begins anew. For the summary line.
    [[nodiscard]] std::optional<std::uint64_t> finish();

private:
    std::uint64_t every_;
    std::uint64_t count_ = 0;
};

}  // namespace portcullis::runtime
