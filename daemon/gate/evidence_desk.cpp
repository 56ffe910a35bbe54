#include "gate/evidence_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

#include "codec/canonical.hpp"
#include "core/time_text.hpp"
#include "core/value_members.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view note_prefix = "evidence/";
constexpr auto look_every = 60s;
constexpr std::size_t most_at_once = 100;
constexpr std::uint64_t told_every = 100;

std::string key_of(const Hash256& sha256) {
    return std::string{note_prefix} + hex_text(sha256);
}

Picture& picture_in(lane::Observed& seen) {
    return std::get<Picture>(seen.observation.what);
}

}  // namespace

EvidenceDesk::EvidenceDesk(Surroundings surroundings, settings::EvidenceSettings settings, store::EvidenceFiles files,
                           Ports ports)
    : surroundings_(surroundings),
      settings_(settings),
      files_(std::move(files)),
      ports_(std::move(ports)),
      fault_(surroundings.log, runtime::LogLevel::error, "a picture cannot be kept or removed", told_every) {}

void EvidenceDesk::recall(const std::vector<store::NoteRow>& notes) {
    for (const auto& row : notes) {
        if (!row.lane.empty() || !row.body || !row.key.starts_with(note_prefix)) {
            continue;
        }
        const auto body = codec::parse_value(*row.body, note_limits);
        auto picture = body ? picture_of(std::string_view{row.key}.substr(note_prefix.size()), *body) : std::nullopt;
        if (picture) {
            if (ports_.bound) {
                ports_.bound(*picture);
            }
            shelf_.add(std::move(*picture));
        } else {
            surroundings_.log.error("a note about a picture cannot be read", {{"note", row.key}});
        }
    }
    const auto posted = surroundings_.worker.post([this, expected = shelf_.all()] {
        boost::asio::post(surroundings_.context, [this, expected, found = files_.sweep()] { swept(expected, found); });
    });
    if (!posted) {
        fault_.failed("the files were not looked at: too much waits for the disk");
    }
}

/// Files that nobody speaks of go: their picture was stored and never bound, or said to be gone. Pictures whose file is
/// not there, or of another size, are lost.
void EvidenceDesk::swept(const std::vector<Hash256>& expected,
                         const Result<store::EvidenceFiles::Sweep, store::StoreFailure>& found) {
    if (!found) {
        fault_.failed(found.error().message);
        return;
    }
    std::int64_t orphans = 0;
    std::set<Hash256> whole;
    for (const auto& file : found->files) {
        const auto* kept = shelf_.find(file.sha256);
        if (kept != nullptr && kept->size == file.size) {
            whole.insert(file.sha256);
        } else if (!is_known(file.sha256)) {
            ++orphans;
            remove(file.sha256);
        }
    }
    std::vector<KeptPicture> gone;
    for (const auto& sha256 : expected) {
        const auto* kept = shelf_.find(sha256);
        if (kept != nullptr && !whole.contains(sha256)) {
            gone.push_back(*kept);
        }
    }
    if (orphans + found->half_written > 0) {
        surroundings_.log.notice("pictures without a passage were removed",
                                 {{"files", orphans}, {"half_written", found->half_written}});
    }
    lost(gone);
}

void EvidenceDesk::lost(const std::vector<KeptPicture>& pictures) {
    const auto now = surroundings_.clock.now();
    for (std::size_t from = 0; from < pictures.size(); from += most_at_once) {
        Submission submission;
        for (auto i = from; i < std::min(from + most_at_once, pictures.size()); ++i) {
            const auto& picture = pictures[i];
            submission.events.push_back(event("evidence.missing", picture, "lost", now));
            submission.gate_notes.push_back({key_of(picture.sha256), std::nullopt});
            shelf_.remove(picture.sha256);
            if (ports_.gone) {
                ports_.gone(picture.sha256);
            }
            remove(picture.sha256);
        }
        ports_.submit(std::move(submission));
    }
}

