"""Tables changed: rows filled in, moved, removed; the draft seen, put into effect or dropped."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app.cases import designs, table_drafts, table_effect, table_files, tables
from app.cases.table_drafts import GivenRow, RowRefused, Trouble
from app.engine.lint import Problem, Severity
from app.errors import CaseError
from app.organisation.permissions import Action
from app.web.access import actor, needs
from app.web.admin import table_words
from app.web.languages import language
from app.web.numbers import whole
from app.web.pages import show as show_page
from app.web.problem_words import problem_words, trouble_words
from app.web.said import say
from app.web.sentences import sentence_of

blueprint = Blueprint("table_changes", __name__, url_prefix="/tables")


@blueprint.get("/<name>/row")
@needs(Action.DEPLOY)
def ask_row(name: str) -> str:
    """Ask for a row's cells: of the one named, or of a new one."""
    return _row_page(name, None, {})


@blueprint.post("/<name>/row")
@needs(Action.DEPLOY)
def save_row(name: str) -> ResponseReturnValue:
    """Keep a row in the draft."""
    page = tables.read_table(actor(), name, language=language())
    given = GivenRow(
        cells=table_words.posted_cells(page.columns, request.form),
        note=request.form.get("note", "").strip(),
        words=table_words.posted_words(page.columns, request.form),
        row_id=request.form.get("row", ""),
        after=request.form.get("after", ""),
    )
    try:
        row_id = table_drafts.save_row(actor(), name, given)
    except RowRefused as refused:
        return _row_page(name, given, refused.errors), 422
    except CaseError as error:
        if error.code not in ("invalid_input", "too_many_rows"):
            raise
        return _row_page(name, given, {"note": error}), 422
    say(gettext("The row is in your draft. It takes effect when you put the draft into effect."))
    return redirect(url_for("tables.one", name=name, _anchor=f"row-{row_id}"), 303)


@blueprint.post("/<name>/remove")
@needs(Action.DEPLOY)
def remove_row(name: str) -> ResponseReturnValue:
    """Take a row out of the draft."""
    table_drafts.remove_row(actor(), name, request.form.get("row", ""))
    say(gettext("The row is removed in your draft."))
    return redirect(url_for("table_changes.draft", name=name), 303)


@blueprint.post("/<name>/restore")
@needs(Action.DEPLOY)
def restore_row(name: str) -> ResponseReturnValue:
    """Put a row back as it is in force."""
    table_drafts.restore_row(actor(), name, request.form.get("row", ""))
    say(gettext("The row is as it was."))
    return redirect(url_for("table_changes.draft", name=name), 303)


@blueprint.post("/<name>/move")
@needs(Action.DEPLOY)
def move_row(name: str) -> ResponseReturnValue:
    """Move a row to another place."""
    row_id = request.form.get("row", "")
    now, wanted = whole(request.form.get("now")), whole(request.form.get("place"))
    table_drafts.move_row(actor(), name, row_id, steps=wanted - now if now and wanted else 0)
    say(gettext("The row is moved in your draft."))
    return redirect(url_for("tables.one", name=name, _anchor=f"row-{row_id}"), 303)


@blueprint.get("/<name>/draft")
@needs(Action.DEPLOY)
def draft(name: str) -> str:
    """Show what the draft changes."""
    return _draft_page(name)


@blueprint.post("/<name>/effect")
@needs(Action.DEPLOY)
def put_into_effect(name: str) -> ResponseReturnValue:
    """Put the draft into effect."""
    reason = request.form.get("reason", "")
    restores = whole(request.form.get("restores")) or None
    try:
        table_effect.put_into_effect(actor(), name, reason=reason, restores=restores)
    except designs.DesignRefused as refused:
        errors = [each for each in refused.problems if each.severity is Severity.ERROR]
        return _draft_page(name, refused, problems=errors), 422
    except (table_effect.DraftOvertaken, table_effect.NothingChanged) as error:
        return _draft_page(name, error), 409
    say(
        gettext("The table is in effect for new cases. Running cases keep what they began with."),
        link=url_for("tables.history", name=name),
        words=gettext("History and undo"),
    )
    return redirect(url_for("tables.one", name=name), 303)


