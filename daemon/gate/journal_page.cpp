#include "gate/journal_page.hpp"

#include <utility>

#include "codec/canonical.hpp"

namespace portcullis::gate {
namespace {

/// A page of escaped text, with room for one entry that is larger than a page.
constexpr codec::JsonLimits page_limits{std::size_t{4} * 1024 * 1024, 8};

JournalPage page_about(const store::Journal& journal) {
    JournalPage page;
    page.stream = journal.start().stream;
    page.first = journal.cut().sequence + 1;
    page.before_first = journal.cut().hash;
    page.last = journal.last().sequence;
    return page;
}

/// Reads members; what is missing or malformed leaves `good` false.
struct Members {
    const Value& object;
    bool good = true;

    template <class Held>
    Held held(std::string_view name) {
        const auto* value = object.find(name);
        const auto* found = value == nullptr ? nullptr : value->get<Held>();
        good = good && found != nullptr;
        return found == nullptr ? Held{} : *found;
    }
    Hash256 hash(std::string_view name) {
        const auto read = hash256_from_hex(held<std::string>(name));
        good = good && read.has_value();
        return read.value_or(Hash256{});
    }
};

}  // namespace

Result<JournalPage, store::StoreFailure> page_from(store::Journal& journal, std::int64_t from) {
    auto page = page_about(journal);
    auto rows = journal.read_from(from, page_rows, page_bytes);
    if (!rows) {
        return Failure{rows.error()};
    }
    for (auto& row : *rows) {
        page.entries.push_back({row.sequence, row.hash, std::move(row.published)});
    }
    if (page.entries.empty()) {
        return page;
    }
    auto heads = journal.heads_from(page.entries.front().sequence, page.entries.size());
    if (!heads) {
        return Failure{heads.error()};
    }
    for (auto& head : *heads) {
        if (head.sequence <= page.entries.back().sequence) {
            page.heads.push_back(std::move(head));
        }
    }
    return page;
}

Result<JournalPage, store::StoreFailure> page_of_head(store::Journal& journal, std::int64_t most) {
    auto page = page_about(journal);
    auto head = journal.newest_head(most);
    if (!head) {
        return Failure{head.error()};
    }
    if (*head) {
        page.heads.push_back(std::move(**head));
    }
    return page;
}

Result<std::string, std::string> write_page(const JournalPage& page) {
    List entries;
    for (const auto& entry : page.entries) {
        entries.emplace_back(
            Object{{"sequence", entry.sequence}, {"hash", hex_text(entry.hash)}, {"published", entry.published}});
    }
    List heads;
    for (const auto& head : page.heads) {
        heads.emplace_back(Object{{"sequence", head.sequence}, {"envelope", head.envelope}});
    }
    const auto text = codec::canonical_text(Value{Object{{"stream", page.stream.text()},
                                                         {"source", page.source},
                                                         {"head_key", page.head_key},
                                                         {"first", page.first},
                                                         {"before_first", hex_text(page.before_first)},
                                                         {"last", page.last},
                                                         {"entries", std::move(entries)},
                                                         {"heads", std::move(heads)}}});
    if (!text) {
        return Failure{"the entries cannot be passed on: " + text.error().message()};
    }
    return *text;
}

Result<JournalPage, std::string> read_page(std::string_view line) {
    const auto read = codec::parse_value(line, page_limits);
    if (!read) {
        return Failure{"the daemon's answer cannot be read: " + read.error().message()};
    }
    if (const auto* error = read->find("error")) {
        const auto* why = error->get<std::string>();
        return Failure{"the daemon says: " + (why == nullptr ? std::string{"nothing"} : *why)};
    }
    Members members{*read};
    JournalPage page;
    const auto stream = StreamId::parse(members.held<std::string>("stream"));
    page.stream = stream.value_or(StreamId{});
    page.source = members.held<std::string>("source");
    page.head_key = members.held<std::string>("head_key");
    page.first = members.held<std::int64_t>("first");
    page.before_first = members.hash("before_first");
    page.last = members.held<std::int64_t>("last");
    bool good = members.good && stream;
    for (const auto& each : members.held<List>("entries")) {
        Members entry{each};
        page.entries.push_back(
            {entry.held<std::int64_t>("sequence"), entry.hash("hash"), entry.held<std::string>("published")});
        good = good && entry.good;
    }
    for (const auto& each : members.held<List>("heads")) {
        Members head{each};
        page.heads.push_back({head.held<std::int64_t>("sequence"), {}, head.held<std::string>("envelope")});
        good = good && head.good;
    }
    if (!good) {
        return Failure{std::string{"the daemon's answer is no page of a journal; is it of another version?"}};
    }
    return page;
}

}  // namespace portcullis::gate