void EvidenceDesk::take(std::size_t lane, lane::Observed seen) {
    auto& picture = picture_in(seen);
    if (!picture.missing.empty() || !picture.bytes) {
        ports_.give(lane, std::move(seen));
        return;
    }
    if (waiting_ + picture.size > most_waiting) {
        refuse(lane, std::move(seen), "busy");
        return;
    }
    erase(shelf_.to_go(waiting_ + picture.size, settings_.budget), "budget");
    if (shelf_.bytes() + waiting_ + picture.size > settings_.budget) {
        refuse(lane, std::move(seen), "budget");
        return;
    }
    const auto size = picture.size;
    waiting_ += size;
    const auto posted = surroundings_.worker.post([this, lane, seen]() mutable {
        const auto& bytes = *picture_in(seen).bytes;
        const auto sha256 = trust::sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        auto failure = files_.put(sha256, bytes);
        boost::asio::post(surroundings_.context,
                          [this, lane, seen = std::move(seen), sha256, failure = std::move(failure)]() mutable {
                              stored(lane, std::move(seen), sha256, failure);
                          });
    });
    if (!posted) {
        waiting_ -= size;
        refuse(lane, std::move(seen), "busy");
    }
}

void EvidenceDesk::refuse(std::size_t lane, lane::Observed seen, std::string_view cause) {
    auto& picture = picture_in(seen);
    picture.bytes.reset();
    picture.missing = cause;
    ports_.give(lane, std::move(seen));
}

bool EvidenceDesk::is_known(const Hash256& sha256) const {
    return shelf_.find(sha256) != nullptr || going_.contains(sha256) || (shown_ && shown_->sha256 == sha256);
}

void EvidenceDesk::stored(std::size_t lane, lane::Observed seen, const Hash256& sha256,
                          const std::optional<store::StoreFailure>& failure) {
    auto& picture = picture_in(seen);
    waiting_ -= picture.size;
    if (failure) {
        fault_.failed(failure->message);
        refuse(lane, std::move(seen), "storage");
        return;
    }
    fault_.over();
    if (is_known(sha256)) {
        // No two pictures of a lens are the same: the camera gives an old one again.
        refuse(lane, std::move(seen), "repeated");
        return;
    }
    picture.bytes.reset();
    picture.sha256 = sha256;
    shown_ = Shown{sha256, false};
    ports_.give(lane, std::move(seen));
    const auto shown = *std::exchange(shown_, std::nullopt);
    if (!shown.bound) {
        remove(sha256);
    }
}

void EvidenceDesk::follow(const LaneName& lane, Submission& submission) {
    const auto events = submission.events.size();
    for (std::size_t i = 0; i < events; ++i) {
        const auto& type = submission.events[i].type;
        if (type == "evidence.bound") {
            bind(lane, submission.events[i].data, submission);
        } else if (type == "passage.ended") {
            end(submission.events[i].data, submission);
        }
    }
}

void EvidenceDesk::bind(const LaneName& lane, const Value& data, Submission& submission) {
    const auto text = text_member(data, "sha256");
    Object note{{"lane", lane.text()}, {"class", text_of(EvidenceClass::open)}};
    for (const auto* name : {"passage", "device", "role", "kind", "captured_at", "bytes"}) {
        if (const auto* member = data.find(name)) {
            note.push_back({name, *member});
        }
    }
    auto picture = picture_of(text, Value{note});
    if (!picture || !shown_ || shown_->sha256 != picture->sha256) {
        return;
    }
    shown_->bound = true;
    submission.gate_notes.push_back({key_of(picture->sha256), note_of(*picture)});
    if (ports_.bound) {
        ports_.bound(*picture);
    }
    shelf_.add(std::move(*picture));
}

void EvidenceDesk::end(const Value& data, Submission& submission) {
    const auto passage = PassageId::parse(text_member(data, "passage"));
    if (!passage) {
        return;
    }
    for (const auto& picture : shelf_.end(*passage, class_of_end(data))) {
        submission.gate_notes.push_back({key_of(picture.sha256), note_of(picture)});
    }
}

