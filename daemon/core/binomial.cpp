#include "core/binomial.hpp"

#include <algorithm>
#include <cmath>

namespace portcullis {
namespace {

constexpr std::int64_t million = 1'000'000;

/// P(X = k) for k = 0, 1, 2 …, kept as a logarithm: of a million draws the first terms are far below any double.
class Terms {
public:
    Terms(std::int64_t n, std::int64_t ppm)
        : n_(n),
          step_(std::log(static_cast<double>(ppm)) - std::log(static_cast<double>(million - ppm))),
          logarithm_(static_cast<double>(n) *
                     (std::log(static_cast<double>(million - ppm)) - std::log(static_cast<double>(million)))) {}

    [[nodiscard]] double value() const { return std::exp(logarithm_); }
    void next() {
        logarithm_ += std::log(static_cast<double>(n_ - k_)) - std::log(static_cast<double>(k_ + 1)) + step_;
        ++k_;
    }

private:
    std::int64_t n_;
    double step_;
    double logarithm_;
    std::int64_t k_ = 0;
};

}  // namespace

double tail_low(std::int64_t k, std::int64_t n, std::int64_t ppm) {
    if (k < 0) {
        return 0;
    }
    if (k >= n || ppm <= 0) {
        return 1;
    }
    if (ppm >= million) {
        return 0;
    }
    Terms terms{n, ppm};
    double sum = terms.value();
    for (std::int64_t i = 0; i < k; ++i) {
        terms.next();
        sum += terms.value();
    }
    return std::min(sum, 1.0);
}

double tail_high(std::int64_t k, std::int64_t n, std::int64_t ppm) {
    // n − X is binomial with the other chance: a small tail is summed, never the difference of two ones.
    return tail_low(n - k, n, million - ppm);
}

BinomialBounds binomial_bounds(std::int64_t n, std::int64_t ppm, double level) {
    // Both tails are monotone: bisect.
    BinomialBounds bounds{-1, n + 1};
    for (std::int64_t below = -1, above = n + 1; above - below > 1;) {
        const auto middle = below + (above - below) / 2;
        (tail_low(middle, n, ppm) < level ? below : above) = middle;
        bounds.low = below;
    }
    for (std::int64_t below = -1, above = n + 1; above - below > 1;) {
        const auto middle = below + (above - below) / 2;
        (tail_high(middle, n, ppm) < level ? above : below) = middle;
        bounds.high = above;
    }
    return bounds;
}

}  // namespace portcullis
