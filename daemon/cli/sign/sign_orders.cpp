#include "cli/sign/sign_orders.hpp"

#include <string_view>
#include <utility>

#include "cli/sign/sign_document.hpp"
#include "codec/orders.hpp"
#include "core/hash256.hpp"
#include "core/utf8.hpp"
#include "trust/hash.hpp"

namespace portcullis::sign {
namespace {

constexpr std::size_t most_problems = 100;    ///< beyond it the file as a whole is the problem
constexpr std::size_t longest_problem = 500;  ///< bytes

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view space = " \t\r";
    const auto first = line.find_first_not_of(space);
    if (first == std::string_view::npos) {
        return {};
    }
    return line.substr(first, line.find_last_not_of(space) - first + 1);
}

}  // namespace

Result<std::vector<std::string>, std::vector<std::string>> read_order_lines(std::istream& in, const std::string& name,
                                                                            const Authority& authority) {
    std::vector<std::string> objects;
    std::vector<std::string> problems;
    std::size_t number = 0;
    for (std::string line; problems.size() < most_problems && std::getline(in, line);) {
        ++number;
        const auto object = trimmed(line);
        if (object.empty()) {
            continue;
        }
        if (const auto read = codec::read_order_operation(object, authority); !read) {
            problems.push_back(name + ":" + std::to_string(number) + ": " +
                               clipped(read.error().message(), longest_problem));
        }
        objects.emplace_back(object);
    }
    if (in.bad()) {
        problems.push_back(name + ": cannot be read to its end");
    }
    if (!problems.empty()) {
        return Failure{std::move(problems)};
    }
    return objects;
}

Result<SignedBatch, std::string> sign_orders(const OrderBatch& head, const std::vector<std::string>& order_objects,
                                             const trust::SigningKey& key) {
    const auto payload = codec::write_order_batch(head, order_objects);
    if (const auto read = codec::read_order_batch(payload); !read) {
        return Failure{clipped(read.error().message(), longest_problem)};
    }
    return SignedBatch{sign_document(codec::orders_kind, payload, key), hex_text(trust::sha256(payload))};
}

}  // namespace portcullis::sign
