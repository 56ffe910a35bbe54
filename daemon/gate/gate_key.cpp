#include "gate/gate_key.hpp"

#include <string>
#include <utility>

#include "core/hash256.hpp"
#include "store/state_directory.hpp"

namespace portcullis::gate {

Result<GateKey, store::StoreFailure> open_gate_key(const std::filesystem::path& state, const IdSource& ids) {
    const auto file = state / "gate.key";
    std::error_code error;
    if (!std::filesystem::exists(file, error) && !error) {
        const auto seed = hex_text(ids()) + hex_text(ids());
        if (auto failure = store::write_small_file(file, seed + "\n")) {
            return Failure{std::move(*failure)};
        }
        return GateKey{trust::SigningKey::from_seed(seed).value(), true};
    }
    auto text = store::read_small_file(file);
    if (!text.empty() && text.back() == '\n') {
        text.pop_back();
    }
    auto key = trust::SigningKey::from_seed(text);
    if (!key) {
        return Failure{store::StoreFailure{
            store::StoreFault::not_ours,
            file.string() +
                ": cannot be read, or is not 64 hex digits; restore it, or move it away to begin with a new "
                "key, which central must be told of"}};
    }
    return GateKey{std::move(*key), false};
}

}  // namespace portcullis::gate
