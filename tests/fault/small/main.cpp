// The small files of a state directory (`stream`, `end`, `gate.key`, `ballast`, `lock`), with the databases between
// them, on the real file system: what two starts and some commits do to them is noted at the system calls, and every
// state in which a kill or a power cut could leave the directory is opened as the next start does it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "gate/stores.hpp"
#include "store/ballast.hpp"
#include "tests/fault/small/file_images.hpp"
#include "tests/fault/support/memory_disk.hpp"
#include "tests/support/figures.hpp"
#include "tests/unit/store/temporary_directory.hpp"

namespace portcullis::fault {
namespace {

using testing::Aim;

constexpr std::uint64_t ballast_bytes = 16384;

IdSource ids_of(std::uint8_t life) {
    return [life, next = std::uint8_t{0}]() mutable {
        std::array<std::uint8_t, 16> bytes{};
        bytes[0] = life;
        bytes[15] = ++next;
        return bytes;
    };
}

gate::Stores open(const std::filesystem::path& state, std::uint8_t life) {
    auto stores = gate::open_stores(state, ids_of(life), {});
    if (!stores) {
        throw std::runtime_error{stores.error().message};
    }
    return std::move(stores).value();
}

FileWord key_word(const gate::Stores& stores) {
    return {FileWord::Told::key, *hash256_from_hex(stores.key.key.public_key().text()), 0};
}

FileWord stream_word(const gate::Stores& stores) {
    FileWord word{FileWord::Told::stream, {}, 0};
    std::ranges::copy(stores.journal->start().stream.bytes(), word.value.begin());
    return word;
}

void write_an_entry(store::Journal& journal, const TellFileWord& tell) {
    store::EventRow row;
    row.sequence = journal.last().sequence + 1;
    row.type = "passage.detected";
    row.subject = "lane/out-1";
    row.published = "entry " + std::to_string(row.sequence);
    store::JournalBatch batch;
    batch.events.push_back(std::move(row));
    if (journal.append(batch) == store::StoreOutcome::committed) {
        tell({FileWord::Told::durable, {}, journal.last().sequence});
    }
}

/// The life of a gate, as far as its files see it.
void live(const std::filesystem::path& state, std::uint8_t number, int entries, const TellFileWord& tell) {
    const auto stores = open(state, number);
    tell(key_word(stores));
    tell(stream_word(stores));
    store::Ballast ballast{state, ballast_bytes};
    static_cast<void>(ballast.restore());
    for (int i = 0; i < entries; ++i) {
        write_an_entry(*stores.journal, tell);
        if (i == entries / 2) {
            static_cast<void>(ballast.give());
            static_cast<void>(stores.journal->checkpoint());
            static_cast<void>(ballast.restore());
        }
    }
}

struct Count {
    std::size_t states = 0;
    std::int64_t lost = 0;     ///< the key, the stream or an entry that somebody was told of
    std::int64_t refused = 0;  ///< the start does not come to its end, or sets a journal aside
    std::int64_t ballast = 0;  ///< cannot be whole again
    std::string first;
};

class Laboratory {
public:
    void play(int lives, int entries) {
        const store::testing::TemporaryDirectory directory;
        trace_ = trace_files(directory.path(), [&](const TellFileWord& tell) {
            for (int life = 1; life <= lives; ++life) {
                live(directory.path(), static_cast<std::uint8_t>(life), entries, tell);
            }
        });
    }

    /// Without the operations that `skip` names, as if nobody had asked for them.
    template <class Skip>
    [[nodiscard]] Count cut(int random, std::uint32_t seed, const Skip& skip) const {
        Count count;
        std::vector<FileOperation> operations;
        std::vector<std::size_t> asked;  // of the trace, at each of ours
        for (std::size_t i = 0; i < trace_.operations.size(); ++i) {
            if (!skip(trace_.operations[i])) {
                operations.push_back(trace_.operations[i]);
                asked.push_back(i + 1);
            }
        }
        const store::testing::TemporaryDirectory directory;
        FileImages images{random, seed};
        images.each(operations, [&](std::size_t point, const FilesImage& image) {
            image.lay_out(directory.path());
            ++count.states;
            look(directory.path(), point == 0 ? 0 : asked[point - 1], count);
        });
        return count;
    }
    [[nodiscard]] std::size_t points() const { return trace_.operations.size() + 1; }
    /// Files that are made whole under another name first.
    [[nodiscard]] bool is_renamed(int file) const {
        return std::ranges::any_of(trace_.operations, [&](const FileOperation& one) {
            return one.kind == FileOperation::Kind::make && one.file == file && one.name.ends_with(".new");
        });
    }

private:
    static void note(std::int64_t& number, Count& count, const std::string& what) {
        ++number;
        count.first = count.first.empty() ? what : count.first;
    }

