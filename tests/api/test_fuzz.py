"""Whatever the OpenAPI document allows may be sent: each answer is one that it promises, and none is a 500."""

from collections import Counter

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.kit import PREFIX
from tests.api.conftest import Script

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")  # tus 1.0
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
OK = {200, 201, 204}
KNOWN = ["93", "93-31333", "33", "ga-vi-thanh", "cho-pho-hien"]


# The transport leaves answers, and with them the files of a form, to the garbage collector; a server does not.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("examples", [5, pytest.param(200, marks=[pytest.mark.full, pytest.mark.timeout(3000)])])
def test_it_keeps_to_its_document(app: Flask, admin: Script, examples: int) -> None:
    seen: Counter[int] = Counter()
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)

    @schema.hook
    def map_path_parameters(_context: object, parameters: dict | None) -> dict | None:
        """Every other reference is one that exists: behind a 404 nothing is tried."""
        if not parameters:
            return parameters
        return {k: KNOWN[len(v) % len(KNOWN)] if len(v) % 2 else v for k, v in parameters.items()}

    for found in schema.get_all_operations():

        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=found.ok().as_strategy())
        def ask(case: Case) -> None:
            response = case.call(headers={"Authorization": f"Bearer {admin.key}"})
            seen[response.status_code] += 1
            case.validate_response(response, checks=CHECKS)

        ask()
    assert len(OK & seen.keys()) > 1, seen
