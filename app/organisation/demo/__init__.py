"""A synthetic district of the shape the founding document describes, made by code from one seed.

Nothing in it is a real place or person. `cases.demo` loads it; `demo_accounts` names the people
whom the sign-in page lists.
"""

from app.organisation.demo.accounts import DEMO_PASSWORD, DemoAccount, demo_accounts
from app.organisation.demo.people import PersonPlan, planned_people
from app.organisation.demo.units import UnitPlan, planned_units

__all__ = [
    "DEMO_PASSWORD",
    "DemoAccount",
    "PersonPlan",
    "UnitPlan",
    "demo_accounts",
    "planned_people",
    "planned_units",
]
