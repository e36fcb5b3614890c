"""The pages of the staff: one module for each, one blueprint each."""

from app.web.staff.attachments import blueprint as attachments
from app.web.staff.case_file import blueprint as case_file
from app.web.staff.cases import blueprint as cases
from app.web.staff.correcting import blueprint as correcting
from app.web.staff.handing_on import blueprint as handing_on
from app.web.staff.inbox import blueprint as inbox
from app.web.staff.notices import blueprint as notices
from app.web.staff.overdue import blueprint as overdue
from app.web.staff.own_page import blueprint as own_page
from app.web.staff.rates import blueprint as rates
from app.web.staff.rating_slip import blueprint as rating_slip
from app.web.staff.registering import blueprint as registering
from app.web.staff.saved_filters import blueprint as saved_filters
from app.web.staff.sign_in import blueprint as sign_in
from app.web.staff.tasks import blueprint as tasks
from app.web.staff.whistles import blueprint as whistles

BLUEPRINTS = (
    sign_in,
    inbox,
    tasks,
    handing_on,
    cases,
    registering,
    case_file,
    correcting,
    whistles,
    overdue,
    rates,
    rating_slip,
    notices,
    attachments,
    own_page,
    saved_filters,
)
