"""The verdicts on many domains in little memory: beyond a few they are kept compressed."""

import io
import pickle
import zlib
from collections.abc import Iterator, Sequence
from typing import overload

from mxcheck.evidence.domain import Domain
from mxcheck.judge.verdict import Conclusion, DomainVerdict
from mxcheck.model.location import Location
from mxcheck.model.policy import Policy
from mxcheck.model.waivers import Waiver
from mxcheck.rules import RULES
from mxcheck.rules.base import Rule

UNPACKED = 500
"""Verdicts that are kept as they are; one takes some 30 KB, packed some 2 KB."""

_BY_ID = {rule.id: rule for rule in RULES}
_SHARED = (Domain, Policy, Location, Waiver)
"""What is in memory in any case, and is not copied into packed verdicts."""


class Verdicts(Sequence[DomainVerdict]):
    """A list of verdicts to which more can be appended."""

    def __init__(self) -> None:
        """Begin without any verdict."""
        self._first: list[DomainVerdict] = []
        self._packed: list[bytes] = []
        self._shared: dict[int, object] = {}
        self.conclusions: list[Conclusion] = []
        self.overrides_read: set[str] = set()

    def append(self, verdict: DomainVerdict) -> None:
        """Add the verdict on one more domain."""
        self.conclusions.append(verdict.conclusion)
        self.overrides_read |= verdict.overrides_read
        if len(self._first) < UNPACKED:
            self._first.append(verdict)
        else:
            self._packed.append(self._pack(verdict))

    def __len__(self) -> int:
        """Return the number of verdicts."""
        return len(self.conclusions)

    @overload
    def __getitem__(self, index: int) -> DomainVerdict: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[DomainVerdict]: ...
    def __getitem__(self, index: int | slice) -> DomainVerdict | Sequence[DomainVerdict]:
        """Return the verdict at a place in the list, or those of a slice."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        if number < len(self._first):
            return self._first[number]
        return self._unpack(self._packed[number - len(self._first)])

    def __iter__(self) -> Iterator[DomainVerdict]:
        """Yield each verdict; one that is packed lives as long as it is used."""
        yield from self._first
        yield from map(self._unpack, self._packed)

    def _pack(self, verdict: DomainVerdict) -> bytes:
        buffer = io.BytesIO()
        _Packer(buffer, self._shared).dump(verdict)
        return zlib.compress(buffer.getvalue(), 1)

    def _unpack(self, packed: bytes) -> DomainVerdict:
        buffer = io.BytesIO(zlib.decompress(packed))
        verdict = _Unpacker(buffer, self._shared).load()
        assert isinstance(verdict, DomainVerdict)  # noqa: S101 - what `_pack` packed
        return verdict


class _Packer(pickle.Pickler):
    """Packs a verdict: rules go by their ids, and what is shared by its identity."""

    def __init__(self, buffer: io.BytesIO, shared: dict[int, object]) -> None:
        super().__init__(buffer, protocol=pickle.HIGHEST_PROTOCOL)
        self._shared = shared

    def persistent_id(self, value: object) -> str | int | None:
        if isinstance(value, Rule):
            return value.id
        if isinstance(value, _SHARED):
            self._shared[id(value)] = value
            return id(value)
        return None


class _Unpacker(pickle.Unpickler):
    """Unpacks what this process has packed."""

    def __init__(self, buffer: io.BytesIO, shared: dict[int, object]) -> None:
        super().__init__(buffer)
        self._shared = shared

    def persistent_load(self, key: str | int) -> object:
        return _BY_ID[key] if isinstance(key, str) else self._shared[key]
