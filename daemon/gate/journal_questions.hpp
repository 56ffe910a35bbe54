#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "codec/event_writer.hpp"
#include "core/time.hpp"
#include "gate/control_desk.hpp"
#include "gate/journal_desk.hpp"
#include "store/journal.hpp"

namespace portcullis::gate {

/// What `portcullis journal` asks a running daemon (docs/journal.md, "The command"):
///   {"ask":"journal","from":N}         entries from N on with their heads, one page
///   {"ask":"journal","head_up_to":N}   the newest head of an entry up to N
///   {"ask":"replay","from":N,"destination":"supervision"}
///   {"ask":"erase","from":N,"reason":"…","actor":"…", and what an EventFilter names}
/// The journal is read and written on its worker, a page at a time; this only passes on.
class JournalQuestions {
public:
    /// Runs on the worker; what it gives back runs on the deciding context.
    using Work = std::function<std::function<void()>(store::Journal& journal)>;

    struct Ports {
        std::function<void(Work)> on_journal;
        std::function<void(Submission)> submit;
        std::function<Now()> now;
        /// The last entry that every required destination has stored.
        std::function<std::int64_t()> stored_by_all;
        /// Sends again from there; what is wrong, or nothing. No destination named = all.
        std::function<std::optional<std::string>(const std::string& destination, std::int64_t from)> replay;
        /// Pictures of entries that are to be erased, by their hashes in hex. May be empty.
        std::function<void(const std::vector<std::string>& hashes)> erase_pictures = {};
        /// Entries have other bytes now.
        std::function<void()> erased;
        std::function<void(const std::string& why)> fatal;
    };

    /// `writer` must outlive this.
    JournalQuestions(const codec::EventWriter& writer, std::string source, std::string head_key, Ports ports);

    void add_to(ControlDesk& desk);

private:
    struct Erasing;

    void page(const Value& question, const ControlDesk::Reply& reply);
    void replay(const Value& question, const ControlDesk::Reply& reply);
    void erase(const Value& question, const ControlDesk::Reply& reply);
    void look_for_more(const std::shared_ptr<Erasing>& erasing);
    void record(const std::shared_ptr<Erasing>& erasing);
    void overwrite(const std::shared_ptr<Erasing>& erasing);

    const codec::EventWriter& writer_;
    std::string source_;
    std::string head_key_;
    Ports ports_;
};

}  // namespace portcullis::gate
