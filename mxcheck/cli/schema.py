"""The JSON Schemas of what goes in and comes out: config file, JSON report, saved evidence."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from mxcheck.config.flags import FLAGS, Section
from mxcheck.config.model import FileTables
from mxcheck.model.quoting import did_you_mean, quote
from mxcheck.report.json.model import ReportJson
from mxcheck.saved.lines import any_line

Json: TypeAlias = dict[str, Any]

_DRAFT_07 = "http://json-schema.org/draft-07/schema#"
_FLAGS_OF = {
    "PolicyTable": Section.POLICY,
    "DomainTable": Section.POLICY,
    "ProbeTable": Section.PROBE,
}


class UnknownSchemaError(Exception):
    """There is no schema of that name; the message says so, with a suggestion."""


def schema_text(name: str) -> str:
    """Return the JSON Schema of that name, or UnknownSchemaError."""
    if name not in SCHEMAS:
        names = ", ".join(SCHEMAS)
        hint = did_you_mean(name, SCHEMAS)
        raise UnknownSchemaError(f"{quote(name)} is not one of {names}{hint}")
    # The name of the schema, not a place: nothing is ever fetched from it.
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:mxcheck:schema:{name}:1"}
    return json.dumps(head | SCHEMAS[name](), indent=2) + "\n"


class _Untitled(GenerateJsonSchema):
    """Without a title for each key, which would only be the key again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - as pydantic says
        return False


class _ConfigSchema(_Untitled):
    """Schemas for TOML files, which have no null; a default without meaning is left out."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if isinstance(made.get("default"), dict) or not made.get("default"):
            made.pop("default", None)
        return made


class _ReportSchema(_Untitled):
    """What is written: every key is there."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,  # noqa: ARG002
        total: bool,  # noqa: ARG002, FBT001 - as pydantic says
    ) -> bool:
        return True


class _EvidenceSchema(_Untitled):
    """What can be read: keys that have a default may be left out."""

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "contentEncoding": "base64url"}


def _config() -> Json:
    """Return the schema of the config file, in the dialect that editors of TOML know."""
    made = FileTables.model_json_schema(
        schema_generator=_ConfigSchema, ref_template="#/definitions/{model}"
    )
    definitions = made.pop("$defs")
    choices = {name: found for name, found in definitions.items() if "enum" in found}
    tables = {name: found for name, found in definitions.items() if name not in choices}
    own = {"$schema": _DRAFT_07, "title": "mxcheck.toml", "definitions": tables}
    schema: Json = _with_choices(made | own, choices)
    for table, section in _FLAGS_OF.items():
        _describe(schema["definitions"][table]["properties"], section)
    return schema


def _with_choices(node: Any, choices: Mapping[str, Json]) -> Any:  # noqa: ANN401 - JSON
    """Return the same, with each choice where it is made.

    Draft-07 reads nothing beside a `$ref`.
    """
    match node:
        case dict():
            found = choices.get(str(node.get("$ref", "")).rpartition("/")[2])
            rest = {key: _with_choices(value, choices) for key, value in node.items()}
            if found is None:
                return rest
            del rest["$ref"]
            return {
                "type": "string",
                "enum": found["enum"],
                "description": found["description"],
            } | rest
        case list():
            return [_with_choices(item, choices) for item in node]
        case _:
            return node


def _describe(properties: Json, section: Section) -> None:
    """Describe each key that has a flag by the help of that flag."""
    for flag in FLAGS:
        if flag.section is section:
            properties[flag.key]["description"] = flag.help.removesuffix(" Repeatable.")


def _report() -> Json:
    """Return the schema of the JSON report; keys may be added, so it allows unknown ones."""
    return TypeAdapter(ReportJson).json_schema(schema_generator=_ReportSchema, mode="serialization")


def _evidence() -> Json:
    """Return the schema of one line of saved evidence."""
    return any_line().json_schema(schema_generator=_EvidenceSchema)


SCHEMAS: Mapping[str, Callable[[], Json]] = MappingProxyType(
    {"config": _config, "report": _report, "evidence": _evidence}
)
"""Each schema, under the name by which it is asked for."""
