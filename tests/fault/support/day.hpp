#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "codec/event_writer.hpp"
#include "gate/head_maker.hpp"
#include "gate/journal_desk.hpp"
#include "gate/journal_writer.hpp"
#include "store/journal.hpp"
#include "store/order_cache.hpp"
#include "trust/signature.hpp"

namespace portcullis::fault {

/// What the outside world was told and will remember. `batch`: orders up to this batch were said to be applied.
enum class Told : std::uint8_t { durable, arm_up, delivered, batch };

struct Word {
    Told told = Told::durable;
    std::int64_t number = 0;  ///< sequence, or the batch's number
    Hash256 hash{};
};

struct DayPlan {
    std::filesystem::path directory;
    std::string file_system;  ///< as store::JournalSettings
    int passages = 12;
    std::uint8_t life = 1;  ///< of this state directory: salts of two lives differ
    bool hasty = false;     ///< sabotage: the arm goes up before its record is committed
    std::function<void(const Word&)> tell;
    std::function<void()> before_checkpoint = [] {};
    std::function<void()> after_checkpoint = [] {};
    /// Nothing could be written for some tries; whoever made the disk full may give room.
    std::function<void()> still_full = [] {};
};

enum class DayEnd : std::uint8_t { ordered, not_opened, stopped };

/// One life of the gate's writing path, played from a script: the real journal, order cache, journal desk, writer and
/// heads, without threads and clocks, so that the same plan asks the same of the disk. Passages with their readings,
/// verdicts, reservations and arm commands; deliveries, acknowledgements, order batches, checkpoints, an erasure, a
/// cut, and an ordered stop.
class Day {
public:
    explicit Day(DayPlan plan);
    DayEnd run();
    /// What was wrong, when it did not end in order.
    [[nodiscard]] const std::string& why() const { return why_; }

private:
    bool open();
    void submit(Event event, bool urgent, std::function<void()> committed = {});
    void passage(int number);
    void settle();
    void deliver();
    void apply_batch();
    void keep_old();
    void stop(const std::string& why);
    [[nodiscard]] Event event(const std::string& type, Object data);
    [[nodiscard]] gate::JournalDesk::Ports ports();

    DayPlan plan_;
    codec::EventCatalogue catalogue_;
    codec::EventWriter events_;
    trust::SigningKey key_;
    std::unique_ptr<store::Journal> journal_;
    std::unique_ptr<store::OrderCache> orders_;
    std::unique_ptr<gate::JournalWriter> writer_;
    std::unique_ptr<gate::HeadMaker> heads_;
    std::unique_ptr<gate::JournalDesk> desk_;
    std::deque<std::pair<store::JournalBatch, std::function<void(store::StoreOutcome)>>> asked_;
    std::deque<std::pair<std::int64_t, Hash256>> written_;  ///< numbered, not yet told durable
    Now now_;
    std::int64_t delivered_ = 0;
    std::int64_t batch_ = 0;
    bool stopped_ = false;
    std::string why_;
};

}  // namespace portcullis::fault
