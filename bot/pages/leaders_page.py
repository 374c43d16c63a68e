"""Requests of the leaders' page in; a link exchanged for a session of one browser, and read-only pages, out."""

import mimetypes
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any, Final

import structlog
from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.pages.pack_shelf import PackShelf, ShelvedPack
from bot.pages.sight import Sight, sight_of
from bot.pages.views import Views
from handlers import permissions
from handlers.leaders.page_link import PATH, SESSION_LASTS, hashed, new_token
from handlers.wording.speech import counted
from reporting.organisation.part import WHOLE, Part
from reporting.time.calendar import local_day
from storage.database import Conflict, StorageError
from storage.organisation import units
from storage.people import page_links, people, seen
from storage.periods import rounds
from storage.periods.rounds import Round

log = structlog.get_logger()

COOKIE: Final = "giaoban_bang"
_LONGEST_TOKEN: Final = 64
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class _Visit:
    """A request of somebody who is signed in: what may be seen, the periods, and the one that is shown."""

    request: web.Request
    sight: Sight
    rounds: tuple[Round, ...]
    round: Round
    now: datetime


class _Refused(Exception):
    """The page is not shown: the status, and the wording key of why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LeadersPage:
    """Serves the page. now: the clock. shelf: packs to be had here."""

    def __init__(self, views: Views, shelf: PackShelf, now: Callable[[], datetime]) -> None:
        self._views = views
        self._shelf = shelf
        self._db = views.db
        self._now = now
        self._templates = Environment(
            loader=PackageLoader("bot.pages"), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters["dotted"] = counted
        self._style = (resources.files("bot.pages") / "templates" / "page.css").read_bytes()

    def routes(self) -> list[web.RouteDef]:
        """Every address of the page; none names a unit, a cluster or a person but by number."""
        return [
            web.get(f"{PATH}/kieu.css", self._stylesheet),
            web.get(f"{PATH}/vao/{{token}}", self._told(self._door)),
            web.post(f"{PATH}/vao/{{token}}", self._told(self._enter)),
            web.post(f"{PATH}/ra", self._told(self._leave)),
            web.get(PATH, self._told(self._overview)),
            web.get(f"{PATH}/cum/{{id:\\d{{1,18}}}}", self._told(self._cluster)),
            web.get(f"{PATH}/don-vi/{{id:\\d{{1,18}}}}", self._told(self._unit)),
            web.get(f"{PATH}/kien-nghi", self._told(self._petitions)),
            web.get(f"{PATH}/lich", self._told(self._calendar)),
            web.get(f"{PATH}/ket-luan", self._told(self._tasks)),
            web.get(f"{PATH}/tai-lieu", self._told(self._packs)),
            web.post(f"{PATH}/tai-lieu", self._told(self._ask_pack)),
            web.get(f"{PATH}/tai-lieu/{{id:\\d{{1,18}}}}", self._told(self._pack)),
            web.get(f"{PATH}/tai-lieu/{{id:\\d{{1,18}}}}/{{name}}", self._told(self._pack_file)),
        ]

    def _told(self, answer: _Answer) -> _Answer:
        """The answer with the page's headers; a refusal is a page of its own with one line."""

        async def told(request: web.Request) -> web.StreamResponse:
            try:
                response = await answer(request)
            except _Refused as refused:
                response = self._render("refused.html", {"why": self._views.wording.say(refused.key)})
                response.set_status(refused.status)
            except StorageError:
                response = self._render("refused.html", {"why": self._views.wording.say("page.no_database")})
                response.set_status(503)
            response.headers.update(_HEADERS)
            return response

        return told

    def _render(self, template: str, shown: Mapping[str, Any]) -> web.Response:
        text = self._templates.get_template(template).render(root=PATH, **shown)
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    async def _stylesheet(self, _: web.Request) -> web.Response:
        headers = {"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers=headers)

    # --- the door ---------------------------------------------------------------------------------------------

    async def _door(self, request: web.Request) -> web.StreamResponse:
        """A button: what only looks at the link, as a preview does, does not use it up."""
        token = request.match_info["token"][:_LONGEST_TOKEN]
        if not await page_links.is_good(self._db, hashed(token), self._now()):
            raise _Refused(410, "page.link_over")
        return self._render("door.html", {"token": token})

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        now, session = self._now(), new_token()
        link = hashed(request.match_info["token"][:_LONGEST_TOKEN])
        try:
            await self._db.write([page_links.use(link, hashed(session), now, now + SESSION_LASTS)])
        except Conflict:
            raise _Refused(410, "page.link_over") from None
        response = _go(PATH)
        response.set_cookie(
            COOKIE,
            session,
            max_age=int(SESSION_LASTS.total_seconds()),
            path=PATH,
            httponly=True,
            secure=_is_secure(request),
            samesite="Strict",
        )
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        await self._db.write([page_links.end(hashed(request.cookies.get(COOKIE, "")), self._now())])
        response = self._render("refused.html", {"why": self._views.wording.say("page.left")})
        response.del_cookie(COOKIE, path=PATH)
        return response

    async def _visit(self, request: web.Request) -> _Visit:
        """Who asks, looked up anew each time: a session ends with the role."""
        now = self._now()
        today = local_day(now)
        person_id = await page_links.person_in(self._db, hashed(request.cookies.get(COOKIE, "")), now)
        if person_id is None:
            raise _Refused(403, "page.session_over")
        roles = await people.roles_of(self._db, person_id, today)
        sight = sight_of(roles, await units.all_clusters(self._db, today))
        if sight is None:
            raise _Refused(403, "page.no_role")
        every = tuple(await rounds.in_state(self._db, "open", "locked", "closed"))
        if not every:
            raise _Refused(404, "period.none_open")
        asked = request.query.get("ky", "")
        shown = next((one for one in every if one.code == asked), None)
        shown = shown or next((one for one in every if one.state == "open"), every[0])
        await self._db.write(seen.seen(seen.PAGE, sight.roles, today))
        return _Visit(request, sight, every, shown, now)

    # --- the pages --------------------------------------------------------------------------------------------

    def _page(self, visit: _Visit, template: str, title: str, shown: Mapping[str, Any]) -> web.Response:
        about = {
            "title": title,
            "period": visit.round,
            "periods": visit.rounds,
            "as_of": self._views.as_of(visit.now),
            "path": visit.request.path,
            "estimated": visit.round.terms.estimated,
            "gets_packs": bool(self._shelf.areas(visit.sight.roles, visit.sight.clusters)),
            "gets_tasks": permissions.may("tasks", visit.sight.roles),
        }
        return self._render(template, {**about, **shown})

    async def _overview(self, request: web.Request) -> web.StreamResponse:
        """The province; who sees one cluster or one commune only begins there."""
        visit = await self._visit(request)
        sight, query = visit.sight, f"?ky={visit.round.code}"
        if not sight.clusters and len(sight.communes) == 1:
            return _go(f"{PATH}/don-vi/{next(iter(sight.communes))}{query}")
        if not sight.province and len(sight.clusters) == 1 and not sight.communes:
            return _go(f"{PATH}/cum/{sight.clusters[0].id}{query}")
        clusters = await self._views.clusters(visit.round, sight, visit.now)
        own = [unit for one in sorted(sight.communes) if (unit := await self._views.unit(visit.round, one, visit.now))]
        shown = {
            "pack": await self._latest_pack(visit, "province") if sight.province else None,
            "clusters": clusters,
            "own": own,
            "filed": sum(one.filed for one in clusters),
            "owing": sum(one.owing for one in clusters),
            "back": sum(one.returned for one in clusters),
            "totals": await self._views.totals(visit.round, WHOLE, sight, visit.now) if sight.province else [],
        }
        return self._page(visit, "overview.html", "Toàn tỉnh" if sight.province else "Phạm vi của đồng chí", shown)

    async def _cluster(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        cluster = visit.sight.cluster(int(request.match_info["id"]))
        if cluster is None:
            raise _Refused(404, "page.not_yours")
        communes = await self._views.communes(visit.round, cluster.id, visit.now)
        shown = {
            "pack": await self._latest_pack(visit, f"cluster:{cluster.code}"),
            "communes": communes,
            "filed": sum(one.filed for one in communes),
            "owing": sum(one.owing for one in communes),
            "back": sum(one.returned for one in communes),
            "totals": await self._views.totals(visit.round, Part(cluster_id=cluster.id), visit.sight, visit.now),
            "whole": visit.sight.province or len(visit.sight.clusters) > 1,
        }
        return self._page(visit, "cluster.html", cluster.name, shown)

    async def _unit(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        unit = await self._views.unit(visit.round, int(request.match_info["id"]), visit.now)
        if unit is None or not visit.sight.sees_unit(unit.id, unit.parent_id, unit.cluster_id):
            raise _Refused(404, "page.not_yours")
        above = None
        if unit.level == "chi_doan" and unit.parent_id is not None:
            above = (f"{PATH}/don-vi/{unit.parent_id}", unit.parent)
        elif unit.cluster_id is not None and (cluster := visit.sight.cluster(unit.cluster_id)):
            above = (f"{PATH}/cum/{cluster.id}", cluster.name)
        branches = await self._views.branches(visit.round, unit, visit.now)
        shown = {
            "unit": unit,
            "state": self._views.state(unit),
            "sections": await self._views.unit_figures(visit.round, unit, visit.sight),
            "branches": branches,
            "totals": await self._views.totals(visit.round, Part(unit_id=unit.id), visit.sight, visit.now)
            if branches
            else [],
            "above": above,
        }
        return self._page(visit, "unit.html", unit.known_as, shown)

    async def _petitions(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        found = await self._views.petitions(visit.round, visit.sight, visit.now)
        return self._page(visit, "petitions.html", "Kiến nghị", {"petitions": found})

    async def _calendar(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        running = await rounds.in_state(self._db, "planned", "open", "locked")
        found = await self._views.meetings(running, visit.sight, visit.now)
        return self._page(visit, "calendar.html", "Lịch giao ban", {"calendar": found})

    async def _tasks(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        if not permissions.may("tasks", visit.sight.roles):
            raise _Refused(404, "page.not_yours")
        found = await self._views.tasks(visit.sight, visit.now)
        return self._page(visit, "tasks.html", "Kết luận giao ban", {"tasks": found})

    async def _latest_pack(self, visit: _Visit, area: str) -> ShelvedPack | None:
        """The pack of that area that was made last, for who may have it: what its version was made of is shown here."""
        areas = self._shelf.areas(visit.sight.roles, visit.sight.clusters)
        found = await self._shelf.latest(visit.round, {area: areas[area]}) if area in areas else []
        return found[0] if found else None

    # --- packs ------------------------------------------------------------------------------------------------

    def _areas(self, visit: _Visit) -> dict[str, str]:
        areas = self._shelf.areas(visit.sight.roles, visit.sight.clusters)
        if not areas:
            raise _Refused(404, "page.not_yours")
        return areas

    async def _packs(self, request: web.Request) -> web.StreamResponse:
        """What is there to be had, and a button to have it made anew."""
        visit = await self._visit(request)
        areas = self._areas(visit)
        found = await self._shelf.latest(visit.round, areas)
        return self._page(visit, "packs.html", "Tài liệu giao ban", {"areas": areas, "packs": found})

    async def _ask_pack(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        form = await request.post()
        area, asked = str(form.get("noi", "")), str(form.get("ky", ""))
        if area not in self._areas(visit):
            raise _Refused(404, "page.not_yours")
        round_ = next((one for one in visit.rounds if one.code == asked), visit.round)
        pack_id = await self._shelf.ask(round_, area, visit.now)
        return _go(f"{PATH}/tai-lieu/{pack_id}?ky={round_.code}")

    async def _pack(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        try:
            found = await self._shelf.have(int(request.match_info["id"]), self._areas(visit))
        except Exception as error:  # what went wrong stands in the log; the page stays one line
            log.exception("a pack cannot be made", error=type(error).__name__)
            raise _Refused(500, "page.pack_failed") from error
        if found is None:
            raise _Refused(404, "page.not_yours")
        if found.files:
            await self._db.write(seen.seen(seen.PACK, visit.sight.roles, local_day(visit.now)))
        return self._page(visit, "pack.html", "Tài liệu giao ban", {"pack": found})

    async def _pack_file(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        name = request.match_info["name"]
        found = await self._shelf.file(int(request.match_info["id"]), name, self._areas(visit))
        if found is None:
            raise _Refused(404, "page.not_yours")
        sent_as, content = found
        await self._db.write(seen.seen(seen.PACK, visit.sight.roles, local_day(visit.now)))
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        how = "inline" if kind.startswith("image/") else "attachment"
        headers = {"Content-Disposition": f'{how}; filename="{sent_as}"'}
        return web.Response(body=content, content_type=kind, headers=headers)


def _go(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _is_secure(request: web.Request) -> bool:
    """Whether the browser speaks https, also where a proxy in front ends it."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "") == "https"
