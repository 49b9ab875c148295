"""Categories: a tree, named by its path."""

from __future__ import annotations

from sqlmodel import Session, func, select

from tui_desk.contracts.tickets import AddCategory, CategoryView, ListCategories
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Category
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import found_or_made, known, now, require
from tui_desk.services.events import record

MAX_DEPTH = 6
MAX_NAME = 60


def list_categories(session: Session, actor: Actor, _request: ListCategories) -> tuple[CategoryView, ...]:
    """All categories by path."""
    require(actor, Permission.VIEW)
    rows = session.exec(select(Category.id, Category.path).order_by(func.lower(Category.path)))
    return tuple(CategoryView(known(row_id), safe_line(path)) for row_id, path in rows)


def add(session: Session, actor: Actor, request: AddCategory) -> CategoryView:
    """Make a category and the parents it lacks; one that exists is simply answered."""
    require(actor, Permission.CHANGE_TICKETS)
    category = category_for(session, actor, request.path)
    return CategoryView(known(category.id), safe_line(category.path))


def category_for(session: Session, actor: Actor, path: str) -> Category:
    """The category at ``path``, made where missing. Upper and lower case are the same. Raises UsageError."""
    names = [safe_line(name).strip() for name in path.split("/")]
    if not all(names) or len(names) > MAX_DEPTH or any(len(name) > MAX_NAME for name in names):
        raise UsageError(
            _("“{path}” is not a category.").format(path=safe_line(path, 80)),
            _("Write names joined by slashes, such as Hardware/Printer."),
        )
    parent: Category | None = None
    for name in names:
        parent = _child(session, actor, parent, name)
    assert parent is not None
    return parent


def _child(session: Session, actor: Actor, parent: Category | None, name: str) -> Category:
    path = f"{parent.path}/{name}" if parent else name
    return found_or_made(
        session,
        lambda: session.exec(select(Category).where(same_name(Category.path, path))).first(),
        lambda: _make(
            session, actor, Category(parent_id=parent.id if parent else None, name=name, path=path)
        ),
    )


def _make(session: Session, actor: Actor, category: Category) -> Category:
    session.add(category)
    session.flush()
    stream = f"category:{category.id}"
    record(session, actor, stream, "created", now(session), field="category", after=category.path)
    return category
