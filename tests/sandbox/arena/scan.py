"""An attack that several tests use: search the memory of one's own process for an answer."""

from arena.attack import World, text


def search_the_memory_page_by_page(world: World) -> object:
    """Without /proc: a call that reads its argument tells whether a page is there."""
    import ctypes
    import gc
    import re

    libc = ctypes.CDLL(None, use_errno=True)
    libc.sbrk.restype = ctypes.c_void_p
    page, chunk = 4096, 1 << 20

    def is_there(address: int) -> bool:
        # An unknown `how` is refused only after the set has been read; EFAULT comes first.
        result = libc.syscall(
            ctypes.c_long(world["calls"]["rt_sigprocmask"]),
            ctypes.c_long(99),
            ctypes.c_void_p(address),
            None,
            ctypes.c_long(8),
        )
        return result == 0 or ctypes.get_errno() != 14

    marks = {id(o) & -chunk for o in gc.get_objects()} | {id(b"x" * n) & -chunk for n in range(900)}
    end_of_heap = libc.sbrk(0)
    marks |= {mark & -chunk for mark in range(end_of_heap - (48 << 20), end_of_heap + chunk, chunk)}
    found: list[bytes] = []
    for mark in sorted(marks):
        for address in range(mark, mark + chunk, page):
            if is_there(address):
                found += re.findall(rb"answer=[0-9a-f]{16}", ctypes.string_at(address, page))
    return found[:5]


SUBMISSION = f"""from __future__ import annotations

{text(search_the_memory_page_by_page)}

attack = search_the_memory_page_by_page
"""
