#!/usr/bin/python3
"""Make the first corpus anew: what devices sent (tests/recordings), the profiles, and the documents of the examples.

What the fuzzer found stays beside it: files that this did not make are left alone."""

import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "fuzz" / "corpus"
TAGS = {"uhf-a0": 0, "chafon-uhf-reader18": 1, "chafon-uhf-288m": 2, "chafon-uhf-active": 2, "uhf-cf": 3}
FRAMINGS = {"crlf": 0, "scanner": 1, "seal-state": 2, "uhf-a0": 4, "chafon": 5, "card": 6}


def put(target, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("seed-" + hashlib.sha256(data).hexdigest()[:12])).write_bytes(data)


def pieces(path):
    """The hex pieces of a recording, one after the other."""
    text = path.read_text(encoding="utf-8")
    return [bytes.fromhex(piece) for piece in re.findall(r'"((?:[0-9A-F]{2} ?)+)"', text)]


def streams():
    for path in sorted((ROOT / "tests/recordings").glob("*/*.yaml")):
        name = path.parent.name
        whole = b"".join(pieces(path))
        if not whole:
            continue
        for prefix, framing in FRAMINGS.items():
            if name.startswith(prefix):
                put("frames", bytes([framing]) + whole[:400])
        if "line" in name:
            put("frames", b"\x00" + whole[:400])
            put("readings", b"\x00F," + whole[:80].split(b"\r")[0] + b",98,,,OK,87")
            put("readings", b"\x01F," + whole[:80].split(b"\r")[0] + b",98,,,OK,87")
        for piece in pieces(path):
            if name in TAGS:
                put("tags", bytes([TAGS[name]]) + piece)
            if name.startswith("tsa") or "radiation" in name:
                put("radiation_lines", piece.strip(b"\r\n")[:64])
            for protocol, prefixes in enumerate((("toledo", "mettler-toledo"), ("mt-sics",), ("yaohua", "xk3190"))):
                if name.startswith(prefixes):
                    put("weights", bytes([protocol, 0]) + piece[1:-1])
                    put("weights", bytes([protocol, 0]) + piece)


def texts():
    for path in sorted((ROOT / "config/profiles").glob("*.yaml")):
        data = path.read_bytes()
        put("profile_yaml", (b"\x00" if b"driver: modbus" in data else b"\x01") + data)
    for name in ("gate.yaml", "gate-two-lanes.yaml", "policy.yaml"):
        put("settings_yaml", (ROOT / "config" / name).read_bytes())
    for path in sorted((ROOT / "tests/bad_settings").glob("*.yaml")):
        if path.stat().st_size < 600 and path.name != "alias-bomb.yaml":
            put("settings_yaml", path.read_bytes())
    for text in ("{text},{confidence},{ignore}\nCSQU3054383,98,3", "{time:14}{ignore:2}{text}\n20260914081502031ABC234",
                 "P:{text:7};\nP:沪A12345;"):
        put("line_pattern", text.encode())
    for text in ("CSQU3054383", "HLXU3000080", "沪A12345", "粤Z7C59港", "MSKU l23456 5", "闽D·12345"):
        put("numbers", text.encode())
    for text in ("9600 8N1", "192.0.2.10:502", "[::1]:502", "2026-11-23T01:02:03.004Z", "0D 0A", "20260914081502", "20 ms",
                 "64 MiB", "true"):
        put("small_texts", text.encode())
    for text in ('{"plate":[{"text":"AB123"}],"confidence":98,"time":"x"}', '{"alive":1}'):
        put("pushed_readings", text.encode())
    for text in ('Digest realm="a", nonce="b", qop="auth", algorithm=SHA-256, opaque="c"\nBasic realm="a"',
                 'Digest realm="a", nonce="b", stale=true'):
        put("http_challenges", text.encode())
    for data in (b"AB\xff\xff\xff\x00xC", b"\xff\x00\x00"):
        put("marked_bytes", data)
    for tail in ("000100000004010101 05", "0001 0000 0003 01 81 02"):
        put("modbus_tcp", bytes.fromhex("01 00 00 00 05 00 01") + bytes.fromhex(tail.replace(" ", "")))
    for tail in ("01 01 01 05 91 8B", "FF 01 01 01 05 91 8B 01 01"):
        put("modbus_rtu", bytes.fromhex("01 00 00 00 07") + bytes.fromhex(tail))
    put("frame_settings", b"\x02ABC123")
    put("frame_settings", b"\x00one line")
    if not (CORPUS / "radiation_lines").exists():
        put("radiation_lines", b"GB,000188,000206,000262,000243")
        put("radiation_lines", b"SP,0.2249,03.032,004.88,000000")
    if not (CORPUS / "weights").exists():
        put("weights", b"\x00\x00*0 040120000000")
        put("weights", b"\x01\x00S S      40120 kg")
        put("weights", b"\x02\x00+0401200")


ORDER = ('{"authority":"ciq","order_id":"8842","kind":"release","status":"released","containers":["CSQU3054383"],'
         '"valid_from":"2026-11-01T00:00:00.000Z","valid_to":"2026-12-01T00:00:00.000Z"}')


KINDS = ("ruleset", "passes", "zone_result", "root", "timestamp", "sampling_key", "snapshot", "vehicles")


def documents():
    for kind, name in enumerate(KINDS):
        example = json.loads((ROOT / f"docs/central/examples/{name}.json").read_text(encoding="utf-8"))
        compact = json.dumps(example, ensure_ascii=False, separators=(",", ":")).encode()
        put("documents", bytes([kind]) + compact)
        put("documents", bytes([8]) + compact[:600])
    batch = json.loads((ROOT / "docs/central/examples/orders.json").read_text(encoding="utf-8"))
    put("order_lines", b"\x00" + json.dumps(batch, ensure_ascii=False, separators=(",", ":")).encode())
    for kind in range(3):
        put("order_lines", bytes([kind]) + ORDER.encode())
    put("envelopes", b'{"payloadType":"application/vnd.portcullis.orders+json","payload":"e30=",'
                     b'"signatures":[{"keyid":"0011223344556677","sig":"AAAA"}]}')
    put("envelopes", (ROOT / "docs/central/examples/envelope.json").read_bytes())
    put("envelopes", b"AAAA")
    put("commands", b'{"command":"c1","verb":"open","actor":"p1","issued":"2026-11-24T01:02:03.004Z"}')


if __name__ == "__main__":
    streams()
    texts()
    documents()
