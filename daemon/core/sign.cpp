#include "core/sign.hpp"

namespace portcullis {

SignFace face_of(const SignMessage& message, const SignWords& words, std::string_view language) {
    constexpr std::string_view gap = "{zone}";
    SignFace face{std::string{text_of(message.text)}, colour_of(message.text)};
    if (const auto row = words.find(message.text); row != words.end()) {
        if (const auto said = row->second.find(language); said != row->second.end()) {
            face.words = said->second;
        }
    }
    if (const auto at = face.words.find(gap); at != std::string::npos) {
        face.words.replace(at, gap.size(), message.zone);
    }
    return face;
}

}  // namespace portcullis
