#include "cli/sign/import/line_reader.hpp"

#include "core/utf8.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

std::string too_long_text() {
    return "the line is longer than " + std::to_string(longest_line) + " bytes";
}

std::size_t unit_bytes(const TextEncoding& encoding) {
    return encoding.unit == LineUnit::byte ? 1 : 2;
}

}  // namespace

LineReader::LineReader(std::istream& in, const TextEncoding& encoding)
    : in_(in), encoding_(encoding), piece_(piece_bytes) {
    if (encoding.name != "utf-8") {
        converter_.emplace("UTF-8", encoding.system);
    }
}

bool LineReader::fill() {
    if (ended_) {
        return false;
    }
    in_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    const auto got = static_cast<std::size_t>(in_.gcount());
    ended_ = got < piece_.size();
    if (in_.bad()) {
        problem_ = "cannot be read to its end";
    }
    buffer_.erase(0, next_);
    next_ = 0;
    buffer_.append(piece_.data(), got);
    return got > 0;
}

void LineReader::begin() {
    begun_ = true;
    fill();
    const auto* const marked = marked_encoding(buffer_);
    if (marked == nullptr) {
        return;
    }
    // A mark tells for certain; a mapping that says otherwise would turn every Chinese word into another one.
    if (marked != &encoding_) {
        problem_ = "begins with the mark of " + std::string{marked->name} + ", and the mapping says " +
                   std::string{encoding_.name} + ": correct the mapping's input.encoding";
        return;
    }
    next_ = encoding_.mark.size();
}

std::size_t LineReader::find_end(std::size_t from) const {
    if (encoding_.unit == LineUnit::byte) {
        return buffer_.find('\n', from);
    }
    const std::string_view end =
        encoding_.unit == LineUnit::two_little ? std::string_view{"\n\0", 2} : std::string_view{"\0\n", 2};
    auto found = buffer_.find(end, from);
    while (found != std::string::npos && (found - next_) % 2 != 0) {
        found = buffer_.find(end, found + 1);
    }
    return found;
}

bool LineReader::next(Line& line) {
    if (!begun_) {
        begin();
    }
    line.text.clear();
    line.problem.clear();
    bool too_long = false;
    auto searched = next_;
    while (problem_.empty()) {
        const auto end = find_end(searched);
        if (end != std::string::npos || (ended_ && next_ < buffer_.size())) {
            give(end, too_long, line);
            return true;
        }
        if (buffer_.size() - next_ > longest_line) {
            too_long = true;
            next_ = buffer_.size() - buffer_.size() % unit_bytes(encoding_);
        }
        // A line end of two bytes may lie across what was read and what comes.
        const auto unsearched = buffer_.size() - next_;
        if (!fill() && next_ >= buffer_.size()) {
            if (too_long) {
                give(std::string::npos, too_long, line);
            }
            return too_long;
        }
        searched = next_ + (unsearched < 2 ? 0 : unsearched - 1);
    }
    return false;
}

void LineReader::give(std::size_t end, bool too_long, Line& line) {
    line.number = ++number_;
    const auto stop = end == std::string::npos ? buffer_.size() : end;
    if (too_long || stop - next_ > longest_line) {
        line.problem = too_long_text();
    } else {
        take(std::string_view{buffer_}.substr(next_, stop - next_), line);
    }
    next_ = end == std::string::npos ? buffer_.size() : end + unit_bytes(encoding_);
}

void LineReader::take(std::string_view bytes, Line& line) {
    if (converter_) {
        auto converted = converter_->convert(bytes);
        if (!converted) {
            line.problem = "byte " + std::to_string(converted.error() + 1) + " of the line is no text of " +
                           std::string{encoding_.name};
            return;
        }
        line.text = std::move(converted).value();
    } else if (is_utf8(bytes)) {
        line.text = bytes;
    } else {
        line.problem = "the line is no text of utf-8: does the mapping name the file's encoding (input.encoding)?";
        return;
    }
    if (line.text.ends_with('\r')) {
        line.text.pop_back();
    }
}

}  // namespace portcullis::sign
