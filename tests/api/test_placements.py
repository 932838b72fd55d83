"""Placements through the API: what an operator's form can say, a script can say as well."""

from typing import Any

import pytest

from tests.api.conftest import Script
from tests.api.test_impossible_plans import Draft, draft

__all__ = ["draft"]


def test_it_works(admin: Script, draft: Draft) -> None:
    body = {"weight": 40, "dayparts": [{"from": "07:00", "to": "09:00", "first_date": "2026-12-01"}]}
    changed = admin.patch(f"/placements/{draft.placement}", body).json
    assert (changed["weight"], changed["dayparts"][0]["first_date"]) == (40, "2026-12-01")


@pytest.mark.parametrize(
    "left_out",
    [
        {"locations": ["cho-pho-hien"]},
        {"areas": ["33"], "tags": ["vip"]},
        {"any": [{"areas": ["33"]}, {"locations": ["cho-pho-hien"]}]},
    ],
)
def test_some_may_be_left_out(admin: Script, draft: Draft, left_out: dict[str, Any]) -> None:
    targets = {"areas": ["93"], "not": left_out}
    changed = admin.patch(f"/placements/{draft.placement}", {"targets": targets})
    assert changed.status_code == 200, changed.json
    assert changed.json["targets"] == targets
    assert admin.patch(f"/placements/{draft.placement}", {"targets": changed.json["targets"]}).status_code == 200


def test_left_out_in_vain_is_refused_by_its_field(admin: Script, draft: Draft) -> None:
    targets = {"areas": ["93"], "not": {"any": [{"planets": ["mars"]}]}}
    answer = admin.patch(f"/placements/{draft.placement}", {"targets": targets})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "targets.not.any[0].planets"
