#include "cli/sign/import/json_source.hpp"

#include <utility>

#include "codec/flat_json.hpp"

namespace portcullis::sign {

JsonSource::JsonSource(std::istream& in, const TextEncoding& encoding, Form form, const std::string& path,
                       Columns& columns)
    : lines_(in, encoding), form_(form), columns_(columns) {
    if (form_ == Form::list) {
        enter_list(path);
    }
}

bool JsonSource::fail(const std::string& what) {
    if (problem_.empty()) {
        problem_ = "line " + std::to_string(line_.number) + ": " + what;
    }
    return false;
}

char JsonSource::take() {
    while (at_ >= line_.text.size()) {
        if (!problem_.empty() || !lines_.next(line_)) {
            if (problem_.empty()) {
                problem_ = lines_.problem();
            }
            return 0;
        }
        if (!line_.problem.empty()) {
            // What the line held is unknown, and so is where the object goes on.
            fail(line_.problem);
            return 0;
        }
        line_.text.push_back('\n');
        at_ = 0;
    }
    return line_.text[at_++];
}

char JsonSource::peek() {
    char c = take();
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        c = take();
    }
    if (c != 0) {
        --at_;
    }
    return c;
}

void JsonSource::keep(char c, std::string* kept) {
    if (kept != nullptr && kept->size() <= longest_line) {
        kept->push_back(c);
    }
}

bool JsonSource::take_value(std::string* kept) {
    peek();
    int depth = 0;
    bool in_text = false;
    bool escaped = false;
    while (true) {
        const char c = take();
        if (c == 0) {
            return fail("the file ends within a value");
        }
        keep(c, kept);
        if (in_text) {
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            in_text = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
        if (depth == 0 && !in_text) {
            const char following = peek();
            const bool ended = following == ',' || following == '}' || following == ']' || following == 0;
            if (ended || c == '}' || c == ']' || c == '"') {
                return ended || fail("a comma is missing behind a value");
            }
        }
    }
}

std::string JsonSource::take_name() {
    std::string name;
    if (peek() != '"') {
        fail("a member's name is missing");
        return name;
    }
    take();
    for (char c = take(); c != '"' && c != 0; c = take()) {
        name.push_back(c);
    }
    if (peek() != ':') {
        fail("a colon is missing behind a member's name");
        return name;
    }
    take();
    return name;
}

bool JsonSource::enter_member(std::string_view name) {
    if (peek() != '{') {
        return fail("there is no object with a member `" + std::string{name} + "`");
    }
    take();
    while (problem_.empty()) {
        if (take_name() == name) {
            return problem_.empty();
        }
        if (!take_value(nullptr)) {
            return false;
        }
        if (peek() != ',') {
            return fail("there is no member `" + std::string{name} + "` (input.rows)");
        }
        take();
    }
    return false;
}

bool JsonSource::enter_list(const std::string& path) {
    std::string_view rest = path;
    while (!rest.empty()) {
        const auto dot = rest.find('.');
        if (!enter_member(rest.substr(0, dot))) {
            return false;
        }
        rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    }
    if (peek() != '[') {
        return problem_.empty() && fail("a list of objects is expected here: does input.rows name it?");
    }
    take();
    return true;
}

bool JsonSource::next(Row& row) {
    row.clear();
    if (!problem_.empty()) {
        return false;
    }
    return form_ == Form::lines ? next_of_lines(row) : next_of_list(row);
}

bool JsonSource::next_of_lines(Row& row) {
    do {
        if (!lines_.next(line_)) {
            problem_ = lines_.problem();
            return false;
        }
    } while (line_.problem.empty() && line_.text.find_first_not_of(" \t") == std::string::npos);
    row.line = line_.number;
    if (!line_.problem.empty()) {
        row.problems.push_back({{}, {}, line_.problem});
        return true;
    }
    put(line_.text, row);
    return true;
}

bool JsonSource::next_of_list(Row& row) {
    const char first = peek();
    if (first == ']' || first == 0) {
        return first == 0 && fail("the list has no end");
    }
    if (begun_) {
        if (first != ',') {
            return fail("a comma is missing between two objects");
        }
        take();
        peek();
    }
    begun_ = true;
    row.line = line_.number;
    std::string object;
    if (!take_value(&object)) {
        return false;
    }
    put(object, row);
    return true;
}

void JsonSource::put(const std::string& object, Row& row) {
    if (object.size() > longest_line) {
        row.problems.push_back({{}, {}, "the object is longer than " + std::to_string(longest_line) + " bytes"});
        return;
    }
    auto flat = codec::flat_json(object);
    if (!flat) {
        row.problems.push_back({{}, {}, flat.error()});
        return;
    }
    for (auto& member : *flat) {
        const auto id = columns_.id(member.path);
        seen_.insert(id);
        row.set(id, std::move(member.text));
    }
}

}  // namespace portcullis::sign
