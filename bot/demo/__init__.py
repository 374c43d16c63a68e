"""The demo province: its people and figures, and its movable clock."""
