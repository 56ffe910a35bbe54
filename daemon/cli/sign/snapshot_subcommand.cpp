#include "cli/sign/snapshot_subcommand.hpp"

#include <fstream>
#include <istream>
#include <ostream>

#include "cli/sign/key_file.hpp"
#include "cli/sign/sign_snapshot.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

int fail(std::ostream& errors, const std::string& problem) {
    errors << "portcullis-sign: " << problem << "\n";
    return 1;
}

}  // namespace

SnapshotSubcommand::SnapshotSubcommand(CLI::App& app)
    : snapshot_(app.add_subcommand("snapshot", "Signs all orders of an authority as they stand after a batch")) {
    snapshot_->add_option("--key", key_, "Key file of keygen")->required();
    snapshot_->add_option("--authority", authority_, "Whose orders these are")->required();
    snapshot_->add_option("--terminal", terminal_, "The gates' terminal")->required();
    snapshot_->add_option("--gates", gates_, "Names with commas between, or '*' for all")->delimiter(',');
    snapshot_->add_option("--number", number_, "The batch that the next one follows")->required();
    snapshot_->add_option("--hash", hash_, "SHA-256 of that batch, which portcullis-sign printed when it signed it")
        ->required();
    snapshot_->add_option("--issued", issued_, "UTC, e.g. 2026-11-23T01:02:03.000Z")->required();
    snapshot_->add_option("--expires", expires_, "After it no gate begins to take the snapshot")->required();
    snapshot_->add_option("--out", out_, "New file for the snapshot")->required();
    snapshot_->add_option("files", files_, "JSON Lines of all batches, the oldest first; - is standard input")
        ->required();
}

std::optional<int> SnapshotSubcommand::run(std::istream& in, std::ostream& errors) const {
    if (!snapshot_->parsed()) {
        return std::nullopt;
    }
    const auto key = read_key_file(key_);
    if (!key) {
        return fail(errors, key.error());
    }
    const auto issued = time_from_text(issued_);
    const auto expires = time_from_text(expires_);
    if (!issued || !expires) {
        return fail(errors,
                    "--issued and --expires take a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z");
    }
    // Beside the snapshot: what has room for that has room for this.
    const auto stand = OrderStand::begin(Authority{authority_}, out_.string() + ".sorting");
    if (!stand) {
        return fail(errors, stand.error());
    }
    for (const auto& file : files_) {
        std::ifstream opened;
        if (file != "-") {
            opened.open(file);
            if (!opened) {
                return fail(errors, file + ": cannot be read");
            }
        }
        const auto problems = file == "-" ? (*stand)->read(in, "stdin") : (*stand)->read(opened, file);
        for (const auto& problem : problems) {
            errors << problem << "\n";
        }
        if (!problems.empty()) {
            return fail(errors, "nothing was signed");
        }
    }
    std::ofstream out{out_, std::ios::binary | std::ios::trunc};
    const auto written =
        (*stand)->write({Authority{authority_}, terminal_, gates_, number_, hash_, *issued, *expires, {}}, *key, out);
    if (!written) {
        return fail(errors, written.error());
    }
    out.close();
    if (!out) {
        return fail(errors, out_.string() + ": cannot be written");
    }
    errors << "snapshot of " << authority_ << " at batch " << number_ << ": " << written->orders << " orders, "
           << written->head.chunks.size() << " chunks\n";
    return 0;
}

}  // namespace portcullis::sign
