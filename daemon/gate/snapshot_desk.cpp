#include "gate/snapshot_desk.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "codec/order_snapshot.hpp"
#include "gate/guarded_reading.hpp"
#include "gate/open_snapshot.hpp"
#include "gate/snapshot_chunk.hpp"
#include "trust/hash.hpp"

namespace portcullis::gate {

namespace {

void tell(const SnapshotFile& file, const std::optional<std::string>& problem) {
    if (file.done) {
        file.done(problem);
    }
}

}  // namespace

SnapshotDesk::SnapshotDesk(Surroundings surroundings, Terms terms, Ports ports)
    : surroundings_(surroundings), terms_(std::move(terms)), ports_(std::move(ports)) {}

std::string SnapshotDesk::progress() const {
    if (!running_) {
        return {};
    }
    return running_->head.authority.text() + " " + std::to_string(running_->head.number) + ": " +
           std::to_string(running_->next) + " of " + std::to_string(running_->head.chunks.size()) + " chunks";
}

void SnapshotDesk::take_head(std::string bytes, const std::string& channel, SnapshotFile file) {
    if (busy()) {
        surroundings_.log.info("a snapshot came while another one is taken", {{"channel", channel}});
        return tell(file, "another snapshot is being taken; see `portcullis status`");
    }
    opening_ = true;
    const auto now = surroundings_.clock.now().wall;
    auto read = [this, bytes = std::move(bytes), channel, file = std::move(file), trust = trust_, now] {
        const SnapshotTerms terms{terms_.terminal, terms_.gate, std::max(now, trust.time_floor.value_or(now))};
        auto result = read_guarded(surroundings_.quarantine, bytes, codec::snapshot_kind,
                                   [&] { return open_snapshot(bytes, trust.keys, terms); });
        boost::asio::post(surroundings_.context, [this, result = std::move(result), channel, file]() mutable {
            opening_ = false;
            opened(std::move(result), channel, std::move(file));
        });
    };
    auto& worker = surroundings_.documents != nullptr ? *surroundings_.documents : surroundings_.worker;
    if (!worker.post(std::move(read))) {
        ports_.fatal("snapshots cannot be read any more: the worker of documents does not answer");
    }
}

void SnapshotDesk::opened(Result<OrderSnapshot, DocumentRefused> result, const std::string& channel,
                          SnapshotFile file) {
    if (!result) {
        ports_.refused(result.error(), channel);
        return tell(file, result.error().detail);
    }
    if (!ports_.has_room(result->authority)) {
        auto refused = refused_document({}, codec::snapshot_kind, no_room_refusal());
        refused.authority = result->authority;
        refused.number = result->number;
        ports_.refused(refused, channel);
        return tell(file, refused.detail);
    }
    // Not even after a loss an older one is taken: what was revoked since would be in force again.
    if (result->number < ports_.least_number(result->authority)) {
        surroundings_.log.info("a snapshot is older than what is here",
                               {{"authority", result->authority}, {"number", result->number}});
        return tell(file, "is older than what is here");
    }
    begin(std::move(result).value(), channel, std::move(file));
}

void SnapshotDesk::begin(OrderSnapshot head, const std::string& channel, SnapshotFile file) {
    surroundings_.log.notice("a snapshot of orders begins", {{"authority", head.authority},
                                                             {"number", head.number},
                                                             {"chunks", static_cast<std::int64_t>(head.chunks.size())},
                                                             {"channel", channel}});
    const store::SnapshotPosition position{head.authority, head.number,
                                           hash256_from_hex(head.hash).value_or(Hash256{})};
    running_ = Running{std::move(head), channel, std::move(file)};
    running_->at_work = true;
    running_->progressed_at = surroundings_.clock.now().instant;
    post([this, position, filling = running_->filling] {
        auto begun = store::OrderFill::begin(terms_.fill, position);
        std::optional<store::StoreFailure> failure;
        if (begun) {
            filling->fill = std::move(begun).value();
        } else {
            failure = begun.error();
        }
        boost::asio::post(surroundings_.context, [this, failure] {
            running_->at_work = false;
            if (failure) {
                failed(*failure);
                return;
            }
            ask();
            work();
        });
    });
}

void SnapshotDesk::ask() {
    const auto index = running_->next + running_->waiting.size() + (running_->at_work ? 1 : 0);
    if (index < running_->asked || index >= running_->head.chunks.size() || running_->waiting.size() >= most_waiting) {
        return;
    }
    running_->asked = index + 1;
    running_->asked_at = surroundings_.clock.now().instant;
    const uplink::SnapshotNeed need{running_->head.authority, running_->head.number,
                                    static_cast<std::int64_t>(index) + 1};
    if (running_->file.give) {
        const auto& chunks = running_->head.chunks;
        std::int64_t offset = 0;
        for (std::size_t i = 0; i < index; ++i) {
            offset += chunks[i].bytes;
        }
        running_->file.give(need, offset, chunks[index].bytes);
    } else {
        ports_.request(need);
    }
}

void SnapshotDesk::take_chunk(InboundChunk chunk) {
    if (!running_ || chunk.authority != running_->head.authority || chunk.number != running_->head.number) {
        return;  // of a snapshot that is over: brokers deliver again
    }
    const auto index = static_cast<std::size_t>(chunk.chunk) - 1;
    const auto first = running_->next + (running_->at_work ? 1 : 0);
    if (chunk.chunk < 1 || index < first || index >= running_->head.chunks.size() ||
        running_->waiting.size() >= most_waiting ||
        static_cast<std::int64_t>(chunk.bytes.size()) != running_->head.chunks[index].bytes) {
        return;  // nobody asked for it, or it is not what the head says: it is asked for again
    }
    running_->waiting.emplace(index, std::move(chunk.bytes));
    work();
}

void SnapshotDesk::work() {
    if (running_->at_work) {
        return;
    }
    if (running_->next == running_->head.chunks.size()) {
        return finish();
    }
    auto node = running_->waiting.extract(running_->next);
    if (node.empty()) {
        return;
    }
    running_->at_work = true;
    ask();
    post([this, index = node.key(), bytes = std::move(node.mapped()), filling = running_->filling,
          authority = running_->head.authority, expected = running_->head.chunks[running_->next]] {
        boost::asio::post(surroundings_.context, [this, index, result = fill(bytes, authority, expected, *filling)] {
            chunk_done(index, result);
        });
    });
}

SnapshotDesk::ChunkResult SnapshotDesk::fill(std::string_view bytes, const Authority& authority,
                                             const OrderSnapshot::Chunk& expected, Filling& filling) {
    ChunkResult result;
    result.damaged = hex_text(trust::sha256(bytes)) != expected.sha256;
    if (result.damaged) {
        return result;
    }
    const auto lines = fill_chunk(bytes, {authority, filling.reader, *filling.fill, result.used});
    if (!lines) {
        result.refusal = lines.error();
    } else if (*lines != expected.lines) {
        result.refusal = codec::Refusal{codec::RefusalCause::parse, {}, "has other lines than its head says"};
    } else {
        result.failure = filling.fill->sync();
    }
    return result;
}

void SnapshotDesk::chunk_done(std::size_t index, const ChunkResult& result) {
    running_->at_work = false;
    if (result.failure) {
        return failed(*result.failure);
    }
    if (result.damaged) {
        // Anyone who can publish can send one; the right one is asked for.
        ports_.refused(
            refused_document({}, codec::snapshot_kind,
                             {codec::RefusalCause::chain,
                              {},
                              "chunk " + std::to_string(index + 1) + " is not what the snapshot's head names"}),
            running_->channel);
        if (running_->file.give) {
            drop("the file is damaged, or was changed");
        }
        return;
    }
    if (const auto& refusal = result.refusal) {
        return refuse({refusal->cause, {}, "chunk " + std::to_string(index + 1) + ", " + refusal->message()});
    }
    if (result.used.empty()) {
        return chunk_taken(index);
    }
    running_->at_work = true;
    ports_.used(running_->head.authority, result.used, [this, index] {
        running_->at_work = false;
        chunk_taken(index);
    });
}

void SnapshotDesk::chunk_taken(std::size_t index) {
    running_->next = index + 1;
    running_->progressed_at = surroundings_.clock.now().instant;
    if (running_->waiting.empty()) {
        ask();
    }
    work();
}

void SnapshotDesk::finish() {
    running_->at_work = true;
    post([this, filling = running_->filling] {
        auto result = filling->fill->finish();
        boost::asio::post(surroundings_.context, [this, result = std::move(result)] { finished(result); });
    });
}

void SnapshotDesk::finished(const Result<store::OrderFill::Finished, store::StoreFailure>& result) {
    if (!result) {
        return failed(result.error());
    }
    if (*result == store::OrderFill::Finished::taken_twice) {
        return refuse({codec::RefusalCause::parse, {}, "an order is there twice"});
    }
    ports_.filled(std::move(running_->filling->fill), running_->channel);
}

void SnapshotDesk::tick(Now now) {
    if (!running_ || running_->at_work) {
        return;
    }
    if (now.instant >= running_->progressed_at + give_up_after) {
        surroundings_.log.warning("a snapshot does not go on; it is given up", {{"snapshot", progress()}});
        return drop("it does not go on");
    }
    if (now.instant >= running_->asked_at + ask_again) {
        running_->waiting.clear();
        running_->asked = running_->next;
        ask();
    }
}

void SnapshotDesk::refuse(const codec::Refusal& refusal) {
    auto refused = refused_document({}, codec::snapshot_kind, refusal);
    refused.authority = running_->head.authority;
    refused.number = running_->head.number;
    ports_.refused(refused, running_->channel);
    drop(refusal.message());
}

void SnapshotDesk::failed(const store::StoreFailure& failure) {
    surroundings_.log.error("a snapshot could not be stored; it is asked for again",
                            {{"snapshot", progress()}, {"why", failure.message}});
    drop(failure.message);
}

void SnapshotDesk::settled(const std::optional<std::string>& problem) {
    const auto over = std::exchange(running_, std::nullopt);
    if (over) {
        tell(over->file, problem);
    }
}

/// Its file is removed by the worker, for which that may take long.
void SnapshotDesk::drop(const std::string& why) {
    auto filling = std::exchange(running_->filling, nullptr);
    settled(why);
    post([filling = std::move(filling)]() mutable { filling.reset(); });
}

void SnapshotDesk::post(std::function<void()> work) {
    if (!surroundings_.worker.post(std::move(work))) {
        ports_.fatal("the worker of snapshots does not answer any more");
    }
}

}  // namespace portcullis::gate
