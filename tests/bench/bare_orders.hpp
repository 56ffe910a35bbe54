#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace portcullis::bench {

/// What a cache of orders costs at least: their rows inserted in order into one table, in one transaction, by a program
/// that reads and checks nothing; then the log is moved.
class BareOrders {
public:
    explicit BareOrders(const std::filesystem::path& file);
    ~BareOrders();
    BareOrders(const BareOrders&) = delete;
    BareOrders& operator=(const BareOrders&) = delete;
    BareOrders(BareOrders&&) = delete;
    BareOrders& operator=(BareOrders&&) = delete;

    struct Row {
        std::int64_t id = 0;
        std::string order_id;
        std::string enterprise;
        std::string body;
    };
    void insert(const Row& row);
    void finish();

private:
    struct Handles;
    std::unique_ptr<Handles> handles_;
};

}  // namespace portcullis::bench
