#include "gate/trust_floors.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "codec/canonical.hpp"
#include "core/hash256.hpp"
#include "core/time_text.hpp"
#include "core/value.hpp"
#include "core/value_members.hpp"
#include "store/state_directory.hpp"

namespace portcullis::gate {
namespace {

constexpr codec::JsonLimits floors_limits{std::size_t{256} * 1024, 8};

Object mark_members(const DocumentName& name, const DocumentMark& mark) {
    Object members{{"kind", text_of(name.kind)}, {"version", mark.version}, {"sha256", hex_text(mark.hash)}};
    if (!name.authority.empty()) {
        members.emplace_back("authority", name.authority.text());
    }
    return members;
}

const List& list_in(const Value& from, std::string_view name) {
    static const List none;
    const auto* const value = from.find(name);
    const auto* const list = value == nullptr ? nullptr : value->get<List>();
    return list == nullptr ? none : *list;
}

std::optional<std::pair<DocumentName, DocumentMark>> read_mark(const Value& value) {
    const auto kind = enum_from<DocumentKind>(text_member(value, "kind"));
    const auto version = number_member(value, "version");
    const auto hash = hash256_from_hex(text_member(value, "sha256"));
    if (!kind || !version || !hash) {
        return std::nullopt;
    }
    return std::pair{DocumentName{*kind, Authority{text_member(value, "authority")}}, DocumentMark{*version, *hash}};
}

/// The whole file, unlike store::read_small_file; nothing when there is none.
std::optional<std::string> file_text(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

struct Copy {
    trust::Floors floors;
    std::optional<std::string> defect;
};

Copy copy_of(const std::optional<std::string>& text, const char* where) {
    if (!text) {
        return {};
    }
    auto read = read_floors(*text);
    if (!read) {
        return {{}, std::string{where} + ": " + read.error()};
    }
    return {std::move(read).value(), std::nullopt};
}

}  // namespace

std::string floors_text(const trust::Floors& floors) {
    List taken;
    for (const auto& [name, floor] : floors.taken) {
        auto members = mark_members(name, floor.mark);
        if (floor.not_before) {
            members.emplace_back("not_before", time_text(*floor.not_before));
        }
        taken.emplace_back(std::move(members));
    }
    List named;
    for (const auto& [name, mark] : floors.named) {
        named.emplace_back(mark_members(name, mark));
    }
    Object members{{"serial", floors.serial}, {"taken", std::move(taken)}, {"named", std::move(named)}};
    if (floors.time) {
        members.emplace_back("time", time_text(*floors.time));
    }
    const auto text = codec::canonical_text(Value{std::move(members)});
    if (!text) {
        throw std::logic_error{"floors: " + text.error().message()};
    }
    return *text;
}

Result<trust::Floors, std::string> read_floors(std::string_view text) {
    const auto value = codec::parse_value(text.substr(0, text.find_last_not_of('\n') + 1), floors_limits);
    if (!value) {
        return Failure{"the floors cannot be read: " + value.error().message()};
    }
    trust::Floors floors;
    const auto serial = number_member(*value, "serial");
    if (!serial || *serial < 1) {
        return Failure{std::string{"the floors have no serial"}};
    }
    floors.serial = *serial;
    if (value->find("time") != nullptr) {
        floors.time = time_from_text(text_member(*value, "time"));
        if (!floors.time) {
            return Failure{std::string{"the floors have a time that is none"}};
        }
    }
    for (const auto& item : list_in(*value, "taken")) {
        const auto mark = read_mark(item);
        const auto not_before = time_from_text(text_member(item, "not_before"));
        if (!mark || (item.find("not_before") != nullptr && !not_before)) {
            return Failure{std::string{"a floor cannot be read"}};
        }
        floors.taken[mark->first] = {mark->second, not_before};
    }
    for (const auto& item : list_in(*value, "named")) {
        const auto mark = read_mark(item);
        if (!mark) {
            return Failure{std::string{"what the timestamp named cannot be read"}};
        }
        floors.named[mark->first] = mark->second;
    }
    return floors;
}

KeptFloors load_floors(const std::filesystem::path& state, const std::optional<std::string>& in_database) {
    const auto database = copy_of(in_database, "the journal's database");
    const auto file = copy_of(file_text(state / "floors"), "the file floors");
    const bool file_is_newer = file.floors.serial > database.floors.serial;
    KeptFloors kept{file_is_newer ? file.floors : database.floors, std::nullopt};
    if (file.defect || database.defect) {
        kept.defect = file.defect ? file.defect : database.defect;
    } else if (file.floors.serial != database.floors.serial) {
        kept.defect = std::string{file_is_newer ? "the journal's database" : "the file floors"} +
                      " is the older copy: serial " +
                      std::to_string(file_is_newer ? database.floors.serial : file.floors.serial) + ", the other has " +
                      std::to_string(kept.floors.serial);
    }
    return kept;
}

std::optional<store::StoreFailure> save_floors(const std::filesystem::path& state, const trust::Floors& floors) {
    return store::write_small_file(state / "floors", floors_text(floors) + "\n");
}

}  // namespace portcullis::gate
