#include <chrono>

#include "settings/load_context.hpp"

namespace portcullis::settings {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_kept = 24h * 3650;
constexpr std::int64_t largest_ballast = std::int64_t{4} * 1024 * 1024 * 1024;

}  // namespace

void read_journal(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    auto& journal = context.settings.journal;
    const auto* const node = root.find("journal");
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    // Seconds are for a test bench: a slip of the pen must not remove a gate's record.
    const std::chrono::milliseconds shortest = context.settings.test_bench ? 1s : std::chrono::seconds{24h};
    if (const auto* const retention = node->find("retention")) {
        journal.retention = retention->duration(problems, shortest, longest_kept);
        journal.personal_data = std::min(journal.personal_data, journal.retention);
    }
    if (const auto* const personal = node->find("personal_data")) {
        journal.personal_data = personal->duration(problems, shortest, longest_kept);
        if (journal.personal_data > journal.retention) {
            personal->report(problems, "personal data would be kept longer than the entries that hold it",
                             "write at most " + duration_text(journal.retention) + ", or raise `retention`");
        }
    }
    if (const auto* const every = node->find("head_every")) {
        journal.head_every = every->integer(problems, 1, 1000);
    }
    if (const auto* const within = node->find("head_within")) {
        journal.head_within = within->duration(problems, 1s, 1h);
    }
    if (const auto* const ballast = node->find("ballast")) {
        journal.ballast = ballast->bytes(problems, 0, largest_ballast);
    }
}

void read_orders(const ConfigNode& root, LoadContext& context) {
    auto& problems = context.problems;
    const auto* const node = root.find("orders");
    if (node == nullptr || !node->expect(ConfigNode::Kind::map, problems)) {
        return;
    }
    if (const auto* const retention = node->find("retention")) {
        const std::chrono::milliseconds shortest = context.settings.test_bench ? 1s : std::chrono::seconds{24h};
        context.settings.orders.retention = retention->duration(problems, shortest, longest_kept);
    }
}

}  // namespace portcullis::settings
