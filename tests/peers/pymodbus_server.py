#!/usr/bin/python3
"""A Modbus server made of pymodbus (Debian), which shares no code with this project.

    pymodbus_server.py tcp PORT READY     Modbus TCP on 127.0.0.1
    pymodbus_server.py rtu_tcp PORT READY RTU frames over TCP
    pymodbus_server.py rtu LINK READY     RTU on a pair of pseudo terminals; LINK names the end that is free

Units 1 and 2: coil and discrete input i is i % 3 == 0, holding register i is 1000 + i, input register i is 2000 + i, with
100 more for unit 2. The file READY is written when the server is about to listen.
"""

import os
import pathlib
import pty
import sys
import threading
import tty

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer
from pymodbus.transaction import ModbusRtuFramer, ModbusSocketFramer

SIZE = 200


def unit(number):
    more = 100 * (number - 1)
    bits = [i % 3 == 0 for i in range(SIZE)]
    return ModbusSlaveContext(
        di=ModbusSequentialDataBlock(0, list(bits)),
        co=ModbusSequentialDataBlock(0, list(bits)),
        hr=ModbusSequentialDataBlock(0, [1000 + more + i for i in range(SIZE)]),
        ir=ModbusSequentialDataBlock(0, [2000 + more + i for i in range(SIZE)]),
        zero_mode=True,
    )


def carry(source, target):
    """Bytes of one end of the cable to the other."""
    while True:
        os.write(target, os.read(source, 512))


def cable(link):
    """Two pseudo terminals that are wired to each other: the server's end, and the free one under `link`."""
    ends = [pty.openpty(), pty.openpty()]
    for _, slave in ends:
        tty.setraw(slave)
    (ours, our_slave), (theirs, their_slave) = ends
    for source, target in ((ours, theirs), (theirs, ours)):
        threading.Thread(target=carry, args=(source, target), daemon=True).start()
    os.symlink(os.ttyname(their_slave), link)
    return os.ttyname(our_slave)


def main():
    kind, where, ready = sys.argv[1:]
    context = ModbusServerContext(slaves={1: unit(1), 2: unit(2)}, single=False)
    port = cable(where) if kind == "rtu" else None
    pathlib.Path(ready).write_text("ready\n", encoding="ascii")
    if kind == "rtu":
        StartSerialServer(
            context=context, framer=ModbusRtuFramer, port=port, baudrate=19200, timeout=1, ignore_missing_slaves=True
        )
    else:
        framer = ModbusSocketFramer if kind == "tcp" else ModbusRtuFramer
        StartTcpServer(
            context=context, framer=framer, address=("127.0.0.1", int(where)), ignore_missing_slaves=True
        )


if __name__ == "__main__":
    main()
