#include "cli/sign/sampling_key_file.hpp"

#include <fstream>
#include <iterator>
#include <optional>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

constexpr std::string_view kind = "sampling_secret";
constexpr std::size_t members = 7;

std::optional<std::string> text_of_member(const Value& value, std::string_view name) {
    const auto* member = value.find(name);
    const auto* text = member == nullptr ? nullptr : member->get<std::string>();
    return text == nullptr ? std::nullopt : std::optional{*text};
}

}  // namespace

std::string sampling_key_text(const SamplingKeyFile& key) {
    return codec::canonical_text(Value{Object{{"kind", kind},
                                              {"terminal", key.terminal},
                                              {"gate", key.gate},
                                              {"key_id", key.key_id},
                                              {"from", time_text(key.from)},
                                              {"to", time_text(key.to)},
                                              {"key", key.secret.text()}}})
        .value()
        .append("\n");
}

Result<SamplingKeyFile, std::string> sampling_key_from(std::string_view text) {
    const auto value = codec::parse_value(text);
    if (!value) {
        return Failure{value.error().message()};
    }
    const auto from = time_from_text(text_of_member(*value, "from").value_or(""));
    const auto to = time_from_text(text_of_member(*value, "to").value_or(""));
    auto secret = trust::SamplingSecret::parse(text_of_member(*value, "key").value_or(""));
    const auto terminal = text_of_member(*value, "terminal");
    const auto gate = text_of_member(*value, "gate");
    const auto key_id = text_of_member(*value, "key_id");
    const auto* object = value->get<Object>();
    if (text_of_member(*value, "kind") != kind || object->size() != members || !from || !to || *to <= *from ||
        !secret || !terminal || !gate || !key_id) {
        return Failure{std::string{"is no key of portcullis-sign sampling-key new"}};
    }
    return SamplingKeyFile{*terminal, *gate, *key_id, *from, *to, std::move(*secret)};
}

Result<SamplingKeyFile, std::string> read_sampling_key_file(const std::filesystem::path& path) {
    std::ifstream file{path};
    if (!file) {
        return Failure{path.string() + ": cannot be read"};
    }
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    auto key = sampling_key_from(text);
    if (!key) {
        return Failure{path.string() + ": " + key.error()};
    }
    return std::move(key).value();
}

std::string commitment_row(const SamplingKeyFile& key) {
    return "{ key: " + key.key_id + ", gate: " + key.gate + ", commitment: " + hex_text(key.secret.commitment()) +
           ", from: " + time_text(key.from) + ", to: " + time_text(key.to) + " }";
}

}  // namespace portcullis::sign
