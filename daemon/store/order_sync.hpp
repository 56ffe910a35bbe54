#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "store/database.hpp"
#include "store/failure.hpp"
#include "store/open_database.hpp"

namespace portcullis::store {

/// Makes a part of a file of orders durable, on whatever thread.
class OrderSync {
public:
    OrderSync(std::shared_ptr<Database> database, Sync sync) : database_(std::move(database)), sync_(sync) {}

    void run() {
        try {
            sync_.run();
        } catch (const DatabaseError& error) {
            failure_ = failure_of(error);
        }
    }
    /// What went wrong.
    [[nodiscard]] const std::optional<StoreFailure>& failure() const { return failure_; }
    [[nodiscard]] bool is_of(const Database& database) const { return database_.get() == &database; }

private:
    std::shared_ptr<Database> database_;  ///< stays open meanwhile, also where a snapshot takes its place
    Sync sync_;
    std::optional<StoreFailure> failure_;
};

}  // namespace portcullis::store
