#!/usr/bin/python3
"""Brokers with good and bad TLS on the loopback, one a line on stdout; they stay as long as the
program that started this one.

Each is a JSON object: name, port, ca, certificate, key (what the client is to use; empty: none), good, and lax: whether
a client that verifies nothing gets a session, which shows that only verification stands in the way."""
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import threading
import warnings

FOLDER = sys.argv[1]

CONFIGURATION = """
[ca]
default_ca = one
[one]
database = index
new_certs_dir = .
serial = serial
unique_subject = no
policy = any
default_md = sha256
copy_extensions = copy
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
"""


def openssl(*words):
    ended = subprocess.run(["openssl", *words], cwd=FOLDER, capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        raise SystemExit(f"openssl {' '.join(words)}: {ended.stderr}")


def path(name):
    return os.path.join(FOLDER, name)


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)


def authority(name):
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj",
            f"/CN={name}", "-days", "30", "-config", "openssl.cnf", "-extensions", "authority")


def issue(name, by="ca", bits=2048, host="DNS:localhost", digest="sha256", begin=None, end=None):
    openssl("req", "-new", "-newkey", f"rsa:{bits}", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
            f"/CN={name}", "-config", "openssl.cnf", "-addext", f"subjectAltName={host}")
    dates = ["-startdate", begin, "-enddate", end] if begin else ["-days", "20"]
    openssl("ca", "-batch", "-notext", "-config", "openssl.cnf", "-cert", f"{by}.pem", "-keyfile", f"{by}.key", "-md",
            digest, "-in", f"{name}.csr", "-out", f"{name}.pem", *dates)


def make_certificates():
    write("openssl.cnf", CONFIGURATION)
    write("index", "")
    write("serial", "01\n")
    authority("ca")
    authority("other_ca")
    issue("good")
    issue("weak_key", bits=1024)
    issue("sha1", digest="sha1")
    issue("wrong_host", host="DNS:evil.example")
    issue("expired", begin="20200101000000Z", end="20210101000000Z")
    issue("not_yet", begin="20700101000000Z", end="20710101000000Z")
    issue("other", by="other_ca")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "selfsigned.key", "-out", "selfsigned.pem",
            "-subj", "/CN=localhost", "-days", "30", "-config", "openssl.cnf", "-addext",
            "subjectAltName=DNS:localhost")
    issue("client")
    issue("client_other", by="other_ca")


def read_packet(stream):
    head = stream.recv(1)
    if not head:
        return None
    length, shift = 0, 0
    while True:
        byte = stream.recv(1)
        if not byte:
            return None
        length |= (byte[0] & 0x7F) << shift
        shift += 7
        if byte[0] < 0x80:
            break
    body = b""
    while len(body) < length:
        part = stream.recv(length - len(body))
        if not part:
            return None
        body += part
    return head[0] >> 4, (head[0] >> 1) & 3, body


def serve(stream):
    """As much of a broker as an uplink needs to be online."""
    while (packet := read_packet(stream)) is not None:
        kind, qos, body = packet
        if kind == 1:
            stream.sendall(bytes([0x20, 3, 0, 0, 0]))
        elif kind == 8:
            stream.sendall(bytes([0x90, 4]) + body[:2] + bytes([0, 1]))
        elif kind == 3 and qos == 1:
            length = int.from_bytes(body[:2], "big")
            stream.sendall(bytes([0x40, 2]) + body[2 + length:4 + length])
        elif kind == 12:
            stream.sendall(bytes([0xD0, 0]))
        elif kind == 14:
            return


def handle(connection, context):
    try:
        connection.settimeout(20)
        with (context.wrap_socket(connection, server_side=True) if context else connection) as stream:
            serve(stream)
    except OSError:  # ssl.SSLError is one: the client refused us, as it should
        pass


def accept(listener, context):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=handle, args=(connection, context), daemon=True).start()


def server_context(name, asks, version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if version:
        context.minimum_version = version
        context.maximum_version = version
    context.load_cert_chain(path(f"{name}.pem"), path(f"{name}.key"))
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(path("ca.pem"))
    return context


def lax_client_gets_in(port, asks, plain):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        if plain:
            return talk(connection)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        if asks:
            context.load_cert_chain(path("client.pem"), path("client.key"))
        with context.wrap_socket(connection, server_hostname="localhost") as stream:
            return talk(stream)


def talk(stream):
    stream.sendall(bytes([0x10, 14]) + b"\0\4MQTT\5\2\0\x14\0\0\1x")
    return stream.recv(1) == b"\x20"


def peer(name, certificate, good=False, client="", ca="ca", asks=False, version=None, plain=False):
    listener = socket.create_server(("127.0.0.1", 0))
    context = None if plain else server_context(certificate, asks, version)
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    port = listener.getsockname()[1]
    print(json.dumps({
        "name": name, "port": port, "ca": path(f"{ca}.pem"), "good": good,
        "certificate": path(f"{client}.pem") if client else "", "key": path(f"{client}.key") if client else "",
        "lax": lax_client_gets_in(port, asks, plain)}), flush=True)


def main():
    warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1 is here to be refused
    make_certificates()
    peer("good", "good", good=True)
    peer("good TLS 1.2 only", "good", good=True, version=ssl.TLSVersion.TLSv1_2)
    peer("good that asks for a certificate", "good", good=True, client="client", asks=True)
    peer("key of 1024 bits", "weak_key")
    peer("SHA-1 signature", "sha1")
    peer("other host name", "wrong_host")
    peer("expired", "expired")
    peer("not yet valid", "not_yet")
    peer("self-signed", "selfsigned")
    peer("other authority", "other")
    peer("TLS 1.1 only", "good", version=ssl.TLSVersion.TLSv1_1)
    peer("no TLS", "", plain=True)
    peer("client certificate missing", "good", asks=True)
    peer("client certificate of another authority", "good", client="client_other", asks=True)
    print("{}", flush=True)
    listener = select.poll()
    listener.register(sys.stdout.fileno(), 0)  # an error: whoever reads us is gone
    listener.poll()
    os._exit(0)


main()
