#pragma once

#include <string>
#include <string_view>

#include "trust/signature.hpp"

namespace portcullis::sign {

/// The envelope of `kind` around these payload bytes, with one signature. The caller has read the payload: nothing is
/// signed that a gate would refuse.
[[nodiscard]] std::string sign_document(std::string_view kind, std::string_view payload, const trust::SigningKey& key);

}  // namespace portcullis::sign
