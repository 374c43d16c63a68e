"""A unit in a query in, the name by which people tell it from others of the same name out."""


def told_apart(unit: str) -> str:
    """An expression: the unit's name, with the unit above it where another branch of today is called the same.

    unit: the name that the table unit has in the query.
    """
    return (
        f"case when {unit}.level = 'chi_doan' and exists (select 1 from unit namesake where namesake.name = {unit}.name"
        f" and namesake.id <> {unit}.id and namesake.valid_to_on is null)"
        f" then {unit}.name || coalesce((select ' (' || above.name || ')' from unit above where above.id = {unit}.parent_id), '')"
        f" else {unit}.name end"
    )


def listed(unit: str) -> str:
    """Columns of a `ListedUnit` but its state: code, name, name told apart, id and name of its commune."""
    branch = f"{unit}.level = 'chi_doan' and {unit}.parent_id is not null"
    above = f"(select above.name from unit above where above.id = {unit}.parent_id)"
    return (
        f"{unit}.code, {unit}.name, {told_apart(unit)}, case when {branch} then {unit}.parent_id else {unit}.id end,"
        f" case when {branch} then {above} else {unit}.name end"
    )
