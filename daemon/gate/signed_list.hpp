#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/time_text.hpp"
#include "core/value.hpp"
#include "gate/document_gate.hpp"
#include "gate/document_taker.hpp"
#include "gate/guarded_reading.hpp"
#include "gate/journal_desk.hpp"
#include "gate/trust_desk.hpp"
#include "gate/trust_state.hpp"
#include "runtime/log.hpp"
#include "store/journal.hpp"
#include "store/quarantine.hpp"

namespace portcullis::gate {

/// A list of the terminal that a role of the root signs: one at a time, the newest, kept in the journal's database.
/// `Listed` is such a list as its desk looks things up in it, made from what `Listed::read` gives:
///     using Document = …;  begins with a `DocumentHead`
///     static constexpr DocumentKind kind; static constexpr std::string_view noun, without;
///     static constexpr std::size_t most_bytes;  of its envelope
///     static constexpr bool always_told;  its absence is told from the start
///     static Result<Document, codec::Refusal> read(std::string_view payload);
///     explicit Listed(Document); Document list; std::size_t size() const; DocumentChanges counted() const;
template <class Listed>
class SignedList {
public:
    using Document = typename Listed::Document;

    struct Ports {
        std::function<void(Submission)> submit;
        std::function<const TrustState&()> trust;
        /// Another list counts, or none: lanes that wait ask again.
        std::function<void()> changed;
    };

    SignedList(const runtime::Log& log, Ports ports) : log_(log), ports_(std::move(ports)) {}

    /// Reads the list back. Before any lane runs, and before the journal's worker has its first work.
    void load(store::Journal& journal, store::Quarantine* quarantine) {
        const auto row = journal.document({kind_text(), {}});
        if (!row) {
            return tell_lost(row.error().message);
        }
        if (!row.value()) {
            return is_lost() ? tell_lost("it is gone") : void();
        }
        auto read = read_back(*row.value(), quarantine);
        if (!read) {
            return tell_lost(read.error().detail);
        }
        held_ = std::move(read).value();
    }

    /// For the trust desk.
    [[nodiscard]] DocumentTaker taker() {
        return {Listed::kind, Listed::most_bytes, true, [this] {
                    const auto* const mark = taken_mark(ports_.trust().floors());
                    DocumentReading reading;
                    reading.held.newest = held_ && mark != nullptr && held_->hash == mark->hash;
                    reading.read = [this](std::string_view payload) { return read_new(payload); };
                    return reading;
                }};
    }

    /// Tells when the list becomes older or ends.
    void tick(Now now) {
        const auto state = this->state(now.wall);
        if (told_state_ == state) {
            return;
        }
        const bool first = !told_state_;
        told_state_ = state;
        if (first && !held_ && !Listed::always_told) {
            return;
        }
        Submission submission;
        submission.events.push_back(
            {"document.state", "gate", now,
             Object{
                 {"kind", text_of(Listed::kind)}, {"state", state}, {"age_s", age(now.wall)}, {"expires", expires()}},
             std::nullopt});
        ports_.submit(std::move(submission));
        if (!first && state != "fresh") {
            ports_.changed();
        }
    }

    /// Somebody else may sign now, or something newer is named.
    void follow(const TrustState& trust) {
        if (!held_ || taken_mark(trust.floors()) != nullptr) {
            return;
        }
        log_.error("the keys of a " + std::string{Listed::noun} +
                       " were replaced: it must be signed anew, and until then " + std::string{Listed::without},
                   {{"version", held_->listed.list.version}});
        held_.reset();
        Submission submission;
        submission.documents.push_back({kind_text(), {}, 0, {}, {}});
        ports_.submit(std::move(submission));
        ports_.changed();
    }

    /// One was taken and is not here any more: whoever keeps it is asked for it.
    [[nodiscard]] bool is_lost() const { return !held_ && taken_mark(ports_.trust().floors()) != nullptr; }

    /// The list, whether it still counts or not; null without one.
    [[nodiscard]] const Listed* held() const { return held_ ? &held_->listed : nullptr; }

    /// The list while it counts: nobody vouches for a newer one, and the time floor has not passed its end.
    [[nodiscard]] const Listed* counting(WallTime wall) const {
        return held_ && !superseded() && held_->listed.list.expires > ports_.trust().time(wall) ? &held_->listed
                                                                                                : nullptr;
    }

    [[nodiscard]] const TrustState& trust() const { return ports_.trust(); }

    /// `<kind>_version`, `…_state`, `…_age_s`, `…_expires`, `…_count`.
    [[nodiscard]] Object view(Now now) const {
        const auto name = [](std::string_view member) { return kind_text() + std::string{member}; };
        return {{name("_version"), held_ ? held_->listed.list.version : 0},
                {name("_state"), state(now.wall)},
                {name("_age_s"), age(now.wall)},
                {name("_expires"), expires()},
                {name("_count"), held_ ? static_cast<std::int64_t>(held_->listed.size()) : 0}};
    }

private:
    struct Held {
        Listed listed;
        Hash256 hash{};  ///< of the payload
    };
    using HeldPtr = std::shared_ptr<const Held>;

