"""Decision tables to be read: the list, one table, its history, trying it out, its workbook."""

from urllib.parse import quote

from flask import Blueprint, Response, request
from flask_babel import lazy_gettext as _l

from app.cases import table_files, table_history, table_trial, tables
from app.organisation.permissions import Action
from app.web import navigation
from app.web.access import actor, needs
from app.web.admin import table_words, trial_words
from app.web.admin.filled import plain
from app.web.languages import language
from app.web.navigation import Entry
from app.web.numbers import whole
from app.web.pages import show as show_page

blueprint = Blueprint("tables", __name__, url_prefix="/tables")
table_words.init(blueprint)
navigation.add(
    Entry("tables.show", _l("Tables"), Action.VIEW_DESIGNS, order=90, rooms=("table_changes",))
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COUNTS = (100, 500, 2_000)


@blueprint.get("")
@needs(Action.VIEW_DESIGNS)
def show() -> str:
    """Show every table."""
    return show_page("admin/tables.html", tables.list_tables(actor(), language=language()))


@blueprint.get("/<name>")
@needs(Action.VIEW_DESIGNS)
def one(name: str) -> str:
    """Show a table with the reader's draft, or as a version of it was."""
    version = whole(request.args.get("version")) or None
    page = tables.read_table(actor(), name, language=language(), version=version)
    search = plain(request.args.get("q", ""))[:100]
    shows = request.args.get("show", "")
    rows = table_words.fitting(page, search, shows)
    return show_page(
        "admin/table.html", page, rows=rows, search=search, shows=shows, is_old=version is not None
    )


@blueprint.get("/<name>/history")
@needs(Action.VIEW_DESIGNS)
def history(name: str) -> str:
    """Show who put which version into effect, and what it changed."""
    found = table_history.read_history(actor(), name, language=language())
    return show_page("admin/table_history.html", found)


@blueprint.get("/<name>/try")
@needs(Action.VIEW_DESIGNS)
def try_out(name: str) -> str:
    """Ask which unit, which limit, and why, of the draft and of what is in force."""
    given = {key: plain(value)[:100] for key, value in request.args.items()}
    found = table_trial.try_out(actor(), name, given or None, language=language())
    return show_page(
        "admin/table_try.html",
        found,
        counts=COUNTS,
        fields=trial_words.fields(found.asked),
        more=trial_words.fields(found.more),
    )


@blueprint.get("/<name>/cases")
@needs(Action.DEPLOY)
def cases(name: str) -> str:
    """Say how many of the last cases the draft would treat otherwise."""
    count = whole(request.args.get("count"), default=COUNTS[0])
    found = table_trial.recount(actor(), name, count, language=language())
    page = tables.read_table(actor(), name, language=language())
    return show_page("admin/table_cases.html", page, found=found, counts=COUNTS, count=count)


@blueprint.get("/<name>/table.xlsx")
@needs(Action.VIEW_DESIGNS)
def export(name: str) -> Response:
    """Send a version as a workbook."""
    version = whole(request.args.get("version")) or None
    made = table_files.export_table(actor(), name, language=language(), version=version)
    answer = Response(made.content, mimetype=XLSX)
    # An id may be in any script; a header may not.
    disposition = f"attachment; filename=\"table.xlsx\"; filename*=UTF-8''{quote(made.name)}"
    answer.headers["Content-Disposition"] = disposition
    return answer


@blueprint.get("/<name>/import")
@needs(Action.DEPLOY)
def ask_import(name: str) -> str:
    """Ask for a workbook."""
    page = tables.read_table(actor(), name, language=language())
    return show_page("admin/table_import.html", page, sentence="", errors=())
