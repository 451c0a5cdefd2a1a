// The chip of the running jobs, in the bar at the top of every page.
//
// It lives outside of the page's own elements, so that nothing moves or redraws when a run starts, advances or ends. It
// asks the REST API, slowly while nothing runs; the Streamlit page is not rerun for it.
import { Chip } from "./view.js"
import { Ended } from "./ended.js"
import { announce, canAsk } from "./notification.js"
import { tick } from "./times.js"
import { showTitle } from "./title.js"

const BUSY_MILLISECONDS = 1000
const IDLE_MILLISECONDS = 4000
const state = { chip: null, open: () => {}, timer: null, runs: [], ended: new Ended() }

export default function (component) {
  state.open = run => component.setTriggerValue("open", { experiment: run.experiment, run: run.id, status: run.status })
  if (!state.chip) {
    state.chip = new Chip({ open: openRun, cancel: cancelRun, dismiss: dismissRun, draw })
    addEventListener("storage", () => draw())
    setInterval(tick, 1000)
    document.addEventListener("visibilitychange", () => document.hidden || poll())
  }
  tick()
  state.chip.useTheme(component.parentElement)
  poll()
}

async function poll() {
  clearTimeout(state.timer)
  try {
    const since = state.ended.since()
    const answer = await fetch(`/api/runs${since ? `?ended_after=${encodeURIComponent(since)}` : ""}`)
    if (answer.ok) {
      const { runs } = await answer.json()
      state.runs = runs.filter(run => run.status === "RUNNING")
      const news = state.ended.update(runs)
      news.forEach(run => announce(run, () => openRun(run)))
      draw()
    }
  } catch {
    // The server is away: the next poll tries again.
  }
  clearTimeout(state.timer)
  state.timer = setTimeout(poll, state.runs.length ? BUSY_MILLISECONDS : IDLE_MILLISECONDS)
}

function draw() {
  const ended = state.ended.shown()
  state.chip.draw(state.runs, ended, canAsk())
  showTitle(state.runs, ended)
}

function openRun(run) {
  state.ended.dismiss(run)
  draw()
  state.open(run)
}

function dismissRun(run) {
  state.ended.dismiss(run)
  draw()
}

async function cancelRun(run) {
  await fetch(`/api/experiments/${encodeURIComponent(run.experiment)}/runs/${run.id}/cancel`, { method: "POST" })
  poll()
}
