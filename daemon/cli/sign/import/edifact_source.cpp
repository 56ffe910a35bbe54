#include "cli/sign/import/edifact_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "core/utf8.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t longest_segment = std::size_t{64} * 1024;
constexpr std::size_t most_segments = 200'000;  ///< of a message: about 9,999 equipments
constexpr std::string_view usual_service = ":+.? '";

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// A number at the end of a path, behind its dot.
std::optional<std::size_t> take_index(std::string_view& text) {
    std::size_t index = 0;
    if (!text.starts_with('.')) {
        return std::nullopt;
    }
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), index);
    if (error != std::errc{} || index == 0 || index > 99) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return index;
}

bool fits(const EdifactSegment& segment, const EdifactPath& path) {
    if (segment.tag() != path.tag) {
        return false;
    }
    for (std::size_t i = 0; i < path.qualifiers.size(); ++i) {
        if (segment.value(i + 1, 1) != path.qualifiers[i]) {
            return false;
        }
    }
    return true;
}

/// Carries no statement about equipment: envelope and counts.
bool is_service(std::string_view tag) {
    return tag.starts_with("UN") || tag == "CNT";
}

}  // namespace

std::optional<EdifactPath> EdifactPath::parse(std::string_view text) {
    EdifactPath path;
    if (text.size() < 3 || !std::ranges::all_of(text.substr(0, 3), is_upper)) {
        return std::nullopt;
    }
    path.tag = text.substr(0, 3);
    text.remove_prefix(3);
    if (text.starts_with('(')) {
        const auto close = text.find(')');
        if (close == std::string_view::npos) {
            return std::nullopt;
        }
        auto inside = text.substr(1, close - 1);
        while (true) {
            const auto plus = inside.find('+');
            path.qualifiers.emplace_back(inside.substr(0, plus));
            if (plus == std::string_view::npos) {
                break;
            }
            inside.remove_prefix(plus + 1);
        }
        text.remove_prefix(close + 1);
    }
    const auto element = take_index(text);
    const auto component = text.empty() ? std::optional<std::size_t>{1} : take_index(text);
    if (!element || !component || !text.empty()) {
        return std::nullopt;
    }
    path.element = *element;
    path.component = *component;
    return path;
}

EdifactSource::EdifactSource(std::istream& in, const TextEncoding& encoding, Columns& columns)
    : in_(in), columns_(columns) {
    if (encoding.name != "utf-8") {
        converter_.emplace("UTF-8", encoding.system);
    }
    for (ColumnId id = 0; id < columns.size(); ++id) {
        if (auto path = EdifactPath::parse(columns.name(id))) {
            paths_.push_back({id, std::move(*path)});
        }
    }
}

bool EdifactSource::fail(const std::string& what) {
    if (problem_.empty()) {
        problem_ = "line " + std::to_string(line_) + ": " + what;
    }
    return false;
}

int EdifactSource::take() {
    const int c = in_.get();
    line_ += c == '\n' ? 1 : 0;
    return c;
}

bool EdifactSource::read_service() {
    begun_ = true;
    while (in_.peek() == '\n' || in_.peek() == '\r' || in_.peek() == ' ') {
        take();
    }
    std::string tag(3, '\0');
    in_.read(tag.data(), 3);
    if (tag == "UNA") {
        std::string service(usual_service.size(), '\0');
        in_.read(service.data(), static_cast<std::streamsize>(service.size()));
        service_ = {service[0], service[1], service[3], service[5]};
        return in_.good() || fail("ends within its first segment");
    }
    const bool whole = in_.good();
    for (auto c = tag.rbegin(); whole && c != tag.rend(); ++c) {
        in_.putback(*c);
    }
    return tag == "UNB" || fail("does not begin with UNA or UNB: it is no interchange of EDIFACT");
}

bool EdifactSource::next_segment(EdifactSegment& segment) {
    segment = {};
    std::string bytes;
    bool released = false;
    for (int c = take(); c != std::istream::traits_type::eof(); c = take()) {
        const char byte = static_cast<char>(c);
        if (bytes.empty() && (byte == '\n' || byte == '\r' || byte == ' ')) {
            continue;
        }
        if (bytes.empty()) {
            segment.line = line_;
        }
        if (byte == service_.end && !released) {
            split(bytes, segment);
            return true;
        }
        if (bytes.size() >= longest_segment) {
            return fail("a segment is longer than " + std::to_string(longest_segment) + " bytes");
        }
        released = !released && byte == service_.release;
        if (byte != '\n' && byte != '\r') {
            bytes.push_back(byte);
        }
    }
    return false;
}

