"""The JSON Schemas of the cases and results, as committed under docs/reference/schemas/."""

from __future__ import annotations

import json

from quanheng.calculations.evaluating import calculations


def schema_files() -> dict[str, str]:
    """Return the text of each schema by its file name."""
    return {
        f"{kind.name}.{part}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema"} | model.model_json_schema(),
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
        for kind in calculations().values()
        for part, model in (("case", kind.case), ("result", kind.result))
    }