@blueprint.post("/<name>/discard")
@needs(Action.DEPLOY)
def discard(name: str) -> ResponseReturnValue:
    """Forget the draft."""
    table_drafts.discard(actor(), name)
    say(gettext("Your draft is dropped; the table is as it is in force."))
    return redirect(url_for("tables.one", name=name), 303)


@blueprint.post("/<name>/carry")
@needs(Action.DEPLOY)
def carry_over(name: str) -> ResponseReturnValue:
    """Lay the draft's changes over the version in force."""
    clashes = table_drafts.carry_over(actor(), name)
    said = gettext("Your changes lie over the version in force now. Look at them again.")
    if clashes:
        said = ngettext(
            "%(num)s row was changed by both of you; yours is in the draft. Look at it again.",
            "%(num)s rows were changed by both of you; yours are in the draft. Look at them again.",
            len(clashes),
        )
    say(said, kind="trouble" if clashes else "done")
    return redirect(url_for("table_changes.draft", name=name), 303)


@blueprint.post("/<name>/put-back")
@needs(Action.DEPLOY)
def put_back(name: str) -> ResponseReturnValue:
    """Make the rows of a former version the draft."""
    number = whole(request.form.get("version"))
    table_drafts.put_back(actor(), name, number)
    say(gettext("Your draft has the rows of version %(number)s. Look at it.", number=number))
    return redirect(url_for("table_changes.draft", name=name, restores=number), 303)


@blueprint.post("/<name>/import")
@needs(Action.DEPLOY)
def take_workbook(name: str) -> ResponseReturnValue:
    """Make the rows of a workbook the draft."""
    file = request.files.get("file")
    errors: tuple[tuple[str, Trouble], ...] = ()
    try:
        table_files.import_table(actor(), name, file.read() if file else b"")
    except table_files.ImportRefused as refused:
        sentence, errors = sentence_of(refused), refused.errors
    except CaseError as error:
        if error.code in ("forbidden", "not_found"):
            raise
        sentence = sentence_of(error)
    else:
        say(gettext("The workbook is your draft now. Nothing has taken effect yet."))
        return redirect(url_for("table_changes.draft", name=name), 303)
    page = tables.read_table(actor(), name, language=language())
    told = [(at, trouble_words(each)) for at, each in errors]
    return show_page("admin/table_import.html", page, sentence=sentence, errors=told), 422


def _row_page(name: str, given: GivenRow | None, errors: Mapping[str, Trouble]) -> str:
    row_id = request.values.get("row", "")
    found = tables.read_row(actor(), name, row_id, language=language())
    as_feel = request.values.get("as") == "feel"
    cells = given.cells if given else found.feel if as_feel else found.given
    words = given.words if given else found.words
    note_error = errors.get(table_words.NOTE)
    return show_page(
        "admin/table_row.html",
        found.table,
        row=next((row for row in found.table.rows if row.id == row_id), None),
        after=request.values.get("after", ""),
        fields=table_words.fields(found.table.columns, cells, words, errors, as_feel=as_feel),
        note=given.note if given else found.note,
        translations=table_words.translations(table_words.NOTE, "", words),
        note_error=trouble_words(note_error) if note_error else "",
        as_feel=as_feel,
    )


def _draft_page(
    name: str,
    error: CaseError | None = None,
    *,
    problems: Sequence[Problem] = (),
) -> str:
    page = tables.read_table(actor(), name, language=language())
    return show_page(
        "admin/table_draft.html",
        page,
        rows=[row for row in page.rows if row.change],
        sentence=sentence_of(error) if error else "",
        problems=[
            (each.file, each.element_name or each.element_id, problem_words(each))
            for each in problems
        ],
        reason=request.form.get("reason", ""),
        restores=request.values.get("restores", ""),
    )
