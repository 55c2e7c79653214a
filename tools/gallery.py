# SPDX-License-Identifier: Apache-2.0
"""The gallery of the documentation: a simulated city is started, each post signs in, and its pages are pictured on a desk and on a phone.

    python tools/gallery.py [folder]

`folder` is the REXIAN_VAR of a simulated city to picture; without it one is made in a throw-away folder (20,000 orders, seed 1, as at every first
start: the same city, up to the day on which it is made). Writes docs/gallery/*.webp and its README.md. Needs Debian's chromium.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "docs" / "gallery"
DESK, PHONE = (1440, 900), (390, 844)
WIDTHS = {DESK: 960, PHONE: 390}
"""Pixels across of the pictures that are kept."""
QUALITY = 55
PATIENCE = 900.0
"""Seconds until a city is simulated and its server answers, on a busy machine."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
POSTS = {"agent": "话务员", "dispatcher": "派单员", "clerk": "承办人", "head": "承办单位负责人", "supervisor": "督办员"}
POSTS |= {
    "visitor": "回访员",
    "editor": "知识编辑",
    "leader": "领导",
    "administrator": "管理员",
    "steward": "数据管理员",
}
"""Posts by the name that `rexian run` prints with their account."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A page as one post sees it. `click`: what is opened on it first; `looks`: beside the plain one, `dark` and `large`."""

    name: str
    post: str
    path: str
    title: str
    click: str = ""
    looks: tuple[str, ...] = ()


SHOTS = (
    Shot("submit", "", "/", "A citizen submits a request", looks=("dark", "large")),
    Shot("answers", "", "/answers/", "Answers to common questions"),
    Shot("published", "", "/published/", "Published replies"),
    Shot("sign-in", "", "/account/in/", "Staff sign in"),
    Shot("desk", "agent", "/desk/", "Agent: the caller, the order, what helps"),
    Shot("mine", "agent", "/work/mine/", "Agent: the orders taken down"),
    Shot("dispatch", "dispatcher", "/work/dispatch/", "Dispatcher: what waits for dispatch", looks=("dark",)),
    Shot("disputes", "dispatcher", "/work/disputes/", "Dispatcher: returns and extensions to decide"),
    Shot("repeats", "dispatcher", "/work/dispatch/", "Dispatcher: repeats side by side", 'a[href$="/repeats/"]'),
    Shot("inbox", "clerk", "/work/inbox/", "Department: what is to be done"),
    Shot("department-board", "head", "/work/board/", "Head of department: where it sticks"),
    Shot("department-people", "head", "/work/board/people/", "Head of department: who does how much"),
    Shot("board", "supervisor", "/work/board/", "Supervisor: where it sticks", looks=("dark", "large")),
    Shot("near", "supervisor", "/work/board/near/", "Supervisor: near the limit, urged by one click"),
    Shot("chains", "supervisor", "/work/board/chains/", "Supervisor: returns back and forth"),
    Shot("cards", "supervisor", "/work/board/cards/", "Supervisor: cards and what follows from them"),
    Shot("people", "supervisor", "/work/board/people/", "Supervisor: who does how much, by the hour"),
    Shot("late", "supervisor", "/work/late/", "Supervisor: what is late, with its history"),
    Shot("visits", "visitor", "/work/visits/", "Visitor: calls after the reply"),
    Shot("today", "leader", "/today/", "Leader: today against usual", looks=("dark",)),
    Shot("wall", "leader", "/today/wall/", "The wall of the hall"),
    Shot("alarms", "leader", "/today/alarms/", "Early warning"),
    Shot("hot", "supervisor", "/today/hot/", "Supervisor: hot issues, groups of orders on one trouble"),
    Shot("hot-issue", "supervisor", "/today/hot/", "A hot issue: its orders, made one by one click", "main .item"),
    Shot("alarm", "leader", "/today/alarms/", "One warning, with the orders behind it", "main .item"),
    Shot("satisfaction", "leader", "/today/departments/", "Satisfaction by department"),
    Shot("lists", "supervisor", "/lists/", "Every order as a table"),
    Shot("notices", "supervisor", "/notices/", "Notices: what needs me"),
    Shot("accuracy", "steward", "/learning/", "How often the machines' proposals were right"),
    Shot("live", "leader", "/assessment/live/", "The 29 indicators, from the hotline's own tables", looks=("dark",)),
    Shot("indicator", "leader", "/assessment/live/", "One indicator, with the rows behind it", "main tbody a"),
    Shot("surveys", "steward", "/assessment/", "Surveys of many cities"),
    Shot("knowledge", "editor", "/knowledge/", "Knowledge base"),
    Shot("article", "editor", "/knowledge/", "An article", "main .item, main tbody a"),
    Shot("write", "editor", "/knowledge/new/", "Writing an article, with what readers will see", looks=("dark",)),
    Shot("account", "editor", "/account/", "My account: second factor, sign-ins, size of type, language"),
    Shot("admin", "administrator", "/admin/", "Administration"),
    Shot("catalogue", "administrator", "/admin/catalogue/", "The dispatch catalogue"),
    Shot("calendar", "administrator", "/admin/calendar/", "The working calendar"),
    Shot("staff", "administrator", "/admin/staff/", "Staff"),
    Shot("learning", "administrator", "/admin/learning/", "Automatic dispatch, and the versions of the models"),
    Shot("jobs", "administrator", "/operations/jobs/", "Failed jobs"),
    Shot("access", "steward", "/steward/access/", "Who looked at whom"),
    Shot("components", "editor", "/components/", "The components that every page is made of", looks=("dark",)),
)


