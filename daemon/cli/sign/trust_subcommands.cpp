#include "cli/sign/trust_subcommands.hpp"

#include <iostream>
#include <utility>

#include "cli/sign/key_file.hpp"
#include "cli/sign/sealing.hpp"
#include "codec/trust_documents.hpp"
#include "core/time_text.hpp"

namespace portcullis::sign {
namespace {

int fail(const std::string& problem) {
    std::cerr << "portcullis-sign: " << problem << "\n";
    return 1;
}

int put(const std::string& text) {
    std::cout << text << std::flush;
    return std::cout.good() ? 0 : fail("standard output cannot be written");
}

int put_sealed(const Result<std::string, std::string>& sealed) {
    return sealed ? put(*sealed + "\n") : fail(sealed.error());
}

}  // namespace

TrustSubcommands::TrustSubcommands(CLI::App& app)
    : root_(app.add_subcommand("root", "Root documents: who may sign what")),
      root_new_(root_->add_subcommand("new", "Make the first root")),
      root_sign_(root_->add_subcommand("sign", "Add a signature to a document, of a key that lies elsewhere")),
      rotate_(app.add_subcommand("rotate", "Make the root that follows one, with other keys or a later end")),
      timestamp_(app.add_subcommand("timestamp", "Sign what is newest, for a short time")),
      inspect_(app.add_subcommand("inspect", "Say what a document is, who signed it, and whether a root accepts it")) {
    root_->require_subcommand(1);
    for (auto* command : {root_new_, rotate_, timestamp_}) {
        add_head(*command);
    }
    root_new_->add_option("--terminal", terminal_, "The gates' terminal")->required();
    root_new_->add_option("--public", named_keys_, "NAME=KEY of each key that the root names")->required();
    root_new_->add_option("--role", rotation_.roles, "ROLE=THRESHOLD:NAME,NAME; root and timestamp are needed")
        ->required();
    root_sign_->add_option("--key", keys_, "Key file that signs")->required();
    root_sign_->add_option("file", file_, "The document")->required();
    rotate_->add_option("--replace", rotation_.replaced, "OLD=NEW=KEY: another key in the place of one");
    rotate_->add_option("--public", rotation_.added, "NAME=KEY of a key that comes in addition");
    rotate_->add_option("--role", rotation_.roles, "ROLE=THRESHOLD:NAME,NAME in the place of what it was");
    rotate_->add_option("--remove", rotation_.removed, "NAME of a key that goes");
    rotate_->add_option("root", root_file_, "The root that it follows")->required();
    timestamp_->add_option("--terminal", terminal_, "The gates' terminal")->required();
    timestamp_->add_option("--version", version_, "Higher than the one before")->required();
    timestamp_->add_option("--document", documents_, "The newest document of a kind, or batch of an authority");
    inspect_->add_option("--root", root_file_, "The root to ask");
    inspect_->add_option("--at", at_, "The time to ask for, in UTC");
    inspect_->add_option("file", file_, "The document")->required();
}

void TrustSubcommands::add_head(CLI::App& command) {
    command.add_option("--key", keys_, "Key files that sign")->required();
    command.add_option("--issued", issued_, "UTC, e.g. 2026-11-23T01:02:03.000Z")->required();
    command.add_option("--expires", expires_, "After it no gate takes the document")->required();
}

std::optional<std::string> TrustSubcommands::read_times(DocumentHead& head) const {
    const auto issued = time_from_text(issued_);
    const auto expires = time_from_text(expires_);
    if (!issued || !expires) {
        return "--issued and --expires take a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z";
    }
    head.issued = *issued;
    head.expires = *expires;
    return std::nullopt;
}

int TrustSubcommands::make_root() const {
    RootDocument root;
    root.head.terminal = terminal_;
    root.head.gates = gates_;
    root.head.version = 1;
    if (const auto wrong = read_times(root.head)) {
        return fail(*wrong);
    }
    for (const auto& text : named_keys_) {
        auto key = key_from_text(text);
        if (!key) {
            return fail("--public " + key.error());
        }
        root.keys.push_back(std::move(key).value());
    }
    for (const auto& text : rotation_.roles) {
        if (const auto wrong = add_role(root, text)) {
            return fail(*wrong);
        }
    }
    const auto payload = root_payload(root);
    return payload ? put_sealed(seal("root", *payload, keys_)) : fail(payload.error());
}

int TrustSubcommands::rotate() const {
    const auto before = read_envelope_file(root_file_);
    if (!before) {
        return fail(before.error());
    }
    const auto old = codec::read_root(before->payload);
    if (!old) {
        return fail(root_file_.string() + ": " + old.error().message());
    }
    auto root = rotated(*old, rotation_);
    if (!root) {
        return fail(root.error());
    }
    if (const auto wrong = read_times(root->head)) {
        return fail(*wrong);
    }
    const auto payload = root_payload(*root);
    return payload ? put_sealed(seal("root", *payload, keys_)) : fail(payload.error());
}

int TrustSubcommands::make_timestamp() const {
    TimestampDocument timestamp;
    timestamp.head.terminal = terminal_;
    timestamp.head.gates = gates_;
    timestamp.head.version = version_;
    if (const auto wrong = read_times(timestamp.head)) {
        return fail(*wrong);
    }
    for (const auto& file : documents_) {
        auto mark = mark_of(file);
        if (!mark) {
            return fail(mark.error());
        }
        if (!timestamp.newest.insert(std::move(mark).value()).second) {
            return fail(file.string() + ": there is another document of this kind in the list");
        }
    }
    const auto payload = codec::write_timestamp(timestamp);
    if (const auto read = codec::read_timestamp(payload); !read) {
        return fail(read.error().message());
    }
    return put_sealed(seal("timestamp", payload, keys_));
}

int TrustSubcommands::add_signature() const {
    auto document = read_envelope_file(file_);
    if (!document) {
        return fail(document.error());
    }
    auto signed_document = std::move(document).value();
    std::string text;
    for (const auto& file : keys_) {
        const auto key = read_key_file(file);
        if (!key) {
            return fail(key.error());
        }
        text = with_signature(signed_document, *key);
        signed_document = read_any_envelope(text).value();
    }
    return put(text + "\n");
}

int TrustSubcommands::look() const {
    const auto at = at_.empty() ? std::nullopt : time_from_text(at_);
    if (!at && !at_.empty()) {
        return fail("--at takes a time in UTC with milliseconds, such as 2026-11-23T01:02:03.000Z");
    }
    const auto seen = inspect(file_, root_file_, at);
    if (!seen) {
        return fail(seen.error());
    }
    const int written = put(seen->text);
    return seen->accepted ? written : 1;
}

std::optional<int> TrustSubcommands::run() const {
    if (root_new_->parsed()) {
        return make_root();
    }
    if (root_sign_->parsed()) {
        return add_signature();
    }
    if (rotate_->parsed()) {
        return rotate();
    }
    if (timestamp_->parsed()) {
        return make_timestamp();
    }
    if (inspect_->parsed()) {
        return look();
    }
    return std::nullopt;
}

}  // namespace portcullis::sign
