#include "gate/order_upkeep.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/time_text.hpp"
#include "supervision/passes.hpp"
#include "supervision/targeting.hpp"
#include "supervision/zone_answers.hpp"

namespace portcullis::gate {
namespace {

using namespace std::chrono_literals;

/// What was worth doing an hour ago is not worth looking for each second.
constexpr std::chrono::milliseconds longest_rest = 1h;
constexpr auto pause_after_failure = 1min;
/// All places are gone through once a day: that reads the whole table.
constexpr std::chrono::milliseconds longest_places_rest = 24h;

std::string day_text(UtcDay day) {
    return time_text(WallTime{day}).substr(0, 10);
}

std::optional<UtcDay> day_from(const std::optional<Value>& note) {
    const auto* text = note ? note->get<std::string>() : nullptr;
    const auto time = text == nullptr ? std::nullopt : time_from_text(*text + "T00:00:00.000Z");
    return time ? std::optional{std::chrono::floor<std::chrono::days>(*time)} : std::nullopt;
}

bool is_inner(const Authority& authority) {
    const auto& text = authority.text();
    return text == supervision::result_authority || text == supervision::pass_authority;
}

/// The order of which a place tells: a targeting order that acts once takes one under a name of its own.
std::pair<Authority, OrderId> order_of(const UsageKey& key) {
    const auto& id = key.order.text();
    const auto colon = id.find(':');
    if (key.authority.text() != supervision::targeting_authority || colon == std::string::npos) {
        return {key.authority, key.order};
    }
    return {Authority{id.substr(0, colon)}, OrderId{id.substr(colon + 1)}};
}

Event unused_event(const Authority& authority, UtcDay day, std::int64_t count, List listed, Now now) {
    return {
        "order.expired_unused", "gate", now,
        Object{
            {"authority", authority.text()}, {"date", day_text(day)}, {"count", count}, {"orders", std::move(listed)}},
        std::nullopt};
}

}  // namespace

OrderUpkeep::OrderUpkeep(Terms terms, const runtime::Log& log, Ports ports)
    : terms_(std::move(terms)), log_(log), ports_(std::move(ports)), told_(day_from(terms_.told)) {}

void OrderUpkeep::tick(Now now) {
    if (std::exchange(failed_, false)) {
        again_ = now.instant + pause_after_failure;
    }
    if (busy_ || now.instant < again_ || now.clock_state != ClockState::synchronised || !ports_.idle()) {
        return;
    }
    const auto yesterday = std::chrono::floor<std::chrono::days>(now.wall) - std::chrono::days{1};
    if (!told_) {
        // What ended before the first day is nobody's to tell.
        told_ = yesterday;
        Submission submission;
        submission.gate_notes.push_back({std::string{note_key}, Value{day_text(yesterday)}});
        return ports_.submit(std::move(submission));
    }
    if (counting_ && counting_->left.empty()) {
        tell(now);
    } else if (counting_) {
        count_page();
    } else if (*told_ < yesterday) {
        begin_counting(*told_ + std::chrono::days{1});
    } else if (now.instant >= orders_due_) {
        forget_orders(now);
    } else if (now.instant >= places_due_) {
        look_at_places(now);
    }
}

// ---- orders that ended unused

void OrderUpkeep::begin_counting(UtcDay day) {
    counting_ = Counting{day, ports_.authorities(), {WallTime{day}, -1}, {}};
    if (!counting_->left.empty()) {
        counting_->counts.push_back({counting_->left.back(), 0, {}});
    }
}

void OrderUpkeep::count_page() {
    busy_ = true;
    const WallTime end{counting_->day + std::chrono::days{1}};
    ports_.on_cache([this, authority = counting_->left.back(), mark = counting_->mark,
                     end](store::OrderCache& cache) -> std::function<void()> {
        auto ended = cache.ended(authority, mark, end, page);
        if (!ended) {
            return [this, why = ended.error().message] { give_up(why); };
        }
        return [this, authority, ended = std::move(ended).value()] {
            ports_.on_journal([this, authority, ended](store::Journal& journal) -> std::function<void()> {
                auto unused = journal.unused(authority, ended.orders);
                if (!unused) {
                    return [this, why = unused.error().message] { give_up(why); };
                }
                return [this, ended, unused = std::move(unused).value()] { counted(ended, unused); };
            });
        };
    });
}

void OrderUpkeep::counted(const store::EndedOrders& ended, const std::vector<OrderId>& unused) {
    busy_ = false;
    auto& count = counting_->counts.back();
    count.unused += static_cast<std::int64_t>(unused.size());
    for (const auto& order : unused) {
        if (count.listed.size() < most_listed) {
            count.listed.emplace_back(order.text());
        }
    }
    counting_->mark = ended.last;
    if (!ended.more) {
        next_authority();
    }
}

void OrderUpkeep::next_authority() {
    auto& left = counting_->left;
    left.pop_back();
    counting_->mark = {WallTime{counting_->day}, -1};
    if (!left.empty()) {
        counting_->counts.push_back({left.back(), 0, {}});
    }
}

/// With the note, in one transaction: told once, whenever the process ends.
void OrderUpkeep::tell(Now now) {
    auto counting = std::move(*std::exchange(counting_, std::nullopt));
    Submission submission;
    std::reverse(counting.counts.begin(), counting.counts.end());
    for (auto& count : counting.counts) {
        submission.events.push_back(
            unused_event(count.authority, counting.day, count.unused, std::move(count.listed), now));
    }
    submission.gate_notes.push_back({std::string{note_key}, Value{day_text(counting.day)}});
    told_ = counting.day;
    ports_.submit(std::move(submission));
}

// ---- orders that are taken out

void OrderUpkeep::forget_orders(Now now) {
    busy_ = true;
    const WallTime counted{*told_ + std::chrono::days{1}};
    const auto before = std::min(now.wall - terms_.retention, counted);
    ports_.on_cache([this, before, now](store::OrderCache& cache) -> std::function<void()> {
        if (cache.syncing()) {
            return [this] { busy_ = false; };  // the next tick asks again
        }
        const auto forgotten = cache.forget_ended(before);
        if (!forgotten) {
            return [this, why = forgotten.error().message] { give_up(why); };
        }
        return [this, count = *forgotten, now] { forgot(count, now); };
    });
}

void OrderUpkeep::forgot(std::size_t orders, Now now) {
    busy_ = false;
    if (orders > 0) {
        ports_.tidy();
    } else {
        orders_due_ = now.instant + std::min(longest_rest, terms_.retention);
    }
}

// ---- places

void OrderUpkeep::look_at_places(Now now) {
    busy_ = true;
    ports_.on_journal([this, mark = places_mark_, now](store::Journal& journal) -> std::function<void()> {
        const auto cut = journal.cut().sequence;
        auto rows = journal.usage_behind(mark, cut == 0 ? 0 : places_a_page);
        if (!rows) {
            return [this, why = rows.error().message] { give_up(why); };
        }
        return [this, rows = std::move(rows).value(), cut, now] { judge_places(rows, cut, now); };
    });
}

void OrderUpkeep::judge_places(const std::vector<store::UsageRow>& rows, std::int64_t cut, Now now) {
    const bool last = rows.size() < places_a_page;
    places_mark_ = last ? std::nullopt : std::optional{rows.back().usage};
    if (last) {
        places_due_ = now.instant + std::min(longest_places_rest, terms_.retention);
    }
    std::vector<Usage> gone;
    auto asked = std::make_shared<std::map<Authority, std::vector<OrderId>>>();
    std::vector<Usage> of_orders;
    for (const auto& row : rows) {
        if (row.usage.state != UsageState::used || row.sequence > cut) {
            continue;
        }
        const auto [authority, order] = order_of(row.usage.key);
        if (is_inner(row.usage.key.authority)) {
            if (!ports_.inner_counts(row.usage.key)) {
                gone.push_back(row.usage);
            }
        } else if (ports_.complete(authority)) {
            (*asked)[authority].push_back(order);
            of_orders.push_back(row.usage);
        }
    }
    ports_.on_cache([this, asked, gone = std::move(gone),
                     of_orders = std::move(of_orders)](store::OrderCache& cache) mutable -> std::function<void()> {
        for (const auto& [authority, orders] : *asked) {
            const auto missing = cache.missing(authority, orders);
            if (!missing) {
                return [this, why = missing.error().message] { give_up(why); };
            }
            for (const auto& place : of_orders) {
                const auto [owner, order] = order_of(place.key);
                if (owner == authority && std::find(missing->begin(), missing->end(), order) != missing->end()) {
                    gone.push_back(place);
                }
            }
        }
        return [this, gone] { forget_places(gone); };
    });
}

void OrderUpkeep::forget_places(std::vector<Usage> places) {
    busy_ = false;
    if (places.empty()) {
        return;
    }
    Submission submission;
    for (auto& place : places) {
        submission.usage.push_back({std::move(place.key), place.passage, UsageState::free, place.place});
    }
    ports_.submit(std::move(submission));
}

/// Whatever it was, it is tried again, a day's count from its beginning.
void OrderUpkeep::give_up(const std::string& why) {
    busy_ = false;
    failed_ = true;
    counting_.reset();
    log_.error("what became of orders could not be looked at", {{"why", why}});
}

}  // namespace portcullis::gate
