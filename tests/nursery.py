"""The words, folder, environment and pipes of a command in, a running giaoban out: forked from one that is loaded.

Importing the program takes half a second of a processor and says nothing about it; tests start it some hundred
times. `python nursery.py FD` imports it once, then forks a child for every order on the socket FD, as like a new
interpreter as a fork can be: its own folder, environment, pipes and random numbers. It ends with its socket.
"""

import gc
import importlib
import json
import os
import pkgutil
import select
import socket
import sys
from collections.abc import Mapping

MESSAGE = 1 << 20  # bytes of an order at most
PIPES = 4  # standard input, output and error, and where the process id and the exit code are told
DESCRIPTORS = 1024  # above all that are open here
MAIN = "from bot.cli.main import main; main()"


class Nursery:
    """One for each test process, started when it is first asked for."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, __file__, "3"],
                environment,
                file_actions=[(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)],
            )

    def fork(
        self, program: str, words: list[str], folder: str, environment: Mapping[str, str], pipes: list[int]
    ) -> None:
        """Starts it; the fourth pipe gets two lines, its process id and, when it has ended, its exit code."""
        order = {"program": program, "words": words, "folder": folder, "environment": dict(environment)}
        socket.send_fds(self._socket, [json.dumps(order).encode()], pipes)

    def close(self) -> None:
        """Ends it."""
        self._socket.close()
        os.waitpid(self._pid, 0)


def _serve(orders: socket.socket) -> tuple[str, str]:
    """Returns in every child, with the program to run and the name it runs under."""
    running: dict[int, tuple[int, int]] = {}  # by the descriptor that tells of its end: the process, its fourth pipe
    while True:
        for ready in select.select([orders, *running], [], [])[0]:
            if ready is not orders:
                pid, told = running.pop(ready)
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                os.close(ready)
                os.write(told, f"{code}\n".encode())
                os.close(told)
                continue
            message, pipes, _, _ = socket.recv_fds(orders, MESSAGE, PIPES)
            if not message:
                sys.exit()
            order = json.loads(message)
            if pid := os.fork():
                os.write(pipes[3], f"{pid}\n".encode())
                for pipe in pipes[:3]:
                    os.close(pipe)
                running[os.pidfd_open(pid)] = pid, pipes[3]
                continue
            for wanted, pipe in enumerate(pipes[:3]):
                os.dup2(pipe, wanted)
            _renew_streams()
            os.closerange(orders.detach(), DESCRIPTORS)
            os.chdir(order["folder"])
            os.environ.clear()
            os.environ.update(order["environment"])
            sys.argv = ["giaoban", *order["words"]]
            return order["program"] or MAIN, "__main__"


def _renew_streams() -> None:
    """Those of the nursery know what they were opened on."""
    for number, (name, buffering) in enumerate((("stdin", -1), ("stdout", -1), ("stderr", 1))):
        old = getattr(sys, name)
        stream = open(number, old.mode, buffering, old.encoding, old.errors, closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _load() -> None:
    """Imports what a command needs, down to what only some of them do."""
    import bot.channels
    import bot.commands

    for package in (bot.channels, bot.commands):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    gc.freeze()


if __name__ == "__main__":
    _load()
    program, name = _serve(socket.socket(fileno=int(sys.argv[1])))
    exec(compile(program, "giaoban", "exec"), {"__name__": name})
