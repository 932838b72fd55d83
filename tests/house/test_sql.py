"""SQL stands where one looks for it: in models, queries and migrations, and in the few places named here."""

from tests.house.floors import HOUSE, imports, sources

VERBS = {"select", "insert", "update", "delete", "text", "exists", "union", "union_all"}
HOMES = ("models", "queries")
ROOMS_OF_THEIR_OWN = ("core",)
EXCEPTIONS = {
    "measure/check.py": "holds counts against facts: one statement over both",
    "measure/links.py": "writes many rows in one statement",
    "measure/logs.py": "finds, locks and moves on many logs in one statement each",
    "measure/names.py": "the one place that reads and writes remembered names",
    "measure/retention.py": "deletes by the thousand",
    "measure/scans.py": "judges a flood over all its scans at once",
    "measure/uniques.py": "merges the registers of distinct visitors in the statements that read them",
    "reports/evidence.py": "streams a proof pack, row by row, out of the statements",
    "people/actions/audit.py": "takes PostgreSQL's lock at the end of the chain",
    "people/actions/links.py": "ends all sessions of an account in one statement",
    "people/actions/signin.py": "ends all sessions of an account in one statement",
    "people/jobs.py": "deletes what has lapsed",
    "playlists/library.py": "the one place that reads media's creatives",
    "server/schema.py": "takes the advisory lock before the migrations",
    "signage/actions/enrol.py": "deletes what has lapsed",
    "signage/actions/keys.py": "ends what was printed before in one statement",
    "signage/actions/report.py": "writes the status of many screens in one statement",
    "signage/actions/screens.py": "ends all keys of a screen in one statement",
}


def test_sql_is_in_its_place() -> None:
    strays = {
        str(found.file.relative_to(HOUSE))
        for file in sources()
        if file.relative_to(HOUSE).parts[0] not in ROOMS_OF_THEIR_OWN and not at_home(file)
        for found in imports(file)
        if found.top == "sqlalchemy" and found.target.rpartition(".")[2] in VERBS
    }
    assert strays <= set(EXCEPTIONS), "SQL belongs into queries; an exception needs its reason here"


def at_home(file) -> bool:
    parts = file.relative_to(HOUSE).with_suffix("").parts
    return any(part.startswith(HOMES) or part.endswith(HOMES) for part in parts[1:])
