"""The schema revision this version works with. Apart from ``db.schema`` so that the start can read it without SQLAlchemy."""

HEAD = "0010"
