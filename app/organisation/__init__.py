"""The district as it is staffed: units, roles, people in positions, who may do what, and when."""
