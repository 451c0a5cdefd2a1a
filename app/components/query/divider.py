"""The divider between the editor and its result, which together fill the window.

It is a component of the browser: dragging it, or the arrow keys on it, sets the editor's height as a variable of the
style sheet, kept in the browser. When that is done it reports the room that is left below, also in a cookie, so that a
table has the right height at once when the page is opened again.

It is a fragment, and redraws the page itself: when a component reports to a page, Streamlit stops what the page is
doing, and with it forgets a click that waits. A report that leaves the page as it was, since it or the redraw was lost
on a busy machine, is repeated.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

ROOM_COOKIE = "dw_simulator_room"
USUAL_ROOM = 392
MIN_ROOM, MAX_ROOM = 220, 2_400
_ROOM = "_result_room"
_DRAWN = "_result_room_drawn"
_HTML = (
    '<div class="divider" role="separator" tabindex="0" aria-orientation="horizontal"'
    ' aria-label="Height of the editor"></div>'
)
_CSS = """
.divider { position: relative; height: 10px; cursor: row-resize; touch-action: none; }
.divider::after {
  position: absolute; top: 4px; left: 0; width: 100%; height: 2px; border-radius: 1px;
  background: var(--st-border-color); content: "";
}
.divider:hover::after, .divider:focus-visible::after { background: var(--st-primary-color); }
.divider:focus { outline: none; }
@media (max-width: 640px) { .divider { display: none; } }
"""
_SCRIPT = """
const STORAGE = "dw-simulator:editor-height"
const [MIN, USUAL, STEP, BELOW] = [96, 200, 24, 56]
const root = document.documentElement
const view = { divider: null, pause: 0, lost: 0, watched: null, sizes: null, room: 0, drawn: 0, report: () => {} }
const max = () => Math.max(MIN, Math.round(window.innerHeight * 0.7))
const clamp = height => Math.min(Math.max(Math.round(height), MIN), max())

function stored() {
  try {
    return Number(localStorage.getItem(STORAGE)) || USUAL
  } catch {
    return USUAL
  }
}

function setHeight(height, isKept) {
  const chosen = clamp(height)
  root.style.setProperty("--dw-editor-height", `${chosen}px`)
  for (const [name, value] of [["valuenow", chosen], ["valuemin", MIN], ["valuemax", max()]]) {
    view.divider.setAttribute(`aria-${name}`, String(value))
  }
  if (isKept) {
    try {
      localStorage.setItem(STORAGE, String(chosen))
    } catch {
      // A browser that keeps nothing starts with the usual height.
    }
  }
  fit(6)
}

// The room below, reported in a pause: a drag moves it with every pixel. A line that comes and goes above the result,
// as while a query runs, is not worth a redraw of the page.
function fit(least, tries = 10) {
  clearTimeout(view.pause)
  view.pause = setTimeout(() => {
    const result = document.querySelector(".st-key-result_body")
    if (window.innerWidth <= 640 || !view.divider.isConnected) return
    if (!result) {
      if (tries) fit(least, tries - 1) // it may be drawn anew at this moment
      return
    }
    const scroller = result.closest('[data-testid="stMain"]')
    const top = result.getBoundingClientRect().top + (scroller?.scrollTop ?? 0)
    const [fewest, most] = view.bounds
    const room = Math.min(Math.max(fewest, Math.floor(window.innerHeight - top - BELOW)), most)
    if (Math.abs(room - view.room) < least) return
    view.room = room
    document.cookie = `dw_simulator_room=${room}; Path=/; Max-Age=34560000; SameSite=Strict`
    report(room)
  }, 200)
}

function report(room, tries = 3) {
  clearTimeout(view.lost)
  view.report(room)
  const repeat = () => {
    const isHere = view.divider.isConnected // a page that was left must ask for nothing
    if (isHere && view.drawn !== room && view.room === room) report(room, tries - 1)
  }
  if (tries) view.lost = setTimeout(repeat, 2000)
}

function current() {
  return Number(view.divider.getAttribute("aria-valuenow"))
}

function onKey(event) {
  const heights = {
    ArrowUp: current() - STEP, PageUp: current() - 4 * STEP, Home: MIN,
    ArrowDown: current() + STEP, PageDown: current() + 4 * STEP, End: max(),
    Enter: USUAL,
  }
  if (!(event.key in heights)) return
  event.preventDefault()
  setHeight(heights[event.key], true)
}

function onDown(event) {
  event.preventDefault()
  const [start, height, divider] = [event.clientY, current(), view.divider]
  divider.setPointerCapture(event.pointerId)
  const move = moved => setHeight(height + moved.clientY - start, false)
  const end = () => {
    divider.removeEventListener("pointermove", move)
    setHeight(current(), true)
  }
  divider.addEventListener("pointermove", move)
  divider.addEventListener("lostpointercapture", end, { once: true })
}

export default function ({ parentElement, data, setStateValue }) {
  view.report = room => setStateValue("room", room)
  view.room = view.drawn = data.room
  view.bounds = data.bounds
  const divider = parentElement.querySelector(".divider")
  if (divider !== view.divider) {
    view.divider = divider
    divider.addEventListener("keydown", onKey)
    divider.addEventListener("pointerdown", onDown)
    divider.addEventListener("dblclick", () => setHeight(USUAL, true))
  }
  setHeight(stored(), false)
  const work = document.querySelector(".st-key-query_work")
  view.sizes ??= new ResizeObserver(() => fit(64))
  if (work && work !== view.watched) {
    view.sizes.disconnect()
    view.sizes.observe(work)
    view.watched = work
  }
  if (!view.isListening) window.addEventListener("resize", () => setHeight(stored(), false))
  view.isListening = true
}
"""


def pane_divider() -> None:
    """Draw the divider below the editor and its tools; redraw the page when the room below has changed."""
    st.session_state[_DRAWN] = result_room()
    _divider()


@st.fragment
def _divider() -> None:
    drawn = st.session_state[_DRAWN]
    _component()(
        key="pane_divider",
        data={"room": drawn, "bounds": [MIN_ROOM, MAX_ROOM]},
        height=10,
        on_room_change=lambda: _take_room("pane_divider"),
    )
    if result_room() != drawn:
        st.rerun()


def result_room() -> int:
    """Return the pixels between the top of a result and the lower edge of the window."""
    reported = st.session_state.get(_ROOM) or st.context.cookies.get(ROOM_COOKIE, "")
    return min(max(int(reported), MIN_ROOM), MAX_ROOM) if str(reported).isdecimal() else USUAL_ROOM


def _take_room(key: str) -> None:
    reported = st.session_state.get(key, {}).get("room")
    if isinstance(reported, int | float):
        st.session_state[_ROOM] = int(reported)


@cache
def _component() -> Any:
    return st.components.v2.component("pane_divider", html=_HTML, css=_CSS, js=_SCRIPT)
