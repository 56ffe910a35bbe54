#include "tests/simulation/book.hpp"

#include <algorithm>

namespace portcullis::simulation {

std::string_view text_in(const Event& event, std::string_view name) {
    const auto* value = event.data.find(name);
    const auto* text = value == nullptr ? nullptr : value->get<std::string>();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

std::optional<std::int64_t> number_in(const Event& event, std::string_view name) {
    const auto* value = event.data.find(name);
    const auto* number = value == nullptr ? nullptr : value->get<std::int64_t>();
    return number == nullptr ? std::nullopt : std::optional{*number};
}

std::optional<PassageId> passage_in(const Event& event) {
    return PassageId::parse(text_in(event, "passage"));
}

void Book::apply(LaneBook& book, const Event& event) {
    if (event.type == "passage.detected") {
        const auto passage = passage_in(event);
        const auto position = number_in(event, "position_in_lane");
        if (passage && position) {
            const auto place = std::min<std::ptrdiff_t>(std::max<std::int64_t>(*position, 0), std::ssize(book.open));
            book.open.insert(book.open.begin() + place, *passage);
        }
    } else if (event.type == "passage.ended") {
        if (const auto passage = passage_in(event)) {
            std::erase(book.open, *passage);
        }
    } else if (event.type == "lane.mode") {
        book.automatic = text_in(event, "to") == "automatic";
        book.out_of_service = text_in(event, "to") == "out_of_service";
    }
}

void Book::emitted(std::size_t lane, const Event& event) {
    apply(said_[lane], event);
    if (event.type == "permission.ended") {
        if (const auto id = PermissionId::parse(text_in(event, "permission_id"))) {
            permissions_[*id].ended = true;
        }
    }
}

void Book::committed(std::size_t lane, const Event& event) {
    apply(committed_[lane], event);
    if (event.type == "verdict.issued") {
        if (const auto passage = passage_in(event)) {
            opens_[*passage] = text_in(event, "route") == "open";
        }
        return;
    }
    const bool up = event.type == "arm.commanded" && text_in(event, "command") == "up";
    const bool began = event.type == "permission.began";
    const bool ended = event.type == "permission.ended";
    const auto id = up || began || ended ? PermissionId::parse(text_in(event, "permission_id")) : std::nullopt;
    if (!id) {
        return;
    }
    auto& permission = permissions_[*id];
    permission.lane = lane;
    permission.passage = passage_in(event).value_or(permission.passage);
    permission.began = permission.began || began;
    permission.commanded = permission.commanded || up;
    permission.ends += ended ? 1 : 0;
}

void Book::killed() {
    said_ = committed_;
    for (auto* const book : {&said_, &committed_}) {
        for (auto& lane : *book) {
            lane.automatic = lane.out_of_service = false;
        }
    }
}

PermissionBook* Book::permission(const PermissionId& id) {
    const auto found = permissions_.find(id);
    return found == permissions_.end() ? nullptr : &found->second;
}

bool Book::opens(const PassageId& passage) const {
    const auto found = opens_.find(passage);
    return found != opens_.end() && found->second;
}

}  // namespace portcullis::simulation
