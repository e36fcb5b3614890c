"""The pages of administrators: people, the positions they hold, units, the calendar, tables."""

from app.web.admin.calendar import blueprint as calendar
from app.web.admin.incidents import blueprint as incidents
from app.web.admin.people import blueprint as people
from app.web.admin.positions import blueprint as positions
from app.web.admin.standard_replies import blueprint as standard_replies
from app.web.admin.table_changes import blueprint as table_changes
from app.web.admin.tables import blueprint as tables
from app.web.admin.unit_changes import blueprint as unit_changes
from app.web.admin.units import blueprint as units

BLUEPRINTS = (
    calendar,
    incidents,
    people,
    positions,
    tables,
    table_changes,
    units,
    standard_replies,
    unit_changes,
)