    void look(const std::filesystem::path& state, std::size_t operations, Count& count) const {
        auto stores = gate::open_stores(state, ids_of(0xee), {});
        if (!stores) {
            return note(count.refused, count, stores.error().message);
        }
        if (stores->journal->start().set_aside) {
            note(count.refused, count, stores->journal->start().damage);
        }
        for (const auto& [word, told_at] : trace_.words) {
            if (told_at > operations) {
                break;
            }
            switch (word.told) {
                case FileWord::Told::key:
                    if (word.value != key_word(*stores).value) {
                        note(count.lost, count, "the key is another one");
                    }
                    break;
                case FileWord::Told::stream:
                    if (word.value != stream_word(*stores).value) {
                        note(count.lost, count, "the stream is another one");
                    }
                    break;
                case FileWord::Told::durable:
                    if (word.number > stores->journal->last().sequence) {
                        note(count.lost, count, "entry " + std::to_string(word.number) + " is not there");
                    }
                    break;
            }
        }
        store::Ballast ballast{state, ballast_bytes};
        if (const auto failed = ballast.restore(); failed || !ballast.whole()) {
            note(count.ballast, count, failed ? failed->message : "the ballast is not whole");
        }
    }

    FilesTrace trace_;
};

int run(bool is_short, std::uint32_t seed) {
    use_memory_for_temporary_files();
    Laboratory laboratory;
    laboratory.play(2, is_short ? 4 : 12);
    const int random = is_short ? 2 : 12;
    const auto count = laboratory.cut(random, seed, [](const FileOperation&) { return false; });
    testing::Figures figures;
    const auto print = [&](const std::string& name, std::int64_t value, Aim aim, const Count& of,
                           const std::string& reason) {
        figures.print(name, static_cast<double>(value), "count", aim, of.states, reason);
    };
    print("fault.small_states", static_cast<std::int64_t>(count.states),
          Aim::at_least(2 * static_cast<double>(laboratory.points())), count, "the trace is too thin");
    print("fault.small_lost", count.lost, Aim::at_most(0), count, count.first);
    print("fault.small_refused", count.refused, Aim::at_most(0), count, count.first);
    print("fault.small_ballast_broken", count.ballast, Aim::at_most(0), count, count.first);
    // Negative controls: the syncs that nobody asked for are missed.
    const auto unsynced = laboratory.cut(random, seed, [&](const FileOperation& one) {
        return one.kind == FileOperation::Kind::sync && laboratory.is_renamed(one.file);
    });
    print("fault.small_refused_when_not_synced", unsynced.refused, Aim::at_least(1), unsynced,
          "a key that was renamed before it was synced was always whole: the cuts do nothing");
    const auto nameless = laboratory.cut(
        random, seed, [](const FileOperation& one) { return one.kind == FileOperation::Kind::sync_directory; });
    print("fault.small_lost_when_names_are_not_synced", nameless.lost, Aim::at_least(1), nameless,
          "the directory was never synced, and no file was missed: the cuts do nothing");
    return figures.exit_code();
}

}  // namespace
}  // namespace portcullis::fault

int main(int argc, char** argv) {
    CLI::App app{"fault_small: every state in which a kill or a power cut can leave the small files of a gate"};
    bool is_short = false;
    std::uint32_t seed = 1;
    app.add_flag("--short", is_short, "fewer entries, fewer random states");
    app.add_option("--seed", seed, "of the random states");
    CLI11_PARSE(app, argc, argv);
    try {
        return portcullis::fault::run(is_short, seed);
    } catch (const std::exception& error) {
        std::cerr << "fault_small stopped: " << error.what() << '\n';
        return 1;
    }
}
