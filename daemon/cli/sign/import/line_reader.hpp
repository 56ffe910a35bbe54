#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/sign/import/text_encoding.hpp"

namespace portcullis::sign {

/// The longest line that is kept; what is longer is read over and refused.
inline constexpr std::size_t longest_line = std::size_t{1} << 20U;

/// A line of a file as UTF-8, without its end.
struct Line {
    std::int64_t number = 0;  ///< from 1
    std::string text;
    std::string problem;  ///< why the text could not be read; then it is empty
};

/// Reads a file line by line, whatever its encoding, in bounded memory.
class LineReader {
public:
    LineReader(std::istream& in, const TextEncoding& encoding);

    /// The next line; false at the end. A line that is not of the encoding is given with its problem.
    [[nodiscard]] bool next(Line& line);
    /// What is wrong with the file as a whole; known when next() has been called.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    bool fill();
    void begin();
    [[nodiscard]] std::size_t find_end(std::size_t from) const;
    /// The line up to `end`, or to the end of the file.
    void give(std::size_t end, bool too_long, Line& line);
    void take(std::string_view bytes, Line& line);

    std::istream& in_;
    const TextEncoding& encoding_;
    std::optional<TextConverter> converter_;  ///< nothing for UTF-8
    std::vector<char> piece_;
    std::string buffer_;    ///< what was read and not given yet
    std::size_t next_ = 0;  ///< where the next line begins in it
    std::int64_t number_ = 0;
    bool begun_ = false;
    bool ended_ = false;
    std::string problem_;
};

}  // namespace portcullis::sign
