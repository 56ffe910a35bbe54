#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <map>

#include "codec/orders.hpp"
#include "codec/passes_document.hpp"
#include "gate/trust_floors.hpp"
#include "gate/trust_state.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/trust_documents.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace {

using namespace portcullis;
using namespace portcullis::testing;
using gate::TrustState;

const WallTime noon = at("2026-11-24T12:00:00.000Z");
constexpr auto day = std::chrono::hours{24};

/// The port's root, where `paula` and `peter` sign pass lists together.
RootDocument port_root(std::int64_t version = 1) {
    auto root = a_root(version);
    RootRole role{{}, 2};
    for (const auto* name : {"paula", "peter"}) {
        root.keys.push_back(root_key(name));
        role.keyids.push_back(root_key(name).keyid);
    }
    root.roles[DocumentKind::passes] = role;
    return root;
}

/// One gate: what it keeps on disk, and what it has in force. `forgetful` keeps no floors, which is the control.
class PlayedGate {
public:
    explicit PlayedGate(bool forgetful) : forgetful_(forgetful) { take(state_.begin(sealed_root(port_root()), noon)); }

    bool root(const RootDocument& root, const Names& names = {"alice", "bob"}, WallTime wall = noon) {
        return take(state_.open_root(sealed_root(root, names), true, wall));
    }
    bool timestamp(const TimestampDocument& timestamp, WallTime wall = noon) {
        return take(state_.open_timestamp(sealed_timestamp(timestamp), wall));
    }
    bool ruleset(std::int64_t version, const std::string& mark = {}, WallTime wall = noon) {
        const auto read = [](std::string_view payload) -> Result<DocumentHead, codec::Refusal> {
            return DocumentHead{"xmht",
                                {"*"},
                                std::stoll(std::string{payload}),
                                at("2026-11-20T00:00:00.000Z"),
                                at("2026-12-20T00:00:00.000Z")};
        };
        return take(state_.open(sealed("ruleset", std::to_string(version) + mark, {"rita", "ralf"}),
                                DocumentKind::ruleset, 10'000, read, {.newest = true}, wall));
    }
    /// By its own reader.
    bool passes(std::int64_t version, std::chrono::hours longer = {}, const Names& names = {"paula", "peter"}) {
        const PassList list{
            {"xmht", {"*"}, version, at("2026-11-20T00:00:00.000Z"), at("2026-12-20T00:00:00.000Z") + longer}, {}};
        const auto read = [](std::string_view payload) -> Result<DocumentHead, codec::Refusal> {
            const auto read = codec::read_passes(payload);
            if (!read) {
                return Failure{read.error()};
            }
            return static_cast<const DocumentHead&>(*read);
        };
        return take(state_.open(sealed("passes", codec::write_passes(list), names), DocumentKind::passes, 10'000, read,
                                {.newest = true}, noon));
    }
    /// What would be on the disk now.
    struct Disk {
        std::optional<std::string> floors_in_database;
        std::vector<store::DocumentRow> rows;
        std::string floors_in_file;
    };
    [[nodiscard]] Disk disk() const {
        return {gate::floors_text(state_.floors()), rows_, gate::floors_text(state_.floors())};
    }
    void start_from(const Disk& disk) {
        const store::testing::TemporaryDirectory directory;
        if (!disk.floors_in_file.empty() &&
            gate::save_floors(directory.path(), gate::read_floors(disk.floors_in_file).value())) {
            throw std::runtime_error{"a floors file cannot be written"};
        }
        auto kept = gate::load_floors(directory.path(), disk.floors_in_database);
        detected_ = kept.defect.has_value();
        rows_ = disk.rows;
        state_ = TrustState{{"xmht", "g07"}, std::move(kept.floors), rows_};
        forget();
    }
    [[nodiscard]] const TrustState& state() const { return state_; }
    [[nodiscard]] bool detected() const { return detected_; }

private:
    bool take(const Result<TrustState::Step, gate::DocumentRefused>& step) {
        if (!step) {
            return false;
        }
        std::erase_if(rows_, [&](const auto& row) { return row.kind == step->taken.row.kind; });
        rows_.push_back(step->taken.row);
        state_ = TrustState{*step->after};
        forget();
        return true;
    }
    /// The control: only the root is remembered, so that signatures still hold.
    void forget() {
        if (!forgetful_) {
            return;
        }
        trust::Floors floors;
        floors.serial = 1;
        for (const auto& row : rows_) {
            if (row.kind == text_of(DocumentKind::root)) {
                floors.taken[{DocumentKind::root, {}}].mark = {row.version, row.hash};
            }
        }
        state_ = TrustState{{"xmht", "g07"}, std::move(floors), rows_};
    }

    bool forgetful_;
    TrustState state_{{"xmht", "g07"}, {}, {}};
    std::vector<store::DocumentRow> rows_;
    bool detected_ = false;
};

struct Count {
    std::size_t attacks = 0;
    std::size_t accepted = 0;
    std::map<std::string, std::size_t> of_kind;

    void add(const std::string& kind, bool taken) {
        ++attacks;
        ++of_kind[kind];
        if (taken) {
            ++accepted;
            taken_kinds[kind] += 1;
        }
    }
    std::map<std::string, std::size_t> taken_kinds;
};

TimestampDocument timestamp_of(std::int64_t version, WallTime issued, std::int64_t ruleset) {
    auto timestamp = a_timestamp(version);
    timestamp.head.issued = issued;
    timestamp.head.expires = issued + day;
    if (ruleset > 0) {
        const auto text = std::to_string(ruleset);
        timestamp.newest[{DocumentKind::ruleset, {}}] = {ruleset, trust::sha256(text)};
    }
    return timestamp;
}

const WallTime issued = at("2026-11-24T00:00:00.000Z");

/// A gate some way into its life: root 3, timestamp 10 that names ruleset 8, ruleset 8, pass list 8.
PlayedGate lived(bool forgetful) {
    PlayedGate gate{forgetful};
    gate.root(port_root(2));
    gate.root(port_root(3));
    gate.timestamp(timestamp_of(10, issued, 8));
    gate.ruleset(8);
    gate.passes(8);
    return gate;
}

void attack_versions(bool forgetful, std::int64_t most, Count& count) {
    for (std::int64_t version = 1; version <= most; ++version) {
        if (version < 8) {
            auto gate = lived(forgetful);
            count.add("an older ruleset", gate.ruleset(version));
            count.add("an older pass list", gate.passes(version));
        }
        if (version < 10) {
            auto gate = lived(forgetful);
            count.add("an older timestamp", gate.timestamp(timestamp_of(version, issued, 0)));
        }
        if (version < 3) {
            auto gate = lived(forgetful);
            count.add("an older root", gate.root(port_root(version)));
        }
        if (version > 1) {
            auto gate = lived(forgetful);
            count.add("a root left out", gate.root(port_root(3 + version)));
        }
    }
    auto gate = lived(forgetful);
    count.add("the same ruleset version with other bytes", gate.ruleset(8, " "));
    gate = lived(forgetful);
    count.add("the same version of a pass list with other bytes", gate.passes(8, day));
    gate = lived(forgetful);
    count.add("the same timestamp version with other bytes", gate.timestamp(timestamp_of(10, issued, 9)));
    gate = lived(forgetful);
    auto same_root = port_root(3);
    same_root.head.expires += day;
    count.add("the same root version with other bytes", gate.root(same_root));
}

void attack_timestamps(bool forgetful, Count& count) {
    for (std::int64_t named = 1; named < 8; ++named) {
        auto gate = lived(forgetful);
        count.add("a newer timestamp that names less", gate.timestamp(timestamp_of(11, issued, named)));
    }
    for (std::int64_t held_back = 9; held_back < 20; ++held_back) {
        auto gate = lived(forgetful);
        gate.timestamp(timestamp_of(11, issued, 20));
        count.add("a ruleset below what the timestamp names", gate.ruleset(held_back));
    }
    auto gate = lived(forgetful);
    gate.timestamp(timestamp_of(11, issued, 20));
    count.add("a ruleset as named with other bytes", gate.ruleset(20, " "));
}

/// Steps of the clock: back, so that an expired timestamp would hold again; the gate must go by its floor.
void attack_clock(bool forgetful, int most_days, Count& count) {
    for (int days = 2; days <= most_days; ++days) {
        auto gate = lived(forgetful);
        const auto then = issued - day * days;
        count.add("an expired timestamp, the clock set back",
                  gate.timestamp(timestamp_of(11, then, 0), then + std::chrono::hours{1}));
        gate = lived(forgetful);
        count.add("withheld timestamps, the clock stands still",
                  gate.timestamp(timestamp_of(11, then, 0), issued + std::chrono::hours{1}));
        gate = lived(forgetful);
        const auto later = issued + day * days;
        count.add("the newest timestamp holds after its end", gate.state().timestamp_holds(later));
        auto short_root = port_root(4);
        short_root.head.expires = then;
        count.add("a root that is expired, the clock set back", gate.root(short_root, {"alice", "bob"}, then - day));
    }
}

/// Parts of an older disk put back. An attack succeeds when an older document is in force or is taken afterwards.
void attack_disk(bool forgetful, Count& count, std::size_t& undetected) {
    PlayedGate young{forgetful};
    young.root(port_root(2));
    young.timestamp(timestamp_of(5, issued, 4));
    young.ruleset(4);
    young.passes(4);
    const auto old_disk = young.disk();
    const auto new_disk = lived(forgetful).disk();

    const auto play = [&](const std::string& kind, const PlayedGate::Disk& disk) {
        PlayedGate gate{forgetful};
        gate.start_from(disk);
        undetected += gate.detected() || gate.state().provision() != gate::Provision::provisioned ? 0U : 1U;
        count.add(kind + ": an older root is in force", gate.state().root() && gate.state().root()->head.version < 3);
        count.add(kind + ": an older timestamp is in force",
                  gate.state().timestamp() && gate.state().timestamp()->head.version < 10);
        count.add(kind + ": an older root is taken", gate.root(port_root(2)));
        count.add(kind + ": provisioned anew", gate.state().begin(sealed_root(port_root()), noon).ok());
        gate.root(port_root(3));  // the right one comes
        count.add(kind + ": an older timestamp is taken", gate.timestamp(timestamp_of(9, issued, 8)));
        for (std::int64_t version = 1; version < 8; ++version) {
            count.add(kind + ": an older ruleset is taken", gate.ruleset(version));
            count.add(kind + ": an older pass list is taken", gate.passes(version));
        }
    };
    play("restored database", {old_disk.floors_in_database, old_disk.rows, new_disk.floors_in_file});
    play("lost database", {std::nullopt, {}, new_disk.floors_in_file});
    play("restored floors file", {new_disk.floors_in_database, new_disk.rows, old_disk.floors_in_file});
    play("lost floors file", {new_disk.floors_in_database, new_disk.rows, ""});
    play("restored documents", {new_disk.floors_in_database, old_disk.rows, new_disk.floors_in_file});
}

/// A thief's key signs what is far ahead; a rotation must open the way again, and close it to the thief.
void attack_far_future(bool forgetful, Count& count) {
    auto gate = lived(forgetful);
    auto ahead = timestamp_of(9'000'000'000'000, issued, 0);
    ahead.head.expires = at("2099-01-01T00:00:00.000Z");
    gate.timestamp(ahead);
    auto next = with_key_replaced(port_root(4), "clock", "clock2");
    next.head.issued = at("2026-11-24T06:00:00.000Z");
    if (!gate.root(next) && !forgetful) {
        throw std::runtime_error{"a root that replaces the thief's key is not taken"};
    }
    count.add("a timestamp of a key that was replaced", gate.timestamp(timestamp_of(9'000'000'000'001, issued, 0)));
    auto back = with_key_replaced(next, "clock2", "clock");
    back.head.version = 5;
    back.head.issued = at("2026-11-24T07:00:00.000Z");
    back.head.expires = at("2027-01-01T00:00:00.000Z");
    gate.root(back);
    count.add("an old timestamp of a key that came back", gate.timestamp(timestamp_of(10, issued, 8)));
    auto rosters = lived(forgetful);
    auto replaced = with_key_replaced(with_key_replaced(port_root(4), "rita", "rita2"), "ralf", "ralf2");
    replaced.head.issued = at("2026-11-24T06:00:00.000Z");
    rosters.root(replaced);
    count.add("a ruleset of keys that were replaced", rosters.ruleset(9));
    auto lists = lived(forgetful);
    auto other_keys = with_key_replaced(with_key_replaced(port_root(4), "paula", "paula2"), "peter", "peter2");
    other_keys.head.issued = at("2026-11-24T06:00:00.000Z");
    lists.root(other_keys);
    count.add("a pass list of keys that were replaced", lists.passes(9));
    count.add("an old pass list, signed anew", lists.passes(7, {}, {"paula2", "peter2"}));
    auto returned = port_root(5);
    returned.head.issued = at("2026-11-24T07:00:00.000Z");
    rosters.root(returned);
    for (std::int64_t version = 1; version < 12; ++version) {
        count.add("an old ruleset of keys that came back", rosters.ruleset(version));
    }
}

/// Orders: the chain of batches, and the batch that the timestamp names.
void attack_orders(bool forgetful, std::int64_t most, Count& count) {
    const auto payload = [](std::int64_t number, const std::string& previous, const std::string& expires) {
        OrderBatch batch;
        batch.authority = Authority{"ciq"};
        batch.terminal = "xmht";
        batch.gates = {"*"};
        batch.number = number;
        batch.previous = previous;
        batch.issued = at("2026-11-01T00:00:00.000Z");
        batch.expires = at(expires);
        return codec::write_order_batch(batch, {});
    };
    const std::string later = "2026-12-30T00:00:00.000Z";
    auto gate = lived(forgetful);
    const auto trust = gate.state().orders(noon);
    const Hash256 hash{7};
    const auto open = [&](const std::string& text, std::optional<DocumentMark> named, WallTime wall) {
        gate::OrderTerms terms{"xmht", "g07", std::max(wall, trust.time_floor.value_or(wall)), [&](const Authority&) {
                                   return forgetful ? codec::OrderChainState{} : codec::OrderChainState{most, hash};
                               }};
        terms.named = [&](const Authority&) { return forgetful ? std::nullopt : named; };
        return gate::open_orders(sealed("orders", text, {"ciq"}), trust.keys, terms).ok();
    };
    for (std::int64_t number = 1; number <= most; ++number) {
        count.add("an older batch", open(payload(number, std::string(64, '0'), later), {}, noon));
    }
    count.add("a batch left out", open(payload(most + 2, hex_text(hash), later), {}, noon));
    count.add("a batch of another chain", open(payload(most + 1, std::string(64, '0'), later), {}, noon));
    count.add("a batch as named with other bytes",
              open(payload(most + 1, hex_text(hash), later), DocumentMark{most + 1, Hash256{1}}, noon));
    count.add("an expired batch, the clock set back",
              open(payload(most + 1, hex_text(hash), "2026-11-10T00:00:00.000Z"), {}, at("2026-11-05T00:00:00.000Z")));
}

struct Attacked {
    Count count;
    std::size_t undetected_disks = 0;
};

Attacked attack(bool forgetful, bool short_form) {
    Attacked result;
    attack_versions(forgetful, short_form ? 12 : 200, result.count);
    attack_timestamps(forgetful, result.count);
    attack_clock(forgetful, short_form ? 12 : 300, result.count);
    attack_disk(forgetful, result.count, result.undetected_disks);
    attack_far_future(forgetful, result.count);
    attack_orders(forgetful, short_form ? 20 : 1'000, result.count);
    return result;
}

int run(bool short_form) {
    // What an honest central does is taken: else nothing would be, and the count below prove nothing.
    auto honest = lived(false);
    if (!honest.ruleset(9) || !honest.passes(9) || !honest.root(port_root(4)) ||
        !honest.timestamp(timestamp_of(11, issued, 9))) {
        throw std::runtime_error{"honest documents are not taken: the laboratory proves nothing"};
    }
    const auto [count, undetected] = attack(false, short_form);
    for (const auto& [kind, number] : count.of_kind) {
        std::cerr << number << ' ' << kind << '\n';
    }
    for (const auto& [kind, number] : count.taken_kinds) {
        std::cerr << "accepted: " << number << ' ' << kind << '\n';
    }
    const auto control = attack(true, short_form).count;
    using portcullis::testing::Aim;
    portcullis::testing::Figures figures;
    const auto number = [](std::size_t value) { return static_cast<double>(value); };
    figures.print("fault.attacks", number(count.attacks), "attacks", std::nullopt, count.attacks);
    figures.print("fault.attacks_accepted", number(count.accepted), "attacks", Aim::at_most(0), count.attacks,
                  "an old document is in force, or was taken");
    figures.print("fault.attacks_on_disk_undetected", number(undetected), "disks", Aim::at_most(0), 5,
                  "a start from a disk of which a part is older says nothing of it");
    figures.print("fault.attacks_accepted_without_floors", number(control.accepted), "attacks", Aim::at_least(10),
                  control.attacks, "a gate without floors refuses the same: the count above proves nothing");
    return figures.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Brings old documents before a gate in every way and counts those that it takes"};
    bool short_form = false;
    app.add_flag("--short", short_form, "the form for CI");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(short_form);
    } catch (const std::exception& error) {
        std::cerr << "fault_rollback: " << error.what() << '\n';
        return 2;
    }
}