void EvidenceDesk::tick(Now now) {
    // A wall clock that nobody set would throw pictures away too early.
    if (now.clock_state != ClockState::synchronised || (looked_ && now.instant - *looked_ < look_every)) {
        return;
    }
    const auto over = shelf_.expired(
        now.wall, [this](EvidenceClass what) { return settings_.keep(what); }, most_at_once);
    if (over.size() < most_at_once) {
        looked_ = now.instant;
    }
    erase(over, "retention");
}

void EvidenceDesk::read(const Hash256& sha256, std::int64_t from, std::size_t length,
                        const std::function<void(std::vector<std::uint8_t>)>& done) {
    const auto posted = surroundings_.worker.post([this, sha256, from, length, done] {
        auto read = files_.read(sha256, from, length);
        boost::asio::post(surroundings_.context,
                          [done, bytes = read ? std::move(read).value() : std::vector<std::uint8_t>{}]() mutable {
                              done(std::move(bytes));
                          });
    });
    if (!posted) {
        boost::asio::post(surroundings_.context, [done] { done({}); });
    }
}

void EvidenceDesk::sent(const Hash256& sha256, const std::string& destination) {
    if (const auto* picture = shelf_.sent(sha256, destination)) {
        Submission submission;
        submission.gate_notes.push_back({key_of(sha256), note_of(*picture)});
        ports_.submit(std::move(submission));
    }
}

void EvidenceDesk::erase_on_request(const std::vector<std::string>& hashes) {
    std::vector<KeptPicture> pictures;
    for (const auto& text : hashes) {
        const auto sha256 = hash256_from_hex(text);
        if (const auto* kept = sha256 ? shelf_.find(*sha256) : nullptr) {
            pictures.push_back(*kept);
        }
    }
    erase(pictures, "request");
}

void EvidenceDesk::erase(const std::vector<KeptPicture>& pictures, std::string_view cause) {
    if (pictures.empty()) {
        return;
    }
    const auto now = surroundings_.clock.now();
    Submission submission;
    std::vector<Hash256> hashes;
    for (const auto& picture : pictures) {
        submission.events.push_back(event("evidence.erased", picture, cause, now));
        submission.gate_notes.push_back({key_of(picture.sha256), std::nullopt});
        hashes.push_back(picture.sha256);
        going_.insert(picture.sha256);
        shelf_.remove(picture.sha256);
        if (ports_.gone) {
            ports_.gone(picture.sha256);
        }
    }
    submission.committed = [this, hashes] {
        for (const auto& sha256 : hashes) {
            remove(sha256);
        }
    };
    ports_.submit(std::move(submission));
}

void EvidenceDesk::remove(const Hash256& sha256) {
    going_.insert(sha256);
    const auto posted = surroundings_.worker.post([this, sha256] {
        boost::asio::post(surroundings_.context,
                          [this, sha256, failure = files_.remove(sha256)] { removed(sha256, failure); });
    });
    if (!posted) {
        fault_.failed("too much waits for the disk: a file stays until the next start");
    }
}

void EvidenceDesk::removed(const Hash256& sha256, const std::optional<store::StoreFailure>& failure) {
    if (failure) {
        fault_.failed(failure->message);
        return;  // never shown again as new: what stays is removed at the next start
    }
    going_.erase(sha256);
}

EvidenceDesk::View EvidenceDesk::view() const {
    return {static_cast<std::int64_t>(shelf_.count()), shelf_.bytes(), settings_.budget};
}

Event EvidenceDesk::event(const char* type, const KeptPicture& picture, std::string_view cause, Now now) const {
    auto data = ports_.lane_fields(picture.lane);
    data.push_back({"passage", picture.passage.text()});
    data.push_back({"sha256", hex_text(picture.sha256)});
    data.push_back({"device", picture.device.text()});
    data.push_back({"role", picture.role});
    data.push_back({"kind", picture.kind});
    data.push_back({"captured_at", time_text(picture.captured)});
    data.push_back({"bytes", picture.size});
    data.push_back({"cause", cause});
    return {type, "lane/" + picture.lane.text(), now, std::move(data), std::nullopt};
}

}  // namespace portcullis::gate
