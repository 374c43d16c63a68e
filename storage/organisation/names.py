"""A unit in a query in, the name by which people tell it from others of the same name out."""


def told_apart(unit: str) -> str:
    """An expression: the unit's name, with the unit above it where another branch of today is called the same.

    unit: the name that the table unit has in the query.
    """
    return (
        f"case when {unit}.level = 'chi_doan' and exists (select 1 from unit namesake where namesake.name = {unit}.name"
        f" and namesake.id <> {unit}.id and namesake.valid_to_on is null)"
        f" then {unit}.name || coalesce((select ', ' || above.name from unit above where above.id = {unit}.parent_id), '')"
        f" else {unit}.name end"
    )
