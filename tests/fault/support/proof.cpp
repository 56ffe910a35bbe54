#include "tests/fault/support/proof.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "codec/event_schemas.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "trust/hash.hpp"

namespace portcullis::fault {
namespace {

constexpr int orders_in_batch = 25;

ContainerNumber box(int serial) {
    auto digits = std::to_string(serial);
    digits.insert(0, 6 - digits.size(), '0');
    for (char check = '0'; check <= '9'; ++check) {
        if (const auto number = ContainerNumber::parse("TEMU" + digits + check)) {
            return *number;
        }
    }
    throw std::logic_error{"every serial has a check digit"};
}

void note(Broken& broken, std::int64_t& count, const std::string& what) {
    ++count;
    if (broken.first.empty()) {
        broken.first = what;
    }
}

}  // namespace

store::OrderBatchRows orders_of_batch(std::int64_t number) {
    store::OrderBatchRows rows;
    rows.authority = Authority{"ciq"};
    rows.number = number;
    rows.hash.fill(static_cast<std::uint8_t>(number));
    for (int i = 0; i < orders_in_batch; ++i) {
        store::OrderRow row;
        row.id = OrderId{"R-" + std::to_string(i)};
        row.status = "released";
        row.body = std::to_string(number);
        row.container = box(i);
        rows.changes.push_back({row, std::nullopt});
    }
    return rows;
}

Broken& Broken::operator+=(const Broken& other) {
    lost += other.lost;
    opened += other.opened;
    gaps += other.gaps;
    disordered += other.disordered;
    corrupt += other.corrupt;
    mixed_batches += other.mixed_batches;
    first = first.empty() ? other.first : first;
    return *this;
}

Proof::Proof() : catalogue_(codec::embedded_event_schemas()), events_(catalogue_, trust::hmac_sha256) {}

Broken Proof::look(const std::filesystem::path& directory, const std::string& file_system,
                   std::span<const Word> words) const {
    Broken broken;
    const auto ids = [] { return std::array<std::uint8_t, 16>{0xee}; };
    auto journal = store::Journal::open({directory, file_system, {}}, ids);
    if (!journal) {
        note(broken, broken.corrupt, journal.error().message);
        return broken;
    }
    if ((*journal)->start().set_aside) {
        note(broken, broken.corrupt, "the journal was set aside");
    }
    look_at_events(**journal, words, broken);
    if (!file_system.empty()) {
        MemoryDisk::show_names(directory);
    }
    auto orders = store::OrderCache::open({directory, file_system, slice_of_orders, false, {}});
    if (!orders) {
        note(broken, broken.corrupt, orders.error().message);
        return broken;
    }
    look_at_orders(**orders, words, broken);
    return broken;
}

void Proof::look_at_events(store::Journal& journal, std::span<const Word> words, Broken& broken) const {
    const auto cut = journal.cut();
    std::vector<Hash256> hashes;  // of the entries behind the cut
    auto previous = cut.hash;
    for (;;) {
        const auto next = cut.sequence + 1 + static_cast<std::int64_t>(hashes.size());
        const auto rows = journal.read_from(next, 256, std::size_t{1} << 20U);
        if (!rows) {
            note(broken, broken.corrupt, rows.error().message);
            return;
        }
        if (rows->empty()) {
            break;
        }
        for (const auto& row : *rows) {
            const auto stored = events_.read(row.published);
            const auto expected = cut.sequence + 1 + static_cast<std::int64_t>(hashes.size());
            if (!stored || row.sequence != expected || stored->stamp.sequence != expected ||
                stored->stamp.previous != previous || trust::chain_hash(previous, stored->record) != row.hash) {
                note(broken, broken.gaps, "the chain breaks at entry " + std::to_string(expected));
            }
            previous = row.hash;
            hashes.push_back(row.hash);
        }
    }
    const auto last = cut.sequence + static_cast<std::int64_t>(hashes.size());
    for (const auto& word : words) {
        if (word.told == Told::batch || word.number <= cut.sequence) {
            continue;  // what is cut was acknowledged, and the chain goes on from its hash
        }
        const auto text = "entry " + std::to_string(word.number) + " of " + std::to_string(last);
        const bool there = word.number <= last;
        const bool same = there && hashes[static_cast<std::size_t>(word.number - cut.sequence - 1)] == word.hash;
        if (same) {
            continue;
        }
        switch (word.told) {
            case Told::durable:
                note(broken, broken.lost, text + " was durable and is not there");
                break;
            case Told::arm_up:
                note(broken, broken.opened, text + ": an arm went up on it, and it is not there");
                break;
            case Told::delivered:
                note(broken, broken.disordered, text + " was delivered, and the number will be given again");
                break;
            case Told::batch:
                break;
        }
    }
}

void Proof::look_at_orders(store::OrderCache& cache, std::span<const Word> words, Broken& broken) {
    std::int64_t told = 0;
    for (const auto& word : words) {
        told = word.told == Told::batch ? std::max(told, word.number) : told;
    }
    OrderQuestion question;
    for (int i = 0; i < orders_in_batch; ++i) {
        question.containers.push_back(box(i));
    }
    const auto answer = cache.look_up(question, WallTime{});
    if (!answer) {
        note(broken, broken.corrupt, answer.error().message);
        return;
    }
    std::set<std::string> bodies;
    for (const auto& order : answer->orders) {
        bodies.insert(order.body);
    }
    std::int64_t applied = 0;
    for (const auto& position : cache.state().positions) {
        applied = position.number;
    }
    const bool whole = applied == 0
                           ? bodies.empty()
                           : answer->orders.size() == orders_in_batch && bodies == std::set{std::to_string(applied)};
    if (!whole || applied < told || answer->cursor != applied) {
        note(broken, broken.mixed_batches,
             "batch " + std::to_string(told) + " was applied; orders of " + std::to_string(bodies.size()) +
                 " batches are visible, the newest is said to be " + std::to_string(applied));
    }
}

}  // namespace portcullis::fault
