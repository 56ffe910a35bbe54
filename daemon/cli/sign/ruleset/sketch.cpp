#include "cli/sign/ruleset/sketch.hpp"

#include "codec/canonical.hpp"

namespace portcullis::sign {
namespace {

/// One step of an RFC 6901 pointer.
std::string escaped(std::string_view name) {
    std::string out = "/";
    for (const char c : name) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace

void Sketch::step(std::string_view name, const ConfigNode& source) {
    auto& frame = frames_.back();
    if (frame.items++ > 0) {
        text_ += ',';
    }
    next_ = frame.pointer + escaped(name);
    sources_[next_] = &source;
}

void Sketch::member(std::string_view name, const ConfigNode& source) {
    step(name, source);
    text(name);
    text_ += ':';
}

void Sketch::item(const ConfigNode& source) {
    step(std::to_string(frames_.back().items), source);
}

void Sketch::open(char begin) {
    text_ += begin;
    frames_.push_back({begin == '{' ? '}' : ']', next_, 0});
}

void Sketch::close() {
    text_ += frames_.back().end;
    frames_.pop_back();
}

void Sketch::text(std::string_view text) {
    codec::CanonicalWriter{text_}.text(text);
}

const ConfigNode* Sketch::source_of(std::string pointer) const {
    for (;;) {
        const auto found = sources_.find(pointer);
        if (found != sources_.end()) {
            return found->second;
        }
        const auto slash = pointer.rfind('/');
        if (slash == std::string::npos) {
            return nullptr;
        }
        pointer.resize(slash);
    }
}

}  // namespace portcullis::sign
