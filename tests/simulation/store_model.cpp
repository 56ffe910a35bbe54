#include "tests/simulation/store_model.hpp"

#include <utility>

namespace portcullis::simulation {

bool StoreModel::begin() {
    if (queue_.empty() || under_way()) {
        return false;
    }
    transaction_.reserve(queue_.size());
    for (auto& waiting : queue_) {
        transaction_.push_back(std::move(waiting));
    }
    queue_.clear();
    return true;
}

std::vector<StoreModel::Waiting> StoreModel::commit(const Told& told, const UsageTold& usage_told) {
    for (auto& waiting : transaction_) {
        auto sequence = static_cast<std::int64_t>(rows_.size());
        for (const auto& event : waiting.record.events) {
            ++sequence;
            if (event.token) {
                sequences_[event.token->number] = sequence;
            }
        }
        for (auto& event : waiting.record.events) {
            resolve(event.data);
            Digest digest;
            digest.number(rows_.size() + 1);
            digest.text(event.type);
            digest.text(event.subject);
            digest.number(static_cast<std::uint64_t>(event.at.instant.time_since_epoch().count()));
            digest.value(event.data);
            rows_.push_back(digest.hash());
            told(waiting.lane, event, static_cast<std::int64_t>(rows_.size()));
        }
        for (const auto& change : waiting.record.usage) {
            usage_told(change);
        }
        keep(waiting.lane, waiting.record);
    }
    return std::exchange(transaction_, {});
}

void StoreModel::keep(std::size_t lane, lane::Record& record) {
    for (const auto& change : record.usage) {
        auto& places = usage_[change.key];
        if (change.to == UsageState::free) {
            places.erase(change.passage);
        } else {
            places[change.passage] = change.to;
        }
    }
    for (auto& note : record.memory) {
        if (note.body) {
            resolve(*note.body);
            memory_[lane].insert_or_assign(note.key, std::move(*note.body));
        } else {
            memory_[lane].erase(note.key);
        }
    }
}

void StoreModel::roll_back() {
    queue_.insert(queue_.begin(), std::make_move_iterator(transaction_.begin()),
                  std::make_move_iterator(transaction_.end()));
    transaction_.clear();
}

void StoreModel::kill() {
    queue_.clear();
    transaction_.clear();
    sequences_.clear();
}

/// Puts the sequences in where tokens stand, as the journal writer does.
void StoreModel::resolve(Value& value) {
    if (const auto* token = value.get<EventToken>()) {
        const auto found = sequences_.find(token->number);
        if (found == sequences_.end()) {
            ++dangling_;
            value = Value{"unknown"};
        } else {
            value = Value{found->second};
        }
    } else if (auto* list = value.get<List>()) {
        for (auto& item : *list) {
            resolve(item);
        }
    } else if (auto* object = value.get<Object>()) {
        for (auto& member : *object) {
            resolve(member.value);
        }
    }
}

std::vector<lane::Memory> StoreModel::memory(std::size_t lane) const {
    std::vector<lane::Memory> notes;
    notes.reserve(memory_[lane].size());
    for (const auto& [key, body] : memory_[lane]) {
        notes.push_back({key, body});
    }
    return notes;
}

std::vector<Usage> StoreModel::usage(const Authority& authority, const OrderId& order,
                                     const ControlPoint& control_point) const {
    std::vector<Usage> taken;
    const UsageKey first{authority, order, std::nullopt, ControlPoint{}};
    for (auto row = usage_.lower_bound(first); row != usage_.end(); ++row) {
        if (row->first.authority != authority || row->first.order != order) {
            break;
        }
        if (row->first.control_point == control_point) {
            for (const auto& [passage, state] : row->second) {
                taken.push_back({row->first, state, passage});
            }
        }
    }
    return taken;
}

}  // namespace portcullis::simulation
