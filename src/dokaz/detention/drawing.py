"""Draws a floor plan: its outline or its picture, the rooms, and what was found in them where it lay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dokaz.detention.acts.places import size_of
from dokaz.detention.models import Exhibit, FloorPlan, PlaceRoom, Trace
from dokaz.detention.plans import Dot, dots
from dokaz.pages.pictures.svg import element, link, path, picture, text
from dokaz.pages.ways import address_of

WIDTH, MARGIN, HIGHEST = 660.0, 12.0, 800.0
_MARK = 6.0


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """How points of a plan become places on the page: north is up where it was measured; a picture has its top above."""

    left: float
    top: float
    scale: float
    is_measured: bool
    height: float

    def at(self, point: Dot) -> Dot:
        """Where a point of the plan is drawn."""
        x, y = point
        down = self.top - y if self.is_measured else y - self.top
        return MARGIN + (x - self.left) * self.scale, MARGIN + down * self.scale


def frame_of(plan: FloorPlan) -> PlanFrame | None:
    """The frame round an outline with its rooms, or round a picture; None where all of it was erased."""
    if plan.picture is not None:
        across, down = size_of(plan.picture) or (1, 1)
        scale = min((WIDTH - 2 * MARGIN) / across, HIGHEST / down)
        return PlanFrame(0.0, 0.0, scale, False, down * scale + 2 * MARGIN)
    corners = [*dots(plan.outline), *(dot for room in plan.rooms.all() for dot in dots(room.corners))]
    if not corners:
        return None
    xs, ys = [x for x, _y in corners], [y for _x, y in corners]
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((WIDTH - 2 * MARGIN) / wide, HIGHEST / high)
    return PlanFrame(min(xs), max(ys), scale, True, high * scale + 2 * MARGIN)


def floor_plan(plan: FloorPlan, *, here: str = "", key: str = "plan", has_links: bool = True) -> str:
    """A floor as SVG; nothing where neither outline nor rooms are left to draw.

    Args:
        here: The number of the room, the exhibit or the trace on whose page the plan stands.
        has_links: Whether rooms and finds lead to their pages; not where corners are pointed at.
    """
    frame = frame_of(plan)
    if frame is None:
        return ""
    rooms = list(plan.rooms.order_by("number"))
    finds: list[Exhibit | Trace] = []
    for kind in (Exhibit, Trace):
        found = kind.objects.filter(searched_room__room__plan=plan).exclude(position=[])
        finds += found.select_related("searched_room").order_by("number")
    parts = [_ground(plan, frame), *(_room(room, frame, here, has_links) for room in rooms if room.corners)]
    parts += [_find(one, frame, here, has_links) for one in finds]
    drawn = picture(
        key,
        WIDTH,
        frame.height,
        _("Plan of %(floor)s, %(place)s") % {"floor": plan.name, "place": plan.place.name},
        _described(rooms, len(finds)),
        parts,
        kind="grave-plan floor-plan",
        has_links=has_links,
    )
    if has_links:
        return drawn
    told = {
        "left": frame.left,
        "top": frame.top,
        "scale": frame.scale,
        "down": -1 if frame.is_measured else 1,
        "margin": MARGIN,
    }
    data = " ".join(f'data-{name}="{value:g}"' for name, value in told.items())
    return drawn.replace("<svg ", f"<svg data-plan {data} ", 1)


def _ground(plan: FloorPlan, frame: PlanFrame) -> str:
    if plan.picture is None:
        return path([frame.at(dot) for dot in dots(plan.outline)], closed=True, stroke_width=2.4, class_="outline")
    href = reverse("attachment_picture", args=[plan.picture.number])
    return element("image", href=href, x=MARGIN, y=MARGIN, width=WIDTH - 2 * MARGIN, height=frame.height - 2 * MARGIN,
                   preserveAspectRatio="xMinYMin meet")  # fmt: skip


def _room(room: PlaceRoom, frame: PlanFrame, here: str, has_links: bool) -> str:
    corners = [frame.at(dot) for dot in dots(room.corners)]
    left, top = min(corners, key=lambda corner: corner[0] + corner[1])
    code = room.number.partition("-")[2]
    parts = [
        path(corners, closed=True, stroke_width=2.4 if room.number == here else 1.4, fill="transparent", class_="room"),
        text(left + 6, top + 15, code, font_size=12, class_="figure"),
    ]
    spoken = f"{code}, {room.get_used_as_display()}" + (f", {room.area_m2} m²" if room.area_m2 else "")
    url = address_of(room) if has_links else ""
    return link(url, spoken, *parts, data_room=room.number, class_="unit here" if room.number == here else "unit")


def _find(find: Exhibit | Trace, frame: PlanFrame, here: str, has_links: bool) -> str:
    ((x, y),) = [frame.at(dot) for dot in dots([find.position])]
    is_here = find.number == here
    ring = (
        [element("circle", cx=x, cy=y, r=_MARK + 6, fill="none", stroke="currentColor", stroke_width=2.2)]
        if is_here
        else []
    )
    ink: dict[str, str | float] = {"stroke": "currentColor", "stroke_width": 1.6, "class_": "mark"}
    if isinstance(find, Exhibit):
        size = 2 * _MARK - 2
        mark = element("rect", x=x - size / 2, y=y - size / 2, width=size, height=size, fill="currentColor", **ink)
        what = find.get_look_display()
    else:
        mark = path(
            [(x - _MARK, y + _MARK), (x, y - _MARK), (x + _MARK, y + _MARK)], closed=True, **{**ink, "fill": "none"}
        )
        what = find.get_sort_display()
    target = element("circle", cx=x, cy=y, r=13, fill="transparent", stroke="none")
    url = address_of(find) if has_links else ""
    return link(
        url,
        f"{find.number}, {what}",
        target,
        *ring,
        mark,
        data_find=find.number,
        class_="unit here" if is_here else "unit",
    )


def _described(rooms: Sequence[PlaceRoom], finds: int) -> str:
    drawn = ", ".join(room.number for room in rooms if room.corners)
    return _("Rooms: %(rooms)s. Squares are exhibits, triangles are traces: %(finds)s.") % {
        "rooms": drawn or "–",
        "finds": finds,
    }