    [[nodiscard]] static std::string kind_text() { return std::string{text_of(Listed::kind)}; }

    /// What was taken by the keys that count now, or null.
    [[nodiscard]] static const DocumentMark* taken_mark(const trust::Floors& floors) {
        const auto floor = floors.taken.find(DocumentName{Listed::kind, {}});
        return floor != floors.taken.end() && floor->second.mark.version > 0 ? &floor->second.mark : nullptr;
    }

    /// What the floors have against a list that was taken earlier, or nothing.
    [[nodiscard]] std::optional<codec::Refusal> floor_refusal(const Document& list, const Hash256& hash) const {
        const auto* const mark = taken_mark(ports_.trust().floors());
        if (mark == nullptr) {
            return codec::Refusal{codec::RefusalCause::version, "",
                                  "no " + std::string{Listed::noun} + " was taken by the keys that count now"};
        }
        if (list.version != mark->version || hash != mark->hash) {
            return codec::Refusal{codec::RefusalCause::version, "", "it is not the one that was taken"};
        }
        return std::nullopt;
    }

    [[nodiscard]] Result<HeldPtr, DocumentRefused> read_back(const store::DocumentRow& row,
                                                             store::Quarantine* quarantine) const {
        const auto kind = text_of(Listed::kind);
        return read_guarded(quarantine, row.envelope, kind, [&]() -> Result<HeldPtr, DocumentRefused> {
            const auto refuse = [&](const codec::Refusal& refusal) {
                return Failure{refused_document(row.envelope, kind, refusal)};
            };
            const auto sealed = read_sealed(row.envelope, kind, Listed::most_bytes);
            if (!sealed) {
                return Failure{sealed.error()};
            }
            if (sealed->payload_hash != row.hash) {
                return refuse({codec::RefusalCause::chain, "", "its bytes are not those that were taken"});
            }
            auto list = Listed::read(sealed->payload);
            if (!list) {
                return refuse(list.error());
            }
            if (auto wrong = floor_refusal(*list, sealed->payload_hash)) {
                return refuse(*wrong);
            }
            return std::make_shared<const Held>(Held{Listed{std::move(list).value()}, sealed->payload_hash});
        });
    }

    /// On the worker: looks at nothing of this object.
    [[nodiscard]] Result<ReadDocument, codec::Refusal> read_new(std::string_view payload) {
        auto list = Listed::read(payload);
        if (!list) {
            return Failure{list.error()};
        }
        ReadDocument read;
        read.head = static_cast<const DocumentHead&>(*list);
        const auto listed = std::make_shared<Listed>(std::move(list).value());
        read.enact = [this, listed](TakenDocument taken, Submission& submission, Now now) {
            auto held = std::make_shared<const Held>(Held{std::move(*listed), taken.payload_hash});
            return enact(std::move(held), std::move(taken), submission, now);
        };
        return read;
    }

    [[nodiscard]] std::function<void()> enact(HeldPtr held, TakenDocument taken, Submission& submission, Now now) {
        submission.events.push_back(document_activated_event(taken, held->listed.counted(), now));
        submission.documents.push_back(std::move(taken.row));
        return [this, held = std::move(held)] {
            held_ = held;
            log_.notice("a " + std::string{Listed::noun} + " counts",
                        {{"version", held_->listed.list.version}, {"entries", held_->listed.size()}});
            ports_.changed();
        };
    }

    void tell_lost(const std::string& why) const {
        log_.error("the " + std::string{Listed::noun} + " does not count any more: it must come again", {{"why", why}});
    }

    /// Somebody vouches for a newer list than this one.
    [[nodiscard]] bool superseded() const {
        const auto& named = ports_.trust().floors().named;
        const auto newest = named.find(DocumentName{Listed::kind, {}});
        return held_ && newest != named.end() && newest->second.version > held_->listed.list.version;
    }

    [[nodiscard]] std::string state(WallTime wall) const {
        if (!held_) {
            return "missing";
        }
        if (held_->listed.list.expires <= ports_.trust().time(wall)) {
            return "expired";
        }
        return superseded() ? "stale" : "fresh";
    }

    [[nodiscard]] Value age(WallTime wall) const {
        if (!held_) {
            return "unknown";
        }
        const auto age = std::chrono::duration_cast<std::chrono::seconds>(wall - held_->listed.list.issued).count();
        return Value{std::max<std::int64_t>(0, age)};
    }

    [[nodiscard]] std::string expires() const { return held_ ? time_text(held_->listed.list.expires) : "none"; }

    const runtime::Log& log_;
    Ports ports_;
    HeldPtr held_;  ///< durable
    std::optional<std::string> told_state_;
};

}  // namespace portcullis::gate
