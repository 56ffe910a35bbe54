#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/hash256.hpp"
#include "core/result.hpp"
#include "store/failure.hpp"

namespace portcullis::store {

/// What an import finds out about an order by its id.
enum class OrderNews : std::uint8_t {
    fresh,    ///< was in no import before
    changed,  ///< says something else than last time
    same,
    twice,   ///< stood in this import already
    foreign  ///< is of another export of the same authority
};

struct OrderNote {
    OrderNews news = OrderNews::fresh;
    std::int64_t place = 0;  ///< for `twice`: what note() was given then
    std::string owner;       ///< for `foreign`: the other export
};

/// The last batch of an authority that was signed here.
struct ChainEnd {
    std::int64_t number = 0;
    std::string sha256;
};

/// What central has imported so far: each order's hash, so that the same export again brings only what changed, and
/// where each authority's chain of batches stands. A file of central's side; no gate has one. An import is one
/// transaction: what was not committed never was.
class ImportLog {
public:
    /// Opens or makes the file.
    [[nodiscard]] static Result<std::unique_ptr<ImportLog>, StoreFailure> open(const std::filesystem::path& file);
    ~ImportLog();
    ImportLog(const ImportLog&) = delete;
    ImportLog& operator=(const ImportLog&) = delete;

    // Each throws std::runtime_error when the file cannot be read or written: nothing is committed then.

    /// Begins an import of `source`, a kind of export, for an authority.
    void begin(std::string_view authority, std::string_view source);
    /// Notes that the import has this order, with this content. `in_force`: it is no revocation.
    [[nodiscard]] OrderNote note(std::string_view order, const Hash256& content, bool in_force, std::int64_t place);
    /// Notes that the import has this order in a row that was refused: what was known of it stays.
    void keep(std::string_view order);
    /// Gives every order that this source brought before, that is still in force and not in this import.
    void vanished(const std::function<void(const std::string& order)>& give);
    /// Takes an order out of force: the next import that has it brings it as fresh.
    void forget(std::string_view order);
    [[nodiscard]] std::optional<ChainEnd> chain(std::string_view authority);
    void set_chain(const ChainEnd& end);
    void commit();

private:
    class Impl;
    explicit ImportLog(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace portcullis::store
