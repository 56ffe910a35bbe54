#include "settings/text_check.hpp"

#include <algorithm>
#include <cstddef>

#include "core/utf8.hpp"
#include "settings/yaml_reader.hpp"

namespace portcullis::settings {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The length of the UTF-8 sequence that begins at `at`; 0 = none.
std::size_t sequence_length(std::string_view text, std::size_t at) {
    for (std::size_t length = 1; length <= 4 && at + length <= text.size(); ++length) {
        if (code_points(text.substr(at, length))) {
            return length;
        }
    }
    return 0;
}

struct Fault {
    const char* what;
    const char* help;
};

/// What is wrong with a line, and where in it.
struct LineFault {
    Fault fault;
    std::size_t at = 0;
};

std::optional<LineFault> fault_of(std::string_view line) {
    const auto indentation = std::min(line.find_first_not_of(" \t"), line.size());
    if (const auto tab = line.substr(0, indentation).find('\t'); tab != std::string_view::npos) {
        return LineFault{{"a tab stands in the indentation", "indent with spaces"}, tab};
    }
    for (std::size_t at = 0; at < line.size();) {
        const auto length = sequence_length(line, at);
        if (length == 0) {
            return LineFault{{"this byte is not UTF-8", "save the file as UTF-8"}, at};
        }
        const auto byte = static_cast<unsigned char>(line[at]);
        if (byte == '\r') {
            return LineFault{{"the line ends with CR LF", "save the file with Unix line ends (LF)"}, at};
        }
        if ((byte < 0x20 && byte != '\t') || byte == 0x7F) {
            return LineFault{{"a control character stands here", "take it out"}, at};
        }
        at += length;
    }
    return std::nullopt;
}

}  // namespace

std::optional<ConfigProblem> text_problem(std::string_view text, const std::string& name, std::size_t most) {
    if (text.size() > most) {
        return ConfigProblem{{name, 0, 0},
                             "",
                             "larger than " + std::to_string(most / 1024) + " KiB",
                             "no file of this kind is: is this the right one?"};
    }
    if (text.starts_with(byte_order_mark)) {
        return ConfigProblem{
            {name, 1, 1}, "", "the file begins with a byte order mark", "save it as UTF-8 without BOM"};
    }
    int number = 1;
    for (std::size_t begin = 0; begin < text.size(); ++number) {
        const auto end = std::min(text.find('\n', begin), text.size());
        if (const auto found = fault_of(text.substr(begin, end - begin))) {
            return ConfigProblem{
                {name, number, static_cast<int>(found->at) + 1}, "", found->fault.what, found->fault.help};
        }
        begin = end + 1;
    }
    return std::nullopt;
}

}  // namespace portcullis::settings
