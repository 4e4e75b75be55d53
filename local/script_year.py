"""The end of the programme: finance asks for the accounts of each year, and fetches them."""

from datetime import UTC, datetime, time
from functools import partial

from kulturkontor.programme import OSLO
from local.run import Run, check
from local.timeline import Step, morning


def plan_year_end(run: Run) -> list[Step]:
    last = run.programme.ends
    at = datetime.combine(last, time(10), OSLO).astimezone(UTC)
    return [morning(last), Step(at, partial(_fetch_years, run))]


def _fetch_years(run: Run) -> None:
    run.finance.at_work()
    programme = run.programme
    for year in range(programme.starts.year, programme.ends.year + 1):
        run.finance.post(f"/api/finance/years/{year}")
    run.settle()
    folder = run.out / "years"
    folder.mkdir()
    for export in run.finance.get("/api/finance/exports").json():
        check(export["is_kept"], f"the accounts of {export['year']} are {export['state']}")
        found = run.finance.download(f"/api/finance/exports/{export['id']}")
        (folder / f"{export['year']}.zip").write_bytes(found.content)
