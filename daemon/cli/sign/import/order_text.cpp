#include "cli/sign/import/order_text.hpp"

#include "codec/canonical.hpp"

namespace portcullis::sign {

void ObjectText::begin(std::string_view name) {
    if (!empty()) {
        out_.push_back(',');
    }
    codec::CanonicalWriter{out_}.text(name);
    out_.push_back(':');
}

void ObjectText::text(std::string_view name, std::string_view value) {
    begin(name);
    codec::CanonicalWriter{out_}.text(value);
}

void ObjectText::integer(std::string_view name, std::int64_t value) {
    begin(name);
    out_ += std::to_string(value);
}

void ObjectText::flag(std::string_view name, bool value) {
    begin(name);
    out_ += value ? "true" : "false";
}

void ObjectText::list(std::string_view name, const std::vector<std::string>& values) {
    begin(name);
    out_.push_back('[');
    for (const auto& value : values) {
        if (out_.back() != '[') {
            out_.push_back(',');
        }
        codec::CanonicalWriter{out_}.text(value);
    }
    out_.push_back(']');
}

void ObjectText::object(std::string_view name, const ObjectText& object) {
    begin(name);
    out_ += object.whole();
}

void ObjectText::objects(std::string_view name, const std::vector<ObjectText>& objects) {
    begin(name);
    out_.push_back('[');
    for (const auto& object : objects) {
        out_ += (out_.back() == '[' ? "" : ",") + object.whole();
    }
    out_.push_back(']');
}

}  // namespace portcullis::sign
