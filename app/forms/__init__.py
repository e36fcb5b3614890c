"""Forms: form-js files loaded into frozen trees, shown as views, read into answers. Pure.

`schema.load` → `Form`; `render.view` → `FormView` for a template; `read.read` → `Answers` or
`InvalidAnswers`; `posted.draft` keeps what was typed; `labels` puts a form into another language.
"""

from app.forms.components import Form
from app.forms.labels import Labels
from app.forms.messages import Errors, FieldError, sentence
from app.forms.posted import draft, edit_rows
from app.forms.problems import FormProblem, FormRefused, Severity
from app.forms.read import Answers, FileAnswer, InvalidAnswers, read
from app.forms.render import view
from app.forms.schema import check, load
from app.forms.views import FormView

__all__ = [
    "Answers",
    "Errors",
    "FieldError",
    "FileAnswer",
    "Form",
    "FormProblem",
    "FormRefused",
    "FormView",
    "InvalidAnswers",
    "Labels",
    "Severity",
    "check",
    "draft",
    "edit_rows",
    "load",
    "read",
    "sentence",
    "view",
]
