#include "tests/bench/figures.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <numeric>
#include <sstream>

namespace portcullis::bench {

std::string Aim::text() const {
    std::ostringstream out;
    out << "<=" << most;
    return out.str();
}

void Figures::print(const std::string& name, double value, const std::string& unit, std::optional<Aim> aim,
                    std::size_t n, const std::string& reason) {
    std::cout << R"({"figure":")" << name << R"(","value":)" << std::setprecision(4) << value << R"(,"unit":")" << unit
              << '"';
    const bool missed = aim && value > aim->most;
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

}  // namespace portcullis::bench
