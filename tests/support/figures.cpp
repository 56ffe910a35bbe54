#include "tests/support/figures.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <numeric>
#include <sstream>

namespace portcullis::testing {
namespace {

/// Four digits of what is small, and every digit of a count. JSON has no word for what is no number.
std::string number_text(double value) {
    if (!std::isfinite(value)) {
        return "null";
    }
    std::ostringstream out;
    if (value == std::floor(value) || std::abs(value) >= 1000) {
        out << std::fixed << std::setprecision(0) << value;
    } else {
        out << std::setprecision(4) << value;
    }
    return out.str();
}

}  // namespace

std::string Aim::text() const {
    std::ostringstream out;
    out << (lower_ ? ">=" : "<=") << bound_;
    return out.str();
}

bool Aim::missed_by(double value) const {
    return !(lower_ ? value >= bound_ : value <= bound_);  // what is no number misses every aim
}

void Figures::print(const std::string& name, double value, const std::string& unit, std::optional<Aim> aim,
                    std::size_t n, const std::string& reason) {
    std::cout << R"({"figure":")" << name << R"(","value":)" << number_text(value) << R"(,"unit":")" << unit << '"';
    const bool missed = aim && aim->missed_by(value);
    if (aim) {
        std::cout << R"(,"aim":")" << aim->text() << '"';
    }
    std::cout << R"(,"n":)" << n;
    if (missed) {
        missed_ = true;
        std::cout << R"(,"reason":")" << reason << '"';
        std::cerr << name << " missed its aim " << aim->text() << ": " << reason << '\n';
    }
    std::cout << "}" << std::endl;
}

double quantile(std::vector<double> samples, double share) {
    if (samples.empty()) {
        return std::nan("");
    }
    std::sort(samples.begin(), samples.end());
    const auto place = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
    return samples[std::clamp<std::size_t>(place, 1, samples.size()) - 1];
}

double mean(const std::vector<double>& samples) {
    return samples.empty() ? std::nan("")
                           : std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

}  // namespace portcullis::testing
