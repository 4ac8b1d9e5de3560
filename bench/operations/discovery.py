"""All operations, found in the folders next to this file, and how their workloads are decoded."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from bench.operations.operation import Operation, Workload

FIRST = "attention"
"""The operation of workloads that name none: before schema 3 there was no other."""


def _found() -> dict[str, Operation]:
    folders = (
        found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.ispkg
    )
    found = (import_module(f"bench.operations.{name}.workload").OPERATION for name in folders)
    return {operation.name: operation for operation in found}


OPERATIONS: dict[str, Operation] = _found()
"""The operations by their names."""


_BY_WORKLOAD = {operation.workload: operation for operation in OPERATIONS.values()}


def operation_of(workload: Workload) -> Operation:
    """The operation that `workload` is a problem of."""
    return _BY_WORKLOAD[type(workload)]


def dec_hook(kind: type, value: Any) -> Any:
    """Decode what msgspec cannot by itself: a workload, by the name of its operation.

    Raises:
        ValueError: `value` is not a workload of its operation.
        NotImplementedError: `kind` is not `Workload`.
    """
    if kind is not Workload:
        raise NotImplementedError(kind)
    if not isinstance(value, dict):
        raise ValueError("a workload is an object")
    fields = dict(value)
    name = fields.pop("operation", FIRST)
    if name not in OPERATIONS:
        return msgspec.convert({"operation": name}, RetiredWorkload)
    return msgspec.convert(fields, OPERATIONS[name].workload)


class RetiredWorkload(Workload, msgspec.Struct, frozen=True):
    """A recorded workload of an operation that no longer exists; nothing else is known of it."""

    operation: str


def schema_hook(kind: type) -> dict[str, Any]:
    """The JSON schema of a workload: a choice between those of all operations.

    Raises:
        NotImplementedError: `kind` is not `Workload`.
    """
    if kind is not Workload:
        raise NotImplementedError(kind)
    return {"anyOf": [_schema(operation) for operation in OPERATIONS.values()]}


def _schema(operation: Operation) -> dict[str, Any]:
    (schema,) = msgspec.json.schema(operation.workload)["$defs"].values()
    if operation.name == FIRST:
        schema["required"].remove("operation")
    return dict(schema)