@contextmanager
def city(folder: Path) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """A running hotline: its address, and by post the account and its password."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "gallery.log"
    environment = os.environ | {"REXIAN_VAR": str(folder), "REXIAN_PORT": str(port)}
    with log.open("w", encoding="utf-8") as out:
        command = [str(Path(sys.executable).with_name("rexian")), "run"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)  # noqa: S603
    try:
        url = f"http://127.0.0.1:{port}"
        wait(f"{url}/readyz", process)
        yield url, accounts(log)
    finally:
        process.terminate()
        process.wait(60)


def wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Until the server answers and is ready; raises RuntimeError when it ended before, TimeoutError when it takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("rexian run ended; see gallery.log in its folder")
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(1)
    raise TimeoutError(url)


def accounts(log: Path) -> dict[str, tuple[str, str]]:
    """By post what `rexian run` printed of its account: name and password. Waits for the last of them."""
    for _ in range(60):
        lines = (line.strip().split("\t") for line in log.read_text(encoding="utf-8").splitlines())
        told = {parts[0]: (parts[1], parts[2]) for parts in lines if len(parts) == 3}
        if set(POSTS.values()) <= set(told):
            return {post: told[label] for post, label in POSTS.items()}
        time.sleep(1)
    raise TimeoutError("no accounts were printed")


def signed_in(browser: Browser, url: str, account: tuple[str, str] | None) -> BrowserContext:
    """A browser's context of its own, signed in once for all pages of a post."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    if account:
        page = context.new_page()
        page.goto(f"{url}/account/in/")
        page.fill("#id_username", account[0])
        page.fill("#id_password", account[1])
        page.press("#id_password", "Enter")
        page.wait_for_selector("nav.rail")
        page.close()
    return context


def picture(page: Page, shot: Shot, url: str, size: tuple[int, int], look: str) -> str:
    """One picture of a page, kept small; returns its name."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    page.goto(url + shot.path)
    if shot.click and page.locator(shot.click).count():
        page.goto(url + str(page.locator(shot.click).first.get_attribute("href")))
    page.wait_for_load_state("networkidle")
    page.evaluate("large => { if (large) document.documentElement.dataset.size = 'large'; }", look == "large")
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        kept = taken.convert("RGB")
    kept.thumbnail((WIDTHS[size], 10_000), Image.Resampling.LANCZOS)
    name = "-".join(filter(None, (shot.name, "phone" if size == PHONE else "", look))) + ".webp"
    kept.save(GALLERY / name, "WEBP", quality=QUALITY, method=6)
    return name


def take(browser: Browser, url: str, known: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    """All pictures; by shot the names of its files. One signing in a post."""
    names: dict[str, list[str]] = {}
    for post in dict.fromkeys(shot.post for shot in SHOTS):
        context = signed_in(browser, url, known.get(post))
        page = context.new_page()
        for shot in (one for one in SHOTS if one.post == post):
            looks = [(DESK, ""), (PHONE, ""), *((DESK, look) for look in shot.looks)]
            names[shot.name] = [picture(page, shot, url, size, look) for size, look in looks]
            print(*names[shot.name], flush=True)
        context.close()
    return names


def index(names: dict[str, list[str]]) -> str:
    """The gallery's page."""
    lines = [
        "# Gallery",
        "",
        "Made by `make gallery` from the simulated city of Yucheng; every person and order in it is invented.",
        "",
    ]
    for shot in SHOTS:
        desk, phone, *looks = names[shot.name]
        lines += [f"## {shot.title}", "", f"`{shot.path}`", ""]
        lines += [
            f'<img src="{desk}" width="640" alt="{shot.title}"> <img src="{phone}" width="180" alt="{shot.title}, on a phone">',
            "",
        ]
        lines += [f'<img src="{one}" width="400" alt="{shot.title}, {one.rsplit("-", 1)[1][:-5]}">' for one in looks]
        lines += [""] if looks else []
    return "\n".join(lines)


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    folder = given or Path(tempfile.mkdtemp(prefix="rexian-gallery-"))
    folder.chmod(0o755)
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir(parents=True)
    try:
        with city(folder) as (url, known), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            names = take(browser, url, known)
            browser.close()
    finally:
        if given is None:
            shutil.rmtree(folder, ignore_errors=True)
    (GALLERY / "README.md").write_text(index(names), encoding="utf-8")
    size = sum(one.stat().st_size for one in GALLERY.iterdir())
    print(f"{len(list(GALLERY.glob('*.webp')))} pictures, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
