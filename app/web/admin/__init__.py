"""The pages of administrators: people, the positions they hold, units, and the calendar."""

from app.web.admin.calendar import blueprint as calendar
from app.web.admin.people import blueprint as people
from app.web.admin.positions import blueprint as positions
from app.web.admin.unit_changes import blueprint as unit_changes
from app.web.admin.units import blueprint as units

BLUEPRINTS = (calendar, people, positions, units, unit_changes)
