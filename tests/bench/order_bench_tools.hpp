#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "gate/snapshot_chunk.hpp"
#include "runtime/clock.hpp"
#include "store/order_cache.hpp"
#include "store/order_fill.hpp"
#include "supervision/evaluate.hpp"
#include "tests/bench/order_load.hpp"
#include "trust/hash.hpp"

namespace portcullis::bench {

inline const Authority ciq{"ciq"};

/// How long things take, one by one and in all.
class Stopwatch {
public:
    template <class Work>
    double run(const Work& work) {
        const auto began = clock_.now().instant;
        work();
        const auto took = std::chrono::duration<double, std::micro>(clock_.now().instant - began).count();
        sum_us_ += took;
        return took;
    }
    [[nodiscard]] double us() const { return sum_us_; }

private:
    runtime::SystemClock clock_;
    double sum_us_ = 0;
};

/// What of this process is in memory.
inline double resident_mib() {
    std::ifstream status{"/proc/self/status"};
    for (std::string word; status >> word;) {
        if (word == "VmRSS:") {
            double kib = 0;
            status >> kib;
            return kib / 1024;
        }
    }
    throw std::runtime_error{"/proc/self/status names no VmRSS"};
}

/// The value, or an exception.
template <class Value>
Value must(Result<Value, store::StoreFailure> result) {
    if (!result) {
        throw std::runtime_error{result.error().message};
    }
    return std::move(result).value();
}

/// What an import cost.
struct Imported {
    double us = 0;
    std::int64_t payload_bytes = 0;
    double most_resident_mib = 0;
};

/// What a gate does with the chunks of a snapshot: hash, read, check, insert; then the file takes its place.
class Import {
public:
    Import(const std::filesystem::path& folder, store::OrderCache* cache, std::int64_t number,
           std::shared_ptr<store::RightOfWay> right_of_way = {})
        : fill_(must(store::OrderFill::begin({folder, {}, std::move(right_of_way)}, {ciq, number, {}}))),
          cache_(cache) {}

    void take(const std::string& chunk) {
        imported_.payload_bytes += static_cast<std::int64_t>(chunk.size());
        watch_.run([&] {
            hashes_ += trust::sha256(chunk)[0];
            const auto lines = gate::fill_chunk(chunk, {ciq, reader_, *fill_, used_});
            if (!lines) {
                throw std::runtime_error{lines.error().message()};
            }
            if (const auto failed = fill_->sync()) {
                throw std::runtime_error{failed->message};
            }
        });
        imported_.most_resident_mib = std::max(imported_.most_resident_mib, resident_mib());
    }
    Imported finish() {
        watch_.run([&] {
            if (must(fill_->finish()) != store::OrderFill::Finished::whole) {
                throw std::runtime_error{"an order is there twice"};
            }
        });
        imported_.most_resident_mib = std::max(imported_.most_resident_mib, resident_mib());
        if (cache_ != nullptr) {
            watch_.run([&] { left_over_ = must(cache_->swap_in(std::move(fill_), WallTime{})).left_over; });
        }
        imported_.us = watch_.us();
        return imported_;
    }
    [[nodiscard]] const std::vector<std::filesystem::path>& left_over() const { return left_over_; }

private:
    std::unique_ptr<store::OrderFill> fill_;
    store::OrderCache* cache_;
    codec::PlainOrderReader reader_;
    std::vector<UsedOrder> used_;
    Stopwatch watch_;
    Imported imported_;
    int hashes_ = 0;
    std::vector<std::filesystem::path> left_over_;
};

/// Look-ups of random orders of a load as a laden truck asks for them, each checked to find its one.
class LookUps {
public:
    LookUps(const OrderLoad& load, unsigned seed) : load_(load), random_(seed) {}

    double one(store::OrderCache& cache) {
        std::uniform_int_distribution<std::int64_t> place{0, load_.size() - 1};
        return one(cache, place(random_));
    }
    double one(store::OrderCache& cache, std::int64_t place) const {
        PassageFacts facts;
        facts.control_point = ControlPoint{"g07"};
        facts.identity.containers.push_back({load_.container(place), LoadPosition::not_applicable, "45R1", 1, {}});
        facts.identity.tractor = PlateNumber::parse("闽D12345").value();
        facts.identity.trailer = PlateNumber::parse("闽D5432挂").value();
        const auto question = supervision::question_for(facts);
        std::size_t found = 0;
        const auto us = Stopwatch{}.run([&] { found = must(cache.look_up(question, WallTime{})).orders.size(); });
        if (found != 1) {
            throw std::runtime_error{"order " + std::to_string(place) + " is not found"};
        }
        return us;
    }
    std::vector<double> many(store::OrderCache& cache, int count) {
        std::vector<double> us;
        for (int i = 0; i < count; ++i) {
            us.push_back(one(cache));
        }
        return us;
    }
    /// Of places that were just looked up.
    std::vector<double> warm(store::OrderCache& cache, int count) {
        std::vector<std::int64_t> places(static_cast<std::size_t>(count));
        std::uniform_int_distribution<std::int64_t> place{0, load_.size() - 1};
        std::generate(places.begin(), places.end(), [&] { return place(random_); });
        std::vector<double> us;
        for (int round = 0; round < 3; ++round) {
            us.clear();
            std::transform(places.begin(), places.end(), std::back_inserter(us),
                           [&](std::int64_t one_place) { return one(cache, one_place); });
        }
        return us;
    }

private:
    const OrderLoad& load_;
    std::mt19937_64 random_;
};

}  // namespace portcullis::bench
