#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <map>

#include "tests/fault/forgeries/targets.hpp"
#include "tests/support/figures.hpp"

namespace {

using namespace portcullis;
using namespace portcullis::fault;
using portcullis::testing::Names;
using portcullis::testing::sealed;
using portcullis::testing::signature_of;

/// How many forgeries of each kind there were, and how many were taken.
struct Count {
    std::size_t forgeries = 0;
    std::size_t accepted = 0;
    std::map<std::string, std::size_t> of_kind;

    void add(const Target& target, const std::string& kind, const std::string& received) {
        ++forgeries;
        ++of_kind[kind];
        if (target.accepts(received)) {
            if (++accepted <= 10) {
                std::cerr << "accepted: " << target.name << ", " << kind << "\n";
            }
        }
    }
};

std::string with_flipped(std::string text, std::size_t byte, unsigned bit) {
    text[byte] = static_cast<char>(static_cast<unsigned char>(text[byte]) ^ (1U << bit));
    return text;
}

/// Where the value that begins at `begin` ends.
std::size_t end_of_value(const std::string& payload, std::size_t begin) {
    int depth = 0;
    bool text = false;
    auto end = begin;
    for (; end < payload.size(); ++end) {
        const char c = payload[end];
        text = (c == '"') != text;
        if (text) {
            continue;
        }
        depth += (c == '[' || c == '{') ? 1 : 0;
        depth -= (c == ']' || c == '}') ? 1 : 0;
        if (depth < 0 || (depth == 0 && c == ',')) {
            break;
        }
    }
    return end;
}

/// The payload with another value at each place that is a text or number, each member left out, each twice, and a
/// member too much. Bytes only: what does not read as JSON any more is a forgery as well.
template <class Take>
void each_field_changed(const std::string& payload, const Take& take) {
    for (std::size_t at = payload.find("\":"); at != std::string::npos; at = payload.find("\":", at + 1)) {
        const auto begin = payload.rfind('"', at - 1);
        const auto name = payload.substr(begin, at + 2 - begin);
        const auto end = end_of_value(payload, at + 2);
        for (const auto* value : {"0", "2", "9007199254740991", "-1", "1.5", "null", "true", "\"*\"", "\"x\"", "[]",
                                  "{}", "\"2099-01-01T00:00:00.000Z\"", "\"0000000000000000\""}) {
            if (payload.compare(at + 2, end - at - 2, value) != 0) {
                take(payload.substr(0, at + 2) + value + payload.substr(end));
            }
        }
        take(payload.substr(0, begin) + name + "1," + payload.substr(begin));
        take(payload.substr(0, begin) + "\"more\":1," + payload.substr(begin));
    }
}

/// Changes that keep the signatures as they are.
void forge_bytes(const Target& target, Count& count, unsigned bits, std::size_t step) {
    const auto received = target.received();
    for (std::size_t i = 0; i < received.size(); i += step) {
        count.add(target, "truncated", received.substr(0, i));
        count.add(target, "byte left out", received.substr(0, i) + received.substr(i + 1));
        for (unsigned bit = 0; bit < bits; ++bit) {
            count.add(target, "bit of the envelope", with_flipped(received, i, bit));
        }
    }
    const auto with_payload = [&](const std::string& payload) {
        codec::Envelope envelope{codec::payload_type_of(target.kind), trust::to_base64(payload), {}};
        for (const auto& name : target.signers) {
            envelope.signatures.push_back(signature_of(name, target.kind, target.payload));
        }
        return codec::write_envelope(envelope);
    };
    for (std::size_t i = 0; i < target.payload.size(); i += step) {
        for (unsigned bit = 0; bit < bits; ++bit) {
            count.add(target, "bit of the payload", with_payload(with_flipped(target.payload, i, bit)));
        }
    }
    each_field_changed(target.payload,
                       [&](const std::string& changed) { count.add(target, "field", with_payload(changed)); });
}

/// Signatures that are good and not enough, or of somebody else.
void forge_signatures(const Target& target, Count& count) {
    const auto& payload = target.payload;
    auto fewer = target.signers;
    fewer.pop_back();
    const auto add = [&](const std::string& kind, const Names& names) {
        count.add(target, kind, sealed(target.kind, payload, names));
    };
    if (!fewer.empty()) {
        add("one signature too few", fewer);
        auto twice = fewer;
        twice.push_back(fewer.front());
        add("the same key twice", twice);
        auto foreign = fewer;
        foreign.push_back(target.foreign_signer);
        add("a key of another role beside", foreign);
    }
    add("a key of another role", {target.foreign_signer, target.foreign_signer});
    add("strangers", {"stranger", "nobody"});
    for (const auto& [word, other] : std::map<std::string, std::string>{{"root", ""},
                                                                        {"timestamp", ""},
                                                                        {"ruleset", ""},
                                                                        {"orders", ""},
                                                                        {"sampling_key", ""},
                                                                        {"passes", ""},
                                                                        {"zone_result", ""}}) {
        if (word == target.kind) {
            continue;
        }
        count.add(target, "signed as another kind", sealed(word, payload, target.signers));
        codec::Envelope relabelled{codec::payload_type_of(target.kind), trust::to_base64(payload), {}};
        for (const auto& name : target.signers) {
            relabelled.signatures.push_back(signature_of(name, word, payload));
        }
        count.add(target, "signed as another kind and relabelled", codec::write_envelope(relabelled));
    }
    codec::Envelope borrowed{codec::payload_type_of(target.kind), trust::to_base64(payload), {}};
    for (const auto& name : target.signers) {
        borrowed.signatures.push_back(signature_of("stranger", target.kind, payload));
        borrowed.signatures.back().keyid = portcullis::testing::root_key(name).keyid;
    }
    count.add(target, "a trusted key's id on a stranger's signature", codec::write_envelope(borrowed));
    borrowed.signatures.clear();
    count.add(target, "no signature", codec::write_envelope(borrowed));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    if (at == std::string::npos) {
        throw std::logic_error{"the target's payload has no " + what};
    }
    return text.replace(at, what.size(), by);
}

/// Well signed, and still nothing that this gate may take.
void forge_signed(const Target& target, Count& count) {
    const auto add = [&](const std::string& kind, const std::string& payload) {
        count.add(target, kind, sealed(target.kind, payload, target.signers));
    };
    add("another terminal", replaced(target.payload, R"("terminal":"xmht")", R"("terminal":"xmh")"));
    const auto end = "\"" + target.end + "\":\"";
    add("expired", replaced(target.payload, end + "202", end + "200"));
    add("deep nesting", replaced(target.payload, R"("terminal":"xmht")",
                                 R"("terminal":)" + std::string(5'000, '[') + std::string(5'000, ']')));
    add("a member twice", replaced(target.payload, R"("terminal":"xmht")", R"("terminal":"xmht","terminal":"xmht")"));
    add("oversized", target.payload + std::string(std::size_t{12} * 1024 * 1024, ' '));
    add("something behind it", target.payload + "{}");
    add("empty", "");
}

/// The same changed fields, signed by the real keys: how many are taken when signatures are no obstacle.
std::size_t accepted_when_signed(const std::vector<Target>& targets) {
    std::size_t accepted = 0;
    for (const auto& target : targets) {
        each_field_changed(target.payload, [&](const std::string& changed) {
            accepted += target.accepts(sealed(target.kind, changed, target.signers)) ? 1U : 0U;
        });
    }
    return accepted;
}

int run(bool short_form) {
    const auto targets = make_targets();
    Count count;
    for (const auto& target : targets) {
        if (!target.accepts(target.received())) {
            throw std::runtime_error{target.name + " is not taken as it is: the laboratory proves nothing"};
        }
        forge_bytes(target, count, short_form ? 2 : 8, short_form ? 7 : 1);
        forge_signatures(target, count);
        forge_signed(target, count);
    }
    for (const auto& [kind, number] : count.of_kind) {
        std::cerr << number << ' ' << kind << '\n';
    }
    using portcullis::testing::Aim;
    portcullis::testing::Figures figures;
    const auto number = [](std::size_t value) { return static_cast<double>(value); };
    figures.print("fault.forgeries", number(count.forgeries), "forgeries", std::nullopt, count.forgeries);
    figures.print("fault.forgeries_accepted", number(count.accepted), "forgeries", Aim::at_most(0), count.forgeries,
                  "a forged document was taken");
    const auto control = accepted_when_signed(targets);
    figures.print("fault.forgeries_accepted_when_signed", number(control), "forgeries", Aim::at_least(1),
                  targets.size(),
                  "not one changed field is taken even when the real keys sign it: the count above proves nothing");
    return figures.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Forges signed documents in every way and counts those that the gate takes"};
    bool short_form = false;
    app.add_flag("--short", short_form, "the form for CI");
    CLI11_PARSE(app, argc, argv);
    try {
        return run(short_form);
    } catch (const std::exception& error) {
        std::cerr << "fault_forgeries: " << error.what() << '\n';
        return 2;
    }
}