void EdifactSource::split(std::string_view bytes, EdifactSegment& segment) {
    segment.elements.assign(1, {std::string{}});
    bool released = false;
    for (const char c : bytes) {
        auto& element = segment.elements.back();
        if (!released && c == service_.release) {
            released = true;
            continue;
        }
        if (!released && c == service_.element) {
            segment.elements.push_back({std::string{}});
        } else if (!released && c == service_.component) {
            element.emplace_back();
        } else {
            element.back().push_back(c);
        }
        released = false;
    }
    for (auto& element : segment.elements) {
        for (auto& component : element) {
            if (converter_) {
                auto converted = converter_->convert(component);
                if (!converted) {
                    segment.problem = "holds bytes that are no text";
                }
                component = converted ? std::move(converted).value() : std::string{};
            } else if (!is_utf8(component)) {
                component.clear();
                segment.problem = "holds bytes that are no text";
            }
        }
    }
}

bool EdifactSource::next(Row& row) {
    if (!begun_ && !read_service()) {
        return false;
    }
    while (rows_.empty()) {
        if (ended_ || !problem_.empty() || !read_message()) {
            return false;
        }
    }
    row = std::move(rows_.front());
    rows_.pop_front();
    return true;
}

/// Reads up to the end of a message, or of the interchange.
bool EdifactSource::read_message() {
    std::vector<EdifactSegment> message;
    EdifactSegment segment;
    while (next_segment(segment)) {
        const auto tag = segment.tag();
        if (tag == "UNZ") {
            ended_ = true;
            if (segment.value(1, 1) != std::to_string(messages_)) {
                return fail("UNZ counts " + std::string{segment.value(1, 1)} + " messages, and there are " +
                            std::to_string(messages_));
            }
            return true;
        }
        if (tag == "UNB") {
            interchange_.assign(1, segment);
        }
        if (tag == "UNB" || tag == "UNG" || tag == "UNE") {
            continue;
        }
        if (tag == "UNH") {
            message.clear();
        }
        message.push_back(segment);
        if (message.size() > most_segments) {
            return fail("a message has more than " + std::to_string(most_segments) + " segments");
        }
        if (tag == "UNT") {
            ++messages_;
            const bool complete =
                message.front().tag() == "UNH" && segment.value(1, 1) == std::to_string(message.size());
            make_rows(message, complete ? std::string{}
                                        : "its message has " + std::to_string(message.size()) +
                                              " segments from UNH to UNT, and UNT counts " +
                                              std::string{segment.value(1, 1)});
            return true;
        }
    }
    return fail("the file ends before UNZ: it is cut short");
}

void EdifactSource::note(const EdifactSegment& segment) {
    bool mapped = is_service(segment.tag());
    for (const auto& path : paths_) {
        mapped = mapped || fits(segment, path.path);
    }
    if (!mapped) {
        const auto qualifier = std::string{segment.value(1, 1)};
        const bool coded = !qualifier.empty() && qualifier.size() <= 3;
        seen_.insert(columns_.id(std::string{segment.tag()} + (coded ? "(" + qualifier + ")" : "")));
    }
}

void EdifactSource::make_rows(const std::vector<EdifactSegment>& message, const std::string& problem) {
    const auto is_equipment = [](const EdifactSegment& segment) { return segment.tag() == "EQD"; };
    std::ranges::for_each(message, [this](const EdifactSegment& segment) { note(segment); });
    const auto first = std::ranges::find_if(message, is_equipment);
    const auto before = rows_.size();
    for (auto begin = first; begin != message.end();) {
        const auto end = std::find_if(begin + 1, message.end(), is_equipment);
        rows_.push_back(row_of(std::span{message.begin(), first}, std::span{begin, end}));
        begin = end;
    }
    if (rows_.size() == before) {
        rows_.emplace_back().line = message.front().line;
        rows_.back().problems.push_back({{}, {}, "a message without equipment (EQD)"});
    }
    for (auto i = before; !problem.empty() && i < rows_.size(); ++i) {
        rows_[i].problems.push_back({{}, {}, problem});
    }
}

/// Every value at a path; several are a list.
std::string EdifactSource::value_of(const EdifactPath& path, std::span<const EdifactSegment> segments) const {
    std::string text;
    for (const auto& segment : segments) {
        const auto value = fits(segment, path) ? segment.value(path.element, path.component) : std::string_view{};
        if (!value.empty()) {
            text.append(text.empty() ? "" : std::string(1, list_separator)).append(value);
        }
    }
    return text;
}

Row EdifactSource::row_of(std::span<const EdifactSegment> head, std::span<const EdifactSegment> equipment) {
    Row row;
    row.line = equipment.front().line;
    // What the equipment says of itself goes before what the message says of all.
    const std::array<std::span<const EdifactSegment>, 3> parts{equipment, head, interchange_};
    for (const auto& path : paths_) {
        std::string text;
        for (const auto part : parts) {
            if (text.empty()) {
                text = value_of(path.path, part);
            }
        }
        if (!text.empty()) {
            seen_.insert(path.column);
            row.set(path.column, std::move(text));
        }
    }
    for (const auto part : parts) {
        for (const auto& segment : part) {
            if (!segment.problem.empty()) {
                row.problems.push_back({std::string{segment.tag()}, {}, segment.problem});
            }
        }
    }
    return row;
}

}  // namespace portcullis::sign
