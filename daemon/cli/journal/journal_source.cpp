#include "cli/journal/journal_source.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "codec/canonical.hpp"
#include "console/control_socket.hpp"

namespace portcullis::cli {
namespace {

/// A page waits at most for a commit that waits for a slow disk.
constexpr std::chrono::seconds daemon_patience{30};

std::string asking(const char* what, std::int64_t number) {
    return codec::canonical_text(Value{Object{{"ask", "journal"}, {what, number}}}).value();
}

class DaemonSource final : public JournalSource {
public:
    explicit DaemonSource(std::filesystem::path socket) : socket_(std::move(socket)) {}

    Result<gate::JournalPage, std::string> page(std::int64_t from) override { return ask(asking("from", from)); }
    Result<gate::JournalPage, std::string> head_up_to(std::int64_t most) override {
        return ask(asking("head_up_to", most));
    }

private:
    Result<gate::JournalPage, std::string> ask(const std::string& question) {
        try {
            return gate::read_page(console::ask_control_socket(socket_, question, daemon_patience));
        } catch (const boost::system::system_error& error) {
            return Failure{"the daemon at " + socket_.string() + " does not answer: " + error.code().message()};
        }
    }

    std::filesystem::path socket_;
};

/// What the head key of a journal at rest is: the newest start has named it.
std::string named_head_key(store::Journal& journal) {
    const auto opened = journal.newest_of("stream.opened");
    if (!opened || !*opened) {
        return "none";
    }
    const auto event = codec::parse_value((*opened)->published, {std::size_t{1} * 1024 * 1024, 32});
    const auto* data = event ? event->find("data") : nullptr;
    const auto* key = data == nullptr ? nullptr : data->find("head_key");
    const auto* text = key == nullptr ? nullptr : key->get<std::string>();
    return text == nullptr ? "none" : *text;
}

class OpenSource final : public JournalSource {
public:
    OpenSource(store::Journal& journal, std::string head_key) : journal_(journal), head_key_(std::move(head_key)) {}
    explicit OpenSource(std::unique_ptr<store::Journal> journal)
        : owned_(std::move(journal)), journal_(*owned_), head_key_(named_head_key(journal_)) {}

    Result<gate::JournalPage, std::string> page(std::int64_t from) override {
        return completed(gate::page_from(journal_, from));
    }
    Result<gate::JournalPage, std::string> head_up_to(std::int64_t most) override {
        return completed(gate::page_of_head(journal_, most));
    }

private:
    Result<gate::JournalPage, std::string> completed(Result<gate::JournalPage, store::StoreFailure> page) {
        if (!page) {
            return Failure{page.error().message};
        }
        page->head_key = head_key_;
        return std::move(page).value();
    }

    std::unique_ptr<store::Journal> owned_;
    store::Journal& journal_;
    std::string head_key_;
};

}  // namespace

std::unique_ptr<JournalSource> daemon_source(const std::filesystem::path& control_socket) {
    return std::make_unique<DaemonSource>(control_socket);
}

Result<std::unique_ptr<JournalSource>, std::string> file_source(const std::filesystem::path& state) {
    auto journal = store::Journal::open_for_reading(state);
    if (!journal) {
        return Failure{journal.error().message};
    }
    return std::unique_ptr<JournalSource>{std::make_unique<OpenSource>(std::move(journal).value())};
}

std::unique_ptr<JournalSource> open_source(store::Journal& journal, std::string head_key) {
    return std::make_unique<OpenSource>(journal, std::move(head_key));
}

namespace {

/// What is wrong when a page does not begin with the entry that was asked for.
std::string gap_at(std::int64_t sequence, const gate::JournalPage& page) {
    const auto entry = "entry " + std::to_string(sequence);
    return sequence < page.first ? entry + " was removed by retention meanwhile; start again" : entry + " is missing";
}

/// Visits the entries of a page from `next` to `last`, and moves `next` on. False = the visitor wants no more.
bool visit_page(const gate::JournalPage& page, std::int64_t& next, std::int64_t last, const VisitEntry& entry,
                const VisitHead& head) {
    auto signs = page.heads.begin();
    for (const auto& each : page.entries) {
        if (each.sequence > last || each.sequence != next) {
            return true;  // what is missing shows when the next page is asked for
        }
        if (!entry(each)) {
            return false;
        }
        for (; signs != page.heads.end() && signs->sequence <= each.sequence; ++signs) {
            head(*signs);
        }
        ++next;
    }
    return true;
}

}  // namespace

std::optional<std::string> visit_entries(JournalSource& source, std::int64_t from, std::int64_t to,
                                         const VisitEntry& entry, const VisitHead& head) {
    auto page = source.page(from);
    if (!page) {
        return page.error();
    }
    auto next = std::max(from, page->first);
    const auto last = std::min(to, page->last);
    while (next <= last) {
        if (page->entries.empty() || page->entries.front().sequence != next) {
            page = source.page(next);
        }
        if (!page) {
            return page.error();
        }
        if (page->entries.empty() || page->entries.front().sequence != next) {
            return gap_at(next, *page);
        }
        if (!visit_page(*page, next, last, entry, head)) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace portcullis::cli
