#pragma once

#include "core/event.hpp"
#include "core/facts.hpp"
#include "core/history.hpp"

namespace portcullis::supervision {

/// What an entry of the journal says of plates and boxes: all history is derived from entries, in the transaction that
/// makes them durable.
[[nodiscard]] HistoryChange history_of(const Event& event);

/// What is to be asked for these facts and orders: its plates, its boxes, and whose boxes are counted.
[[nodiscard]] HistoryQuestion history_question(const PassageFacts& facts, const OrdersFound& found);

/// Puts the past into a passage's facts. What is not in `found` stays as it is.
void put_history(PassageFacts& facts, const HistoryFound& found);

}  // namespace portcullis::supervision
